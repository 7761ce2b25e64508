// From the address of the page to the identity platform: how long it takes until a press on *Sign in* makes the browser ask for the
// authorize address with its challenge, beside a page of React, Fluent and MSAL with the same controls (`peer/`). Both come from one host
// that compresses, cold and turn by turn. `cargo xtask bench loading` starts it; alone it measures the page at `PAGE`.
//
// Both are set up for Microsoft's own authority, as they are where people use them: both know its endpoints by heart and ask the network for
// nothing. MSAL takes no other without https. Nothing reaches Microsoft: its name leads nowhere, and what asks for it is ended. Ours is
// measured with the sample's authority, too, whose document it reads first.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { FLAGS, launch, PAGE, PATIENCE, pause } from "../../pages/helpers.mjs";
import { host } from "./compressed.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 7);
const ASKED = 0.4;
/** What is slowed down: the processor so many times, and the network, or nothing. */
const CONDITIONS = [
  { name: "CPU × 4, 10 Mbit/s, 40 ms", cpu: 4, network: { offline: false, latency: 40, downloadThroughput: 10e6 / 8, uploadThroughput: 10e6 / 8 } },
  { name: "unthrottled", cpu: 1, network: null },
];

const CLIENT_ID = "9e57115f-c070-4050-a000-c0ffee000002";
const MICROSOFT = "login.microsoftonline.com";
const AUTHORITY = `https://${MICROSOFT}/contoso.onmicrosoft.com`;

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
const ms = (number) => `${number.toFixed(0)} ms`;
const at = (path) => new URL(path, PAGE);

/** Our page beside the sample tenant, with everything it is served with. */
async function sample(path) {
  const reply = await fetch(at(path));
  return { status: reply.status, headers: Object.fromEntries(reply.headers), body: Buffer.from(await reply.arrayBuffer()) };
}

/** Our page set up for Microsoft's authority. */
async function ours(path) {
  const file = await sample(path);
  if (path !== "/config.json") return file;
  const config = JSON.parse(file.body);
  return { ...file, body: Buffer.from(JSON.stringify({ ...config, auth: { ...config.auth, authority: AUTHORITY, clientId: CLIENT_ID } })) };
}

/** The peer, in one bundle; with our headers, but that Fluent makes its styles at run time and React writes markup as text. */
async function peer(folder) {
  const source = (name) => fileURLToPath(new URL(`peer/${name}`, import.meta.url));
  await build({
    entryPoints: [source("page.jsx")], outdir: folder, bundle: true, minify: true, format: "esm", jsx: "automatic", legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"', AUTHORITY: JSON.stringify(AUTHORITY), CLIENT_ID: JSON.stringify(CLIENT_ID) },
  });
  const headers = { ...(await sample("/")).headers };
  const policy = headers["content-security-policy"].replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");
  headers["content-security-policy"] = policy.split(";").filter((part) => !part.includes("trusted-types")).join(";");
  const files = {
    "/": ["text/html; charset=utf-8", headers["cache-control"], readFileSync(source("index.html"))],
    "/icon.svg": ["image/svg+xml", headers["cache-control"], (await sample("/icon.svg")).body],
    "/page.js": ["text/javascript", "public, max-age=31536000, immutable", readFileSync(join(folder, "page.js"))],
  };
  return async (path) => {
    const [kind, cache, body] = files[path] ?? ["text/plain", "no-store", Buffer.from("There is nothing here.")];
    return { status: files[path] ? 200 : 404, headers: { ...headers, "content-type": kind, "cache-control": cache }, body };
  };
}

/**
 * Runs in every page before its own scripts. Presses *Sign in* as soon as the frame that shows it has been painted, as a person could,
 * and again and again until the page begins to leave; and writes down when what happened, in milliseconds since the navigation.
 */
function press() {
  const told = (globalThis.told = {});
  const mark = (name) => (told[name] ??= performance.now());
  navigation.addEventListener("navigate", () => mark("leaves"));
  for (const name of ["instantiateStreaming", "instantiate"]) {
    const own = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      mark("compiling");
      const made = await own(...given);
      mark("compiled");
      return made;
    };
  }
  const button = () => [...document.querySelectorAll("button")].find((button) => button.textContent.trim() === "Sign in");
  const canBePressed = (button) => {
    const { x, y, width, height } = button.getBoundingClientRect();
    return !button.disabled && width > 0 && button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  };
  const again = () => {
    if (told.leaves) return;
    mark("pressed");
    button()?.click();
    setTimeout(again, 50);
  };
  const look = () => {
    const found = button();
    if (!found || !canBePressed(found)) return requestAnimationFrame(look);
    mark("there");
    setTimeout(again);
  };
  requestAnimationFrame(look);
}

