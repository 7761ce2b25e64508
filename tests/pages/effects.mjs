// Runs the page that wasm-bindgen's test runner serves, and prints what it says.
import { launch } from "./helpers.mjs";

const address = process.argv[2];
for (let tries = 0; tries < 240; tries += 1) {
  if (await fetch(address).then((reply) => reply.ok, () => false)) break;
  await new Promise((resolve) => setTimeout(resolve, 500));
}
const browser = await launch();
try {
  const page = await browser.newPage();
  await page.goto(address);
  const output = page.locator("#output");
  await output.filter({ hasText: "test result:" }).waitFor({ timeout: 120000 });
  console.log(await output.innerText());
} finally {
  await browser.close();
}
