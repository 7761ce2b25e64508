// The page inside other sites, and in windows that they open: who may show it, and that nobody else shows it signed in. All of it from
// a host that sends no headers.
//
// Playwright switches off the partitioning of storage and the blocking of pop-ups, so both are switched on again; and what a browser does
// with the storage of frames depends on a setting, so the frames are looked at under each of the three.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { INTRANET, PAGE, PATIENCE, axe, eventually, reflows, signIn, tenant } from "../helpers.mjs";

const { port, origin: OURS } = new URL(PAGE);
const at = (host) => `http://${host}:${Number(port) + 3}`;
/** Listed in `embed.parents`; not listed and of the same site as ours; not listed and of another site. */
const [LISTED, SAME_SITE, OTHER_SITE] = ["127.0.0.1", "localhost", "[::1]"].map(at);
const OPEN = "Open full window";

const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** A browser with a profile of its own; `preferences` are its settings, which only the whole browser has. */
async function browse(preferences) {
  const profile = mkdtempSync(join(tmpdir(), "guestlist-"));
  mkdirSync(join(profile, "Default"));
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM || undefined,
    headless: true,
    ignoreDefaultArgs: ["--disable-popup-blocking"],
    args: [...args, "--disable-features=HttpsUpgrades,PaintHolding"],
  });
  context.setDefaultTimeout(PATIENCE);
  return { context, profile };
}
async function end({ context, profile }) {
  await context.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
}

let shared;
before(async () => (shared = await browse({})));
after(() => end(shared));

/** Runs a journey in a fresh tab of a browser where nobody is signed in, and closes every tab that came of it. */
async function visit(journey, { context } = shared) {
  await tenant.reset();
  await context.clearCookies();
  const page = await context.newPage();
  try {
    return await journey(page);
  } finally {
    const [first, ...others] = context.pages();
    await Promise.all(others.map((other) => other.close()));
    await first.goto("about:blank");
  }
}

/** The frame with our page, when the page in it has come up. */
async function ours(page) {
  const find = () => page.frames().find((frame) => frame !== page.mainFrame() && frame.url().startsWith(PAGE));
  const frame = await eventually(find, (frame) => assert.ok(frame, "no frame of ours"));
  await frame.locator("#app #view").waitFor();
  return frame;
}

/** Nobody is signed in, nothing is read, and there is one thing to press. */
async function isRefused(page, what) {
  const frame = await ours(page);
  assert.equal(await frame.getByRole("button", { name: "Account" }).count(), 0, `${what}: signed in`);
  await eventually(() => frame.getByRole("heading", { level: 1 }).innerText(), (words) => assert.equal(words, "Not allowed here", what));
  const pressable = frame.locator("a, button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])").filter({ visible: true });
  await eventually(() => pressable.allInnerTexts(), (words) => assert.deepEqual(words, [OPEN], what));
  assert.doesNotMatch(await frame.locator("body").innerText(), /contoso\.example/, what);
  return frame;
}

/** The names of what the frame's storage holds; `denied` where it has none. */
const kept = (frame) =>
  frame.evaluate(async () => {
    try {
      return [Object.keys(sessionStorage).sort(), (await indexedDB.databases()).map(({ name }) => name)];
    } catch {
      return "denied";
    }
  });

const isSignedIn = (page) => page.getByRole("button", { name: "Account" }).waitFor();
const isSignedOut = (page) => page.getByRole("button", { name: "Sign in", exact: true }).waitFor();

/** Back over pages of others to ours. */
async function backToOurs(page) {
  while (!page.url().startsWith(PAGE)) await page.goBack();
}

