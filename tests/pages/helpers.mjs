// What every journey needs: a browser, a page that fails on any console error or policy violation, the sample tenant's
// JSON, and signing in by real redirects.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const PAGE = process.env.PAGE ?? "http://localhost:8080/";
const port = Number(new URL(PAGE).port);
export const IDENTITY = `http://localhost:${port + 1}`;
export const GRAPH = `http://localhost:${port + 2}`;
export const INTRANET = `http://127.0.0.1:${port + 3}/`;
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What every browser is started with. */
export const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" ");

/** A file of `tests/cases`. */
export const caseFile = (path) => readFileSync(new URL(`../cases/${path}`, import.meta.url), "utf8");

/** Starts a browser; what needs windows or settings starts the one that `CHROMIUM` names. */
export async function launch(options = {}) {
  return chromium.launch({ executablePath: process.env.CHROMIUM_SHELL || process.env.CHROMIUM || undefined, headless: true, args: FLAGS, ...options });
}

/** How long a page is waited for, in milliseconds: far more than it takes, for machines that do much else. */
export const PATIENCE = 30_000;

/** Everything the tenant knows, by the names of its JSON pages. */
export const tenant = {
  reset: () => post("/_tenant/reset"),
  knobs: (change) => post("/_tenant/knobs", change),
  users: async () => (await json("/_tenant/directory.json")).users,
  mails: async () => (await json("/_tenant/outbox.json")).mails,
  hasSent: (count) => eventually(async () => (await tenant.mails()).length, (sent) => assert.ok(sent >= count, `${sent} of ${count} mails`), 60_000),
  log: async () => (await json("/_tenant/log.json")).requests,
  user: async (mail) => (await tenant.users()).find((user) => user.mail === mail),
};

async function post(path, body) {
  const reply = await fetch(GRAPH + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) });
  assert.equal(reply.status, 200, await reply.text());
}
async function json(path) {
  return (await fetch(GRAPH + path)).json();
}

/** Makes the processor of every page so many times slower, to find what does not wait for its effect: `SLOW=4 node --test …`. */
const slower = Number(process.env.SLOW ?? 1);
async function slowDown(page) {
  if (slower > 1) await (await page.context().newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slower });
}

/**
 * Runs `journey` on a fresh page over a fresh tenant. Fails on console errors and policy violations; `allow` names
 * fragments of messages that a journey provokes on purpose (Chromium reports every cut connection).
 */
export async function visit(browser, journey, { allow = [], knobs, ...options } = {}) {
  await tenant.reset();
  if (knobs) await tenant.knobs(knobs);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const wrong = [];
  const watch = (page) => {
    page.on("console", (message) => {
      const text = `${message.text()} ${message.location().url}`;
      if (message.type() === "error" && !allow.some((part) => text.includes(part))) wrong.push(text);
    });
    page.on("pageerror", (error) => allow.some((part) => error.message.includes(part)) || wrong.push(`page error: ${error.message}`));
  };
  context.on("page", watch);
  // A window that is closed at once has nothing to slow down.
  context.on("page", (page) => slowDown(page).catch(() => {}));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  try {
    await journey(page, context);
    assert.deepEqual(wrong, [], "console errors and policy violations");
  } finally {
    await context.close();
  }
}

/** Opens the page and signs in as this person, accepting what the consent page lists. */
export async function signIn(page, name = "guest-inviter@contoso.example") {
  await page.goto(PAGE);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name }).click();
  await page.getByRole("button", { name: "Accept" }).click();
  await page.getByRole("button", { name: "Account" }).waitFor();
}

/** Opens the page in another tab and signs in there: Microsoft knows the browser and asks nothing. */
export async function signInAgain(page) {
  await page.goto(PAGE);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "Account" }).waitFor();
}

/** Another tab of the same browser, signed in as the same person, with the same draft. */
export async function secondTab(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await signInAgain(page);
  return page;
}

/**
 * Leaves for the identity platform by `act`; the request that this was. Resolves once another page is loaded: until then the
 * old one is still there, nothing can be asked of it, and what is pressed in it is lost.
 */
export async function leaveBy(page, act, path = "/authorize?") {
  const leaving = page.waitForRequest((request) => request.url().includes(path));
  await Promise.all([leaving.then(() => page.waitForEvent("load")), act()]);
  return leaving;
}

/** Signs out by `act`; resolves once the page is back from the identity platform. */
export async function signOutBy(page, act) {
  await leaveBy(page, act, "/logout");
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
}

/** So many addresses of one domain. */
export function guests(count) {
  return Array.from({ length: count }, (_, number) => `g${number}@fabrikam.example`);
}

export async function add(page, text) {
  await page.getByRole("textbox", { name: "Add guests" }).fill(text);
  await page.getByRole("button", { name: "Add", exact: true }).click();
}

/** Checks; resolves with the text of the region *Plan*. */
export async function check(page) {
  await page.getByRole("button", { name: "Check", exact: true }).click();
  const plan = page.getByRole("region", { name: "Plan" });
  await plan.waitFor();
  return plan.innerText();
}

/** Checks with the directory: allows reading it if that has not been done. */
export async function checkWithDirectory(page) {
  await check(page);
  const allow = page.getByRole("button", { name: "Allow reading the directory" });
  if (await allow.count()) {
    await allow.click();
    await page.getByRole("button", { name: "Accept" }).click();
    await page.getByRole("button", { name: "Account" }).waitFor();
    await page.getByRole("region", { name: "Preview" }).waitFor();
    return check(page);
  }
  return page.getByRole("region", { name: "Plan" }).innerText();
}

