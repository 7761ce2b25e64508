// Starts the program. An external module, so that the content policy needs no exception for inline scripts.
const boot = document.getElementById("boot");
const at = (path) => new URL(path, document.baseURI).href;
try {
  const { default: init } = await import(at(boot.dataset.js));
  await init({ module_or_path: at(boot.dataset.wasm) });
} catch (error) {
  document.getElementById("failed-reason").textContent = String(error);
  document.getElementById("failed").hidden = false;
}
