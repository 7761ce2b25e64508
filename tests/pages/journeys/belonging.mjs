// A run, a draft and a letter belong to whom they belong: after signing out, in other tabs, to another person of the tenant,
// and when an earlier version left them here.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { GRAPH, PAGE, add, axe, check, eventually, everybodyOnce, finished, guests, keeps, launch, pause, records, secondTab, send, signIn, signOutBy, tenant, visit } from "../helpers.mjs";
import { changeRecords, fixture, restore } from "../stored.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const message = (page) => page.getByRole("textbox", { name: "Message" });
const button = (page, name) => page.getByRole("button", { name, exact: true });

async function menu(page, item) {
  await button(page, "Account").click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

async function switchTo(page, name) {
  await menu(page, "Switch account");
  await page.getByRole("button", { name }).click();
  await button(page, "Accept").click();
  await page.getByRole("banner").getByText(name).waitFor();
}

/** Signed in in two tabs with three guests in the draft; the other tab. */
async function twoTabs(page, context) {
  await signIn(page);
  await add(page, guests(3).join("\n"));
  await page.getByText("3 guests, all ready.").waitFor();
  await keeps(page, (draft) => draft.list.rows.length === 3);
  const other = await secondTab(context);
  await other.getByText(/3 guests/).first().waitFor();
  return other;
}

/** Nothing of the tenant is to be seen: no row, no link, nobody's name. */
async function showsNothing(page) {
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  const shown = await page.locator("body").innerHTML();
  for (const word of ["fabrikam.example", "redeem", "guest-inviter"]) assert.ok(!shown.includes(word), `${word} is still there`);
}

/** Waits until a draft that has an owner holds this text: it is written a moment after the last edit. */
function keepsText(page, text) {
  const owned = async () => (await records(page, "drafts")).filter(([key]) => key.startsWith("of/")).map(([, record]) => record);
  return eventually(owned, (texts) => assert.ok(texts.some((kept) => kept.includes(text)), `${text} is not kept`));
}

test("signing out after a run leaves nothing to be seen by Back", async () => {
  // Playwright switches off the cache from which Back restores a page as it was, and so does no-store; not every host sends that.
  const remembering = await launch({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  try {
    await visit(remembering, async (page) => {
      await page.route("**/*", async (route) => {
        const response = await route.fetch({ maxRedirects: 0 });
        await route.fulfill({ response, headers: { ...response.headers(), "cache-control": "no-cache" } });
      });
      await signIn(page);
      await add(page, guests(3).join("\n"));
      await check(page);
      await send(page);
      await finished(page);
      await signOutBy(page, () => menu(page, "Sign out"));
      await page.evaluate(() => history.back());
      await pause(1500);
      await showsNothing(page);
    });
  } finally {
    await remembering.close();
  }
});

test("signing out during a run: a leave prompt that is dismissed leaves nothing that looks signed in, and nothing more leaves", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, guests(40).join("\n"));
      await check(page);
      await send(page);
      await tenant.hasSent(5);
      page.on("dialog", (dialog) => dialog.dismiss());
      await menu(page, "Sign out");
      // What had left by then comes to its end.
      await pause(3000);
      const before = (await tenant.mails()).length;
      await showsNothing(page);
      await pause(3000);
      assert.equal((await tenant.mails()).length, before, "something left after signing out");
    },
    { knobs: { latencyMs: 800 }, allow: ["ERR_ABORTED", "status of 401"] },
  ));

test("signing out in one tab shows the sign-in page in every other within two seconds", () =>
  visit(browser, async (page, context) => {
    const other = await twoTabs(page, context);
    await menu(page, "Sign out");
    await button(page, "Sign in").waitFor();
    await button(other, "Sign in").waitFor({ timeout: 2000 });
    await showsNothing(other);
  }));