test("a page of the same site shows it signed out, and what lies in the tab stays unread", () =>
  visit(async (page) => {
    await signIn(page);
    await page.goto(`${SAME_SITE}/no-headers`);
    const frame = await isRefused(page, "same site");
    await frame.getByText(SAME_SITE, { exact: true }).waitFor();
    const [names] = await kept(frame);
    assert.deepEqual(names, ["guestlist.entries@top", "guestlist.session@top"], "it is there, and was left alone");
    // The way out is a window that knows nothing of this tab.
    const [full] = await Promise.all([page.waitForEvent("popup"), frame.getByRole("link", { name: OPEN }).click()]);
    await isSignedOut(full);
    assert.deepEqual(await full.evaluate(() => [Object.keys(sessionStorage), window.opener]), [[], null]);
    // And the tab itself has lost nothing.
    await page.goBack();
    await isSignedIn(page);
  }));

test("every window around it counts", () =>
  visit(async (page) => {
    for (const address of [`${SAME_SITE}/nested`, `${LISTED}/data`]) {
      await page.goto(address);
      await isRefused(page, address);
    }
  }));

test("an allowed page shows the way to a full window instead of a sign-in that cannot work", () =>
  visit(async (page) => {
    for (const address of [INTRANET, `${LISTED}/nested`]) {
      await page.goto(address);
      const frame = await ours(page);
      await frame.getByText("Microsoft does not allow its sign-in page inside another page.").waitFor();
      assert.equal(await frame.getByRole("button", { name: "Sign in" }).count(), 0, address);
      await eventually(() => frame.getByRole("link", { name: OPEN }).count(), (count) => assert.equal(count, 1, address));
    }
  }));

// Case 39
test("an app that opens no windows gets the address to open elsewhere, and the reason", () =>
  visit(async (page) => {
    const { length } = page.context().pages();
    for (const nothing of ["null", "() => null", "() => undefined"]) {
      await page.goto("about:blank");
      await page.addInitScript(`window.open = ${nothing}`);
      await page.goto(INTRANET);
      const frame = await ours(page);
      await frame.getByText("as in the SharePoint app, open this address in a browser").waitFor();
      await frame.getByRole("link", { name: OPEN }).click();
      const dialog = frame.getByRole("dialog", { name: "No window opened" });
      await dialog.getByText(PAGE, { exact: false }).waitFor();
      assert.ok(frame.url().startsWith(PAGE), "the frame itself stays");
      assert.equal(page.context().pages().length, length);
      await dialog.getByRole("button", { name: "Close" }).click();
    }
  }));

test("where the browser lists no origins, the pages around are asked", () =>
  visit(async (page) => {
    // `ancestorOrigins` cannot be deleted, so the look at it is answered as Firefox answers.
    await page.addInitScript(() => {
      const get = Reflect.get;
      Reflect.get = (of, name, ...rest) => (name === "ancestorOrigins" ? undefined : get(of, name, ...rest));
    });
    for (const address of [INTRANET, `${LISTED}/nested`]) {
      await page.goto(address);
      await (await ours(page)).getByText("Microsoft does not allow its sign-in page inside another page.").waitFor();
    }
    for (const address of [`${LISTED}/silent`, `${SAME_SITE}/liar`, `${SAME_SITE}/no-headers`, `${SAME_SITE}/nested`]) {
      await page.goto(address);
      await (await isRefused(page, address)).getByText("it did not answer when it was asked").waitFor();
    }
  }));

test("a window that another site opens begins signed out, however it hides who opened it", () =>
  visit(async (page) => {
    await signIn(page);
    const tab = await page.evaluate(() => sessionStorage.getItem("guestlist.session@top"));
    for (const [host, button] of [[SAME_SITE, "Open"], [OTHER_SITE, "Open"], [OTHER_SITE, "Open and hide the opener"]]) {
      await page.goto(`${host}/opens`);
      const [opened] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: button, exact: true }).click()]);
      await isSignedOut(opened);
      assert.equal(new URL(opened.url()).origin, OURS);
      assert.deepEqual(await opened.evaluate(() => Object.keys(sessionStorage)), [], "the copy is gone");
      await opened.close();
    }
    // Closed before the other has come up: then nobody is left to be the opener.
    await page.goto(`${SAME_SITE}/opens`);
    const [orphan] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Open", exact: true }).click()]);
    await backToOurs(page);
    await isSignedIn(page);
    assert.equal(await page.evaluate(() => sessionStorage.getItem("guestlist.session@top")), tab, "the tab's own is as it was");
    await page.close();
    await orphan.reload();
    await isSignedOut(orphan);
    // Signing in there is that window's own, and a reload keeps it.
    await orphan.getByRole("button", { name: "Sign in", exact: true }).click();
    await isSignedIn(orphan);
    await orphan.reload();
    await isSignedIn(orphan);
  }));