/** Says what Contoso is, where a run is so long that it matters: paid for and old, so that there is no limit of a day. */
export async function sayWhatContosoIs(page) {
  const asked = page.getByRole("combobox", { name: "Your tenant" });
  if (await asked.count()) await asked.selectOption("With a paid subscription, older");
}

export async function send(page) {
  await sayWhatContosoIs(page);
  await page.getByRole("button", { name: /^Invite \d/ }).click();
  await beginNow(page);
}

/** Does not wait for the ten seconds in which a run can be undone. */
export async function beginNow(page) {
  await page.getByRole("button", { name: "Begin now" }).click();
}

/** How the run has ended, once it has, as the page says it. */
export async function finished(page, timeout = 60_000) {
  const status = page.getByRole("status").filter({ hasText: /^(Finished|Stopped)/ }).first();
  await status.waitFor({ timeout });
  // The words come with the last answer. This button comes with the end of the journal, from when on the page may be left.
  await page.getByRole("button", { name: "Remove from this browser", exact: true }).first().waitFor();
  return status.innerText();
}

/**
 * What lies in the clipboard, once it is as `wanted` of `eventually`: it is written a moment after the press. Read by another page,
 * as ours may write alone. The journey allows `clipboard-read`.
 */
export async function clipboard(page, wanted) {
  const other = await page.context().newPage();
  await other.goto(GRAPH);
  const text = await eventually(() => other.evaluate(() => navigator.clipboard.readText()), wanted);
  await other.close();
  await page.bringToFront();
  return text;
}

/** No accessibility violation by axe-core's WCAG 2.2 AA and best-practice rules. */
export async function axe(page, what) {
  await page.evaluate(axeSource);
  const look = async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const result = await globalThis.axe.run(document, { runOnly: tags, preload: false });
    return result.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target.join(" ") + " " + node.any.map((any) => any.message).join("; ")).join(" | ")}`);
  };
  // What is still being drawn is looked at once more.
  await eventually(() => page.evaluate(look), (found) => assert.deepEqual(found, [], what));
}

/** Nothing makes the page scroll sideways, once it has been laid out. */
export async function reflows(page, what) {
  const widths = () => page.evaluate(() => [document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]);
  await eventually(widths, ([wide, view]) => assert.ok(wide <= view, `${what}: ${wide} px in ${view} px`));
}

const modes = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["forced", { forcedColors: "active" }],
];

/** Looks at the present state in every mode at both widths, and leaves a picture of each. */
export async function look(page, what) {
  mkdirSync("shots", { recursive: true });
  for (const [mode, media] of modes) {
    await page.emulateMedia({ colorScheme: "light", forcedColors: "none", ...media });
    for (const [width, height] of [[1280, 800], [320, 640]]) {
      await page.setViewportSize({ width, height });
      await axe(page, `${what}, ${mode}, ${width}`);
      await reflows(page, `${what}, ${mode}, ${width}`);
      await page.screenshot({ path: `shots/${what}-${mode}-${width}.png`, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Everything that a store of this browser's database holds, as [key, text]. */
export function records(page, store) {
  return page.evaluate(
    (store) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open("guestlist");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          if (!opening.result.objectStoreNames.contains(store)) return opening.result.close(), resolve([]);
          const objects = opening.result.transaction(store).objectStore(store);
          const [keys, texts] = [objects.getAllKeys(), objects.getAll()];
          texts.onsuccess = () => {
            opening.result.close();
            resolve(keys.result.map((key, place) => [key, texts.result[place]]));
          };
        };
      }),
    store,
  );
}

/** The draft as this browser keeps it in IndexedDB, with its rows, or null. One person has used it. */
export async function keptDraft(page) {
  const kept = (await records(page, "drafts")).filter(([key]) => key.startsWith("of/"));
  const head = kept.find(([key]) => key.endsWith("/draft"));
  if (!head) return null;
  const draft = JSON.parse(head[1]).body;
  const chunks = kept.filter(([key]) => /\/rows\/\d+$/.test(key));
  draft.list.rows.push(...chunks.flatMap(([, text]) => JSON.parse(text).body));
  return draft;
}

/** Waits until the kept draft is like this: it is written a moment after the last edit. */
export function keeps(page, isSo) {
  return eventually(() => keptDraft(page), (draft) => assert.ok(draft && isSo(draft), "the draft is not kept like this"), 60_000);
}

/**
 * Reads until what is read is as `wanted`: that value, a text that fits that pattern, or what that function finds nothing wrong
 * with. For whatever comes a moment after the action that brings it about. Resolves with what was read; after `timeout`
 * milliseconds what is still wrong is thrown.
 */
export async function eventually(read, wanted, timeout = PATIENCE) {
  for (const end = Date.now() + timeout; ; await pause(20)) {
    try {
      const found = await read();
      if (typeof wanted === "function") wanted(found);
      else if (wanted instanceof RegExp) assert.match(found, wanted);
      else assert.deepEqual(found, wanted);
      return found;
    } catch (wrong) {
      if (Date.now() > end) throw wrong;
    }
  }
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** So many mails have left, each to somebody else, and no more do. */
export async function everybodyOnce(count) {
  await tenant.hasSent(count);
  await pause(1500);
  const mails = (await tenant.mails()).map((mail) => mail.to);
  assert.equal(mails.length, count, `${mails.length} mails for ${new Set(mails).size} guests`);
  assert.equal(new Set(mails).size, count);
}
