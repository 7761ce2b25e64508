// Starts the program. An external module, so that the content policy needs no exception for inline scripts.
const boot = document.getElementById("boot");
const at = (path) => new URL(path, document.baseURI).href;

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

try {
  const { default: init } = await import(at(boot.dataset.js));
  await init({ module_or_path: at(boot.dataset.wasm) });
} catch (error) {
  stop(error);
}
