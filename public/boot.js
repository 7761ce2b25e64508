// Starts the program, after a look at what it starts. An external module, so that the content policy needs no exception
// for inline scripts. This file and index.html are trusted: they come from one place and name the rest by its hash.
const boot = document.getElementById("boot");
const at = (path) => new URL(path, document.baseURI).href;

// Leptos puts the fixed parts of its views into <template> as text (tachys 0.2.19, src/renderer/dom.rs) and knows no
// trusted types, so this policy lets through text that starts nothing. The one script with an address is the worker's.
const starts = /<(script|iframe|object|embed|base|meta|link)\b|<[^>]*(\bon\w+\s*=|srcdoc|javascript:)/i;
globalThis.trustedTypes?.createPolicy("default", {
  createHTML: (html) => (starts.test(html) ? null : html),
  createScriptURL: (url) => (at(url) === at(boot.dataset.files) ? url : null),
});

try {
  // The script has its hash on its `modulepreload`. The program's is beside its preload, and it is got from behind a cache
  // if the cache holds another.
  const { href, integrity, dataset } = document.querySelector("link[as=fetch]");
  const get = (cache) => fetch(href, { integrity: dataset.integrity ?? integrity, cache });
  const module_or_path = get("default").catch(() => get("reload"));
  const { default: init } = await import(at(boot.dataset.js));
  await init({ module_or_path });
} catch (error) {
  // A panic has said more already.
  const notice = document.getElementById("failed");
  if (notice.hidden) document.getElementById("failed-reason").textContent = String(error);
  notice.hidden = false;
}