test("a tab that was elsewhere while somebody signed out comes back signed out", () =>
  visit(browser, async (page, context) => {
    const other = await twoTabs(page, context);
    await other.goto(GRAPH);
    await menu(page, "Sign out");
    await button(page, "Sign in").waitFor();
    await other.goBack();
    await showsNothing(other);
    await pause(1000);
    await showsNothing(other);
    // Whoever signs in again stays so.
    await button(page, "Sign in").click();
    const pick = page.getByRole("button", { name: "guest-inviter@contoso.example" });
    await pick.or(button(page, "Account")).first().waitFor();
    if (await pick.count()) await pick.click();
    await page.getByText(/3 guests/).first().waitFor();
    await page.reload();
    await page.getByText(/3 guests/).first().waitFor();
  }));

test("signing out does not wait for a disk that does not answer", () =>
  visit(browser, async (page, context) => {
    const other = await twoTabs(page, context);
    await page.evaluate(() => (IDBFactory.prototype.open = () => new EventTarget()));
    await button(page, "Account").click();
    await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
    const told = Date.now();
    await page.getByText("fabrikam.example").first().waitFor({ state: "detached", timeout: 1500 });
    await button(other, "Sign in").waitFor({ timeout: 1500 });
    assert.ok(Date.now() - told < 2000, `${Date.now() - told} ms`);
    await button(page, "Sign in").waitFor();
  }));

test("what a run holds that cannot be read is handed to nobody else", () =>
  visit(browser, async (page, context) => {
    await signIn(page);
    await add(page, guests(3).join("\n"));
    await check(page);
    await send(page);
    await finished(page);
    assert.equal(await changeRecords(context, "runs", (text) => text.replace('"v":2', '"v":3')), 1);
    await switchTo(page, "user-admin@contoso.example");
    await page.goto(`${PAGE}#/runs`);
    await page.getByText(/It is guest-inviter@contoso.example’s; only they can download or remove it\./).waitFor();
    assert.deepEqual([await button(page, "Download").count(), await button(page, "Remove from this browser").count()], [0, 0]);
    // Its guests count as invited for everybody.
    await page.getByRole("link", { name: "Invite", exact: true }).click();
    await add(page, "g0@fabrikam.example");
    assert.match(await check(page), /Nobody will be invited/);
    await menu(page, "Switch account");
    await page.getByRole("button", { name: "guest-inviter@contoso.example" }).click();
    await page.getByRole("banner").getByText("guest-inviter@contoso.example").waitFor();
    await page.goto(`${PAGE}#/runs`);
    await button(page, "Download").waitFor();
    assert.doesNotMatch(await page.getByRole("main").innerText(), /sent nothing/);
  }));

test("another person does not go on with a run unless they say that they take it over", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, guests(120).join("\n"));
      await check(page);
      await page.getByRole("combobox", { name: "Pace" }).selectOption("At Microsoft’s limit");
      await send(page);
      await tenant.hasSent(55);
      await button(page, "Pause").click();
      await page.getByText("Paused.", { exact: true }).first().waitFor();
      await page.getByRole("table", { name: "Outcomes" }).getByText("Sending", { exact: true }).first().waitFor({ state: "detached" });
      page.on("dialog", (dialog) => dialog.accept());
      await switchTo(page, "user-admin@contoso.example");
      const sent = (await tenant.mails()).length;
      assert.ok(sent >= 55 && sent < 120, `${sent}`);
      await page.goto(`${PAGE}#/runs`);
      const takeOver = page.getByRole("button", { name: /^Take over/ });
      const run = page.getByRole("main").getByRole("link", { name: /20\d\d/ });
      await takeOver.or(run).first().waitFor();
      if ((await takeOver.count()) === 0) await run.first().click();
      await takeOver.or(button(page, "Resume")).first().waitFor();
      assert.equal(await button(page, "Resume").count(), 0, "Resume is offered to somebody else");
      assert.ok((await takeOver.count()) > 0);
      const row = page.getByRole("button", { name: "Details of g0@fabrikam.example" });
      if (await row.count()) {
        await row.click();
        assert.equal(await button(page, "Show redeem link").count(), 0, "somebody else's redeem link is offered");
      }
      await pause(2000);
      assert.equal((await tenant.mails()).length, sent, "nothing leaves before that");
      // Whoever says so carries it on to its end, and each guest hears of it once, from whoever sent it.
      await tenant.knobs({ latencyMs: 0 });
      await takeOver.first().click();
      await button(page, "Take over and resume").click();
      assert.match(await finished(page, 60000), /^Finished: 120 invited/);
      await everybodyOnce(120);
      const byTheSecond = (await tenant.mails()).filter((mail) => mail.inviter === "Uma Admin");
      assert.equal(byTheSecond.length, 120 - sent);
      // It is written down with the run, and whoever began it may read it, too.
      const pieces = (await records(page, "entries")).filter(([key]) => key.includes("/~")).map(([, text]) => JSON.parse(text));
      assert.deepEqual([...new Set(pieces.map((piece) => piece.owner.username))], ["guest-inviter@contoso.example", "user-admin@contoso.example"]);
    },
    { knobs: { latencyMs: 300 } },
  ));