/** One cold visit: milliseconds until the authorize address is asked for, and what the page tells of the way there. */
async function visit(browser, address, { cpu, network }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  if (network) await session.send("Network.emulateNetworkConditions", network);
  await session.send("Emulation.setCPUThrottlingRate", { rate: cpu });
  // Asked for and not gone to, so that the page stays and can be asked.
  await session.send("Fetch.enable", { patterns: [{ urlPattern: "*/authorize?*" }] });
  session.on("Fetch.requestPaused", ({ requestId }) => session.send("Fetch.failRequest", { requestId, errorReason: "Aborted" }));
  await page.addInitScript(press);
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  const sent = (isIt) => new Promise((resolve) => session.on("Network.requestWillBeSent", ({ request, timestamp }) => isIt(request.url) && resolve(timestamp)));
  const begun = sent((url) => url === address);
  const asked = sent((url) => /\/authorize\?.*\bcode_challenge=/.test(url));
  // Ended before it has loaded, when the page leaves.
  page.goto(address).catch(() => {});
  const reached = await Promise.race([asked, pause(PATIENCE)]);
  if (!reached) throw new Error(`${address} did not lead to the identity platform. ${wrong}`);
  const took = (reached - (await begun)) * 1000;
  const told = await page.evaluate(() => {
    const resources = performance.getEntriesByType("resource").map(({ name, startTime, responseEnd }) => [new URL(name).pathname, { startTime, responseEnd }]);
    const [{ responseEnd }] = performance.getEntriesByType("navigation");
    const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    return { ...globalThis.told, html: responseEnd, painted, resources };
  });
  await context.close();
  // Until the browser has put it away, so that the next one does not pay for it.
  await pause(500);
  return { took, ...told };
}

/** When each step on the way is over, in milliseconds; what a page does not have is not there. */
function steps({ resources, ...told }) {
  const file = (pattern) => resources.find(([path]) => pattern.test(path))?.[1] ?? {};
  return {
    "html there": told.html,
    "scripts asked for": file(/^\/(boot|page)\.js$/).startTime,
    "boot.js there": file(/^\/boot\.js$/).responseEnd,
    "bundle there": file(/^\/page\.js$/).responseEnd,
    "the program's script there": file(/^\/guestlist-\w+\.js$/).responseEnd,
    "program there": file(/_bg\.wasm$/).responseEnd,
    "first paint": told.painted,
    "scripts have run as far as compiling": told.compiling,
    compiled: told.compiled,
    "config.json asked for": file(/config\.json$/).startTime,
    "config.json there": file(/config\.json$/).responseEnd,
    "button there": told.there,
    pressed: told.pressed,
    "press answered": told.leaves,
    "identity platform asked": told.took,
  };
}

/** The median of each step. */
function way(visits) {
  const all = visits.map(steps);
  const met = Object.keys(all[0]).map((step) => [step, all.map((one) => one[step]).filter((when) => when !== undefined)]);
  return met.filter(([, times]) => times.length).map(([step, times]) => `${step} ${ms(median(times))}`).join(", ");
}

function tell(condition, visits) {
  const [mine, theirs, discovered] = [visits.ours, visits.peer, visits.sample].map((all) => median(all.map(({ took }) => took)));
  const [best, theirBest] = [visits.ours, visits.peer].map((all) => Math.min(...all.map(({ took }) => took)));
  const ratio = mine / theirs;
  console.log(`${ratio <= ASKED ? "met  " : "SHORT"}  load: from the address to the identity platform by a press on Sign in, ${condition}, beside React, Fluent 9 and MSAL: ${ratio.toFixed(2)} (${ms(mine)} to ${ms(theirs)}; the quickest of each ${ms(best)} to ${ms(theirBest)}) (asked: at most ${ASKED.toFixed(2)})`);
  console.log(`       load: the same where the authority is read first, which the peer does not: ${(discovered / theirs).toFixed(2)} (${ms(discovered)})`);
  console.log(`       load: where it goes, ours: ${way(visits.ours)}`);
  console.log(`       load: where it goes, the peer: ${way(visits.peer)}`);
}

const folder = mkdtempSync(join(tmpdir(), "guestlist-"));
const hosts = {};
const browser = await launch({ args: [...FLAGS, `--host-resolver-rules=MAP ${MICROSOFT} ~NOTFOUND`] });
try {
  for (const [name, read] of Object.entries({ ours, peer: await peer(folder), sample })) {
    const { address, ready } = (hosts[name] = await host(read));
    // Once over the whole of it, so that all is compressed.
    const page = await browser.newPage();
    await page.goto(address, { waitUntil: "networkidle", timeout: 10 * PATIENCE });
    await ready();
    await page.close();
  }
  for (const condition of CONDITIONS) {
    const visits = { ours: [], peer: [], sample: [] };
    const names = Object.keys(visits);
    for (let turn = 0; turn < ROUNDS * names.length; turn += 1) {
      // Another one begins each round, so that none pays for always coming behind the same.
      const name = names[(turn + Math.floor(turn / names.length)) % names.length];
      visits[name].push(await visit(browser, hosts[name].address, condition));
    }
    tell(condition.name, visits);
  }
} finally {
  await browser.close();
  for (const { end } of Object.values(hosts)) end();
  rmSync(folder, { recursive: true });
}
