// The redirect page: takes the answer out of the address, before anything else can see it there, and hands it to the
// app in the same tab. It neither reads nor checks the answer; the app does. In a frame it hands over nothing: a page of the
// same site could leave a false answer there.
"use strict";
const answer = location.hash.length > 1 ? location.hash : location.search;
history.replaceState(null, "", location.pathname);
try {
  if (top === self && answer.length > 1 && answer.length < 20000) sessionStorage.setItem("guestlist.answer@top", answer);
} catch {
  // Storage is denied; the app will say so when it finds nothing.
}
location.replace("./");