test("a run of another tenant is not shown, and nobody can carry it on", () =>
  visit(browser, async (page, context) => {
    const left = fixture("killed-inviting");
    const tenantId = Object.values(left.database.stores.runs).map((text) => JSON.parse(text).tenant_id)[0];
    assert.ok(tenantId);
    const elsewhere = JSON.parse(JSON.stringify(left).replaceAll(tenantId, "0e1ec7ed-c070-4050-a000-c0ffee000009"));
    await restore(context, elsewhere);
    await signIn(page);
    await page.goto(`${PAGE}#/runs`);
    // Said once everything has been read.
    await page.getByText("You have sent nothing from this browser yet.").waitFor();
    assert.doesNotMatch(await page.locator("body").innerText(), /Interrupted|Take over/);
    const id = Object.keys(left.database.stores.runs)[0];
    await page.goto(`${PAGE}#/runs/${id}`);
    await page.getByText("This browser has no such run.").waitFor();
    assert.equal(await button(page, "Resume").count(), 0);
  }));

test("a draft and kept letters are shown only to whom they belong", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, guests(3).join("\n"));
    await message(page).fill("For partners, {{displayName|guest}}");
    await page.getByRole("textbox", { name: "Name of this letter" }).fill("Partners");
    await button(page, "Keep").click();
    const kept = page.getByRole("combobox", { name: "Take up a letter" }).getByRole("option", { name: "Partners" });
    await kept.waitFor({ state: "attached" });
    await switchTo(page, "user-admin@contoso.example");
    await page.getByRole("combobox", { name: "Take up a letter" }).waitFor();
    await pause(500);
    assert.equal(await kept.count(), 0, "somebody else's letter");
    await eventually(() => message(page).inputValue(), "");
    await page.getByText("Nobody yet. Add the first guest above.").waitFor();
    // It is still there for whom it belongs to.
    await menu(page, "Switch account");
    await page.getByRole("button", { name: "guest-inviter@contoso.example" }).click();
    await page.getByText(/3 guests/).first().waitFor();
    await kept.waitFor({ state: "attached" });
  }));