test("a tab keeps its sign-in over reloads, other views and Back, and gives it to no link of another site", () =>
  visit(async (page) => {
    await signIn(page);
    await page.getByRole("link", { name: "Runs" }).click();
    await page.reload();
    await isSignedIn(page);
    await page.goto(`${PAGE}#/invite`);
    await isSignedIn(page);
    // Back over the identity platform, to where *Sign in* was pressed.
    await page.goto(PAGE);
    await isSignedIn(page);
    while (!(await page.evaluate(() => navigation.entries().length === 1 || navigation.currentEntry.index === 0))) await page.goBack();
    await page.goBack();
    await backToOurs(page);
    await page.reload();
    await isSignedIn(page);
    await page.goto(`${OTHER_SITE}/opens`);
    await page.evaluate((address) => location.assign(address), PAGE);
    await isSignedOut(page);
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
  }));

test("a step-up that is refused keeps who is signed in", () =>
  visit(async (page) => {
    await signIn(page);
    await page.getByRole("region", { name: "Preview" }).waitFor();
    await page.getByRole("textbox", { name: "Add guests" }).fill("ada@fabrikam.example");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByRole("button", { name: "Allow reading the directory" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await isSignedIn(page);
    await page.reload();
    await isSignedIn(page);
  }));

test("what an earlier version remembered, and what is planted in a frame, is used by nobody", () =>
  visit(async (page) => {
    await signIn(page);
    await page.evaluate(() => {
      const session = sessionStorage.getItem("guestlist.session@top");
      sessionStorage.clear();
      sessionStorage.setItem("guestlist.session", session);
    });
    await page.reload();
    await isSignedOut(page);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await isSignedIn(page);
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage).sort()), ["guestlist.entries@top", "guestlist.session@top"]);
    // A page of the same site frames the redirect page with an answer of its own.
    await page.goto(`${SAME_SITE}/silent`);
    const handed = page.waitForEvent("framenavigated", (frame) => frame !== page.mainFrame() && !frame.url().includes("auth.html"));
    await page.evaluate((address) => document.querySelector("iframe").contentWindow.location.replace(address), `${PAGE}auth.html?headers=none#code=stolen&state=forged`);
    await handed;
    await backToOurs(page);
    await isSignedIn(page);
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.includes("answer"))), []);
    await page.reload();
    await isSignedIn(page);
    assert.equal(await page.getByText("That sign-in is over").count(), 0);
  }));

for (const [regime, preferences, isDenied] of [
  ["blocked", { profile: { cookie_controls_mode: 1 } }, false],
  ["allowed", { profile: { cookie_controls_mode: 0 } }, false],
  ["denied", { profile: { content_settings: { exceptions: { cookies: { [`${OURS},*`]: { setting: 2 } } } } } }, true],
]) {
  test(`frames stay empty where a browser has third-party storage ${regime}`, async () => {
    const browser = await browse(preferences);
    try {
      await visit(async (page) => {
        await page.goto(`${OTHER_SITE}/no-headers`);
        const frame = await isRefused(page, regime);
        const stored = await kept(frame);
        assert.deepEqual(stored, isDenied ? "denied" : [[], []], "the regime itself, and that nothing was made");
        if (regime === "blocked") {
          await axe(frame, "refused");
          await reflows(frame, "refused");
        }
        await page.goto(`${LISTED}/no-headers`);
        const allowed = await ours(page);
        await allowed.getByText("Microsoft does not allow").waitFor();
        assert.equal(await allowed.getByRole("button", { name: "Sign in" }).count(), 0);
      }, browser);
    } finally {
      await end(browser);
    }
  });
}
