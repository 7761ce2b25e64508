// The redirect page: takes the answer out of the address, before anything else can see it there, and hands it to the
// app in the same tab. It neither reads nor checks the answer; the app does.
"use strict";
const answer = location.hash.length > 1 ? location.hash : location.search;
history.replaceState(null, "", location.pathname);
try {
  if (answer.length > 1 && answer.length < 20000) sessionStorage.setItem("guestlist.answer", answer);
} catch {
  // Storage is denied; the app will say so when it finds nothing.
}
location.replace("./");