test("signing out can delete everything that lies here of a person, and nothing of anybody else", () =>
  visit(browser, async (page) => {
    await signIn(page, "user-admin@contoso.example");
    await add(page, "other@fabrikam.example");
    await keeps(page, (draft) => draft.list.rows.length === 1);
    await switchTo(page, "guest-inviter@contoso.example");
    await page.getByText("Nobody yet. Add the first guest above.").waitFor();
    await add(page, guests(3).join("\n"));
    await check(page);
    await send(page);
    await finished(page);
    await page.getByRole("link", { name: "Invite", exact: true }).click();
    await message(page).fill("For partners");
    await page.getByRole("textbox", { name: "Name of this letter" }).fill("Partners");
    await button(page, "Keep").click();
    await page.getByRole("combobox", { name: "Take up a letter" }).getByRole("option", { name: "Partners" }).waitFor({ state: "attached" });
    await add(page, "late@fabrikam.example");
    await keepsText(page, "late@fabrikam.example");
    const own = (await tenant.user("guest-inviter@contoso.example")).id;
    await menu(page, "Sign out and delete what is kept here …");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("What lies here: 1 guest of your draft, 1 run with its redeem links, letters and columns that you chose.").waitFor();
    await axe(page, "deleting");
    await signOutBy(page, () => dialog.getByRole("button", { name: "Delete 1 run and sign out" }).click());
    const left = [];
    for (const store of ["runs", "entries", "drafts"]) left.push(...(await records(page, store)).map(([key, text]) => `${store} ${key} ${text}`));
    assert.ok(!left.some((record) => record.includes(own) || record.includes("fabrikam.example\"") && !record.includes("other@")), left.join("\n"));
    assert.ok(left.some((record) => record.includes("other@fabrikam.example")), "the other person's draft is still there");
  }));

// What an earlier version left here

const earlier = (page) => page.getByText(/earlier version/i).first();

test("a draft of an earlier version is shown once somebody has said that it is theirs", () =>
  visit(browser, async (page, context) => {
    await restore(context, fixture("draft"));
    await signIn(page);
    await earlier(page).waitFor();
    await button(page, "It is not mine").waitFor();
    assert.equal(await page.getByText(/1,200 guests/).count(), 0, "rows of nobody are shown");
    assert.doesNotMatch(await page.getByRole("main").innerText(), /g0@fabrikam|Grüß Gott/);
    // Whoever says that it is not theirs is not asked again, and leaves it for others.
    await button(page, "It is not mine").click();
    await earlier(page).waitFor({ state: "detached" });
    await page.getByText("Nobody yet. Add the first guest above.").waitFor();
    await switchTo(page, "user-admin@contoso.example");
    await button(page, "It is mine").click();
    await page.getByText(/1,200 guests/).first().waitFor();
    await eventually(() => message(page).inputValue(), /^Grüß Gott \{\{displayName\|guest\}\}/);
    await eventually(() => page.getByRole("combobox", { name: "Send by" }).inputValue(), "drafts");
    await keepsText(page, "Grüß Gott");
    await page.reload();
    await page.getByText(/1,200 guests/).first().waitFor();
    assert.equal(await button(page, "It is mine").count(), 0, "it is asked once");
  }));

test("letters of an earlier version are offered once somebody has said that they are theirs", () =>
  visit(browser, async (page, context) => {
    await restore(context, fixture("letters"));
    await signIn(page);
    await earlier(page).waitFor();
    const kept = page.getByRole("option", { name: "Für Partner & Söhne (default)" });
    assert.equal(await kept.count(), 0, "letters of nobody are offered");
    await button(page, "It is mine").click();
    await kept.waitFor({ state: "attached" });
    await page.getByRole("option", { name: "Lieferanten 2026" }).waitFor({ state: "attached" });
  }));

for (const [name, state] of [
  ["finished", /22 invited, 2 refused, 6 skipped/],
  ["killed-inviting", /Interrupted: \d+ open/],
  ["killed-letters", /Interrupted: \d+ open/],
]) {
  test(`a run of an earlier version is listed: ${name}`, () =>
    visit(browser, async (page, context) => {
      await restore(context, fixture(name));
      await signIn(page);
      await page.goto(`${PAGE}#/runs`);
      const runs = page.getByRole("table", { name: "Runs of this browser" });
      await runs.getByText(state).waitFor();
      await runs.getByRole("link").click();
      await button(page, name === "finished" ? "Download report" : "Resume").waitFor();
    }));
}
