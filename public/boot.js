// Starts the program, after a look at what it starts. An external module, so that the content policy needs no exception
// for inline scripts. This file and index.html are trusted: they come from one place and name the rest by its hash.
const boot = document.getElementById("boot");
const at = (path) => new URL(path, document.baseURI).href;

// Leptos puts the fixed parts of its views into <template> as text (tachys 0.2.19, src/renderer/dom.rs) and knows no
// trusted types, so this policy lets through text that starts nothing: the browser itself reads it first, where nothing can
// start. The one script with an address is the worker's.
const inert = globalThis.trustedTypes?.createPolicy("inert", { createHTML: (html) => html });
const starting = "script,iframe,frame,frameset,object,embed,applet,base,meta,link,template,noscript";
const isFit = ({ name, value }) => !/^on|^srcdoc$/i.test(name) && !/javascript:/i.test(value.replace(/[\0- ]/g, ""));
// Both ways in which browsers read a piece: a template takes a piece of a table for one, everything else does not.
const template = document.createElement("template");
const elsewhere = document.implementation.createHTMLDocument("").body;
function startsNothing(html) {
  template.innerHTML = elsewhere.innerHTML = inert.createHTML(html);
  return [template.content, elsewhere].every((part) => {
    const attributes = [...part.querySelectorAll("*")].flatMap((element) => [...element.attributes]);
    return !part.querySelector(starting) && attributes.every(isFit);
  });
}
globalThis.trustedTypes?.createPolicy("default", {
  createHTML: (html) => (startsNothing(html) ? html : null),
  createScriptURL: (url) => (at(url) === at(boot.dataset.files) ? url : null),
});

// Shows that the program has stopped, and stops what is left of it: nothing can be pressed and nothing is sent any more.
function stop(reason) {
  const notice = document.getElementById("failed");
  // A panic has said more already.
  if (notice.hidden) document.getElementById("failed-reason").textContent = String(reason);
  notice.hidden = false;
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  for (const part of document.body.children) part.inert = part !== notice;
  window.fetch = () => Promise.reject(new TypeError("Guestlist has stopped."));
}

// A trap: WebAssembly stops in the middle of what it did, and its memory may hold half of it. An exhausted stack has a class of
// its own in each browser.
const isTrap = (error) =>
  error instanceof WebAssembly.RuntimeError ||
  ((error instanceof RangeError || error?.name === "InternalError") && /wasm/.test(error.stack ?? ""));
addEventListener("error", (event) => isTrap(event.error) && stop(event.error));
addEventListener("unhandledrejection", (event) => isTrap(event.reason) && stop(event.reason));

// What the program asks for first comes beside it. It takes it from here, and asks again where that came to nothing.
globalThis.configReply = fetch("config.json", { cache: "no-store" }).catch(() => undefined);

try {
  // The script has its hash on its `modulepreload`. The program's is beside its preload, and it is got from behind a cache
  // if the cache holds another.
  const { href, integrity, dataset } = document.querySelector("link[as=fetch]");
  const get = (cache) => fetch(href, { integrity: dataset.integrity ?? integrity, cache });
  const module_or_path = get("default").catch(() => get("reload"));
  const { default: init } = await import(at(boot.dataset.js));
  await init({ module_or_path });
} catch (error) {
  // What is half done is stopped at once. Else words for the usual reasons are got first, so that the page says one thing; they are
  // not waited for where they do not come.
  if (globalThis.WebAssembly && isTrap(error)) stop(error);
  const words = import(at("cannot-start.js")).then(({ tell }) => tell(error));
  await Promise.race([words, new Promise((late) => setTimeout(late, 2000))]).catch(() => {});
  stop(error);
}
