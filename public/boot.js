// Starts the program. An external module, so that the content policy needs no exception for inline scripts.
const boot = document.getElementById("boot");
const at = (path) => new URL(path, document.baseURI).href;
try {
  const { default: init } = await import(at(boot.dataset.js));
  await init({ module_or_path: at(boot.dataset.wasm) });
} catch (error) {
  // A panic has said more already.
  const notice = document.getElementById("failed");
  if (notice.hidden) document.getElementById("failed-reason").textContent = String(error);
  notice.hidden = false;
}
