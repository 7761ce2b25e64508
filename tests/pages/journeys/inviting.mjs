// The first invitation, from sign-in to the guest who accepts it; and what a reload, a fault or a second tab does to it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { GRAPH, add, beginNow, check, checkWithDirectory, eventually, finished, keeps, launch, look, pause, secondTab, send, signIn, tenant, visit } from "../helpers.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// U 12, 21, 48, 54, 57
test("a first invitation is previewed, sent, read in the mail room and redeemed", () =>
  visit(browser, async (page, context) => {
    await signIn(page);
    await add(page, '"Ada Lovelace" <ada@fabrikam.example>; bob@fabrikam.example');
    await page.getByRole("textbox", { name: "Message" }).fill("Dear {{displayName|guest}},\n\n<b>welcome</b> to the project.");
    const preview = page.getByRole("region", { name: "Preview" });
    // Microsoft's mail is shown; a letter of one's own beside it, folded.
    await preview.getByText("Dear Ada Lovelace,").first().waitFor();
    for (const part of ["Microsoft Invitations on behalf of contoso.example <invites@contoso.onmicrosoft.com>", "Contoso (contoso.example)", "Privacy statement of Contoso", "Gita Inviter invited you to collaborate with contoso.example", "<b>welcome</b>", "Accept invitation"]) {
      await preview.getByText(part).first().waitFor();
    }
    await page.getByRole("button", { name: "Next guest" }).click();
    await preview.getByText("Dear guest,").first().waitFor();
    await page.waitForURL(/guest=2/);
    const plan = await checkWithDirectory(page);
    assert.match(plan, /2 guests will be invited to Contoso now, by Microsoft’s mail\./);
    await send(page);
    assert.equal(await finished(page), "Finished: 2 invited.");
    await page.getByRole("link", { name: "New guests" }).click();
    await page.waitForURL(/show=invited/);
    await eventually(() => page.getByRole("table", { name: "Outcomes" }).getByRole("rowheader").count(), 2);
    const mails = await tenant.mails();
    assert.deepEqual(mails.map((mail) => mail.to).sort(), ["ada@fabrikam.example", "bob@fabrikam.example"]);
    assert.equal(mails.find((mail) => mail.to.startsWith("ada")).text, "Dear Ada Lovelace,\n\n<b>welcome</b> to the project.");
    const room = await context.newPage();
    await room.goto(`${GRAPH}/mail/${mails.findIndex((mail) => mail.to.startsWith("ada"))}`);
    await room.getByText("<b>welcome</b>").waitFor();
    await room.getByRole("link", { name: "Accept invitation" }).click();
    await room.getByRole("button", { name: "Accept" }).click();
    await room.getByText("Welcome to Contoso").waitFor();
    assert.equal((await tenant.user("ada@fabrikam.example")).externalUserState, "Accepted");
    assert.equal((await tenant.user("bob@fabrikam.example")).externalUserState, "PendingAcceptance");
  }));

test("an address that was typed is added by Enter, a comma, pasting, leaving the box, or checking", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      const box = page.getByRole("textbox", { name: "Add guests" });
      const shows = (words) => page.getByText(words).first().waitFor();
      // Once everything has been read nothing moves while somebody types.
      await page.getByRole("region", { name: "Preview" }).getByText("Accept invitation").waitFor();
      await box.click();
      await page.keyboard.type("Ada Lovelace <ada@fabrikam.example>");
      await page.keyboard.press("Enter");
      await shows("1 guest, all ready.");
      await eventually(() => box.inputValue(), "");
      // A comma within a name adds nobody yet.
      await page.keyboard.type("Hopper, Grete <grete@fabrikam.example>,");
      await shows(/^2 guests/);
      await page.evaluate(() => navigator.clipboard.writeText("bob@fabrikam.example\ncyd@fabrikam.example\n"));
      await page.keyboard.press("Control+V");
      await shows(/^4 guests/);
      await page.keyboard.type("dee@fabrikam.example");
      await page.getByRole("textbox", { name: "Message" }).click();
      await shows(/^5 guests/);
      // Of many the one without an address stays in the box, and the others are guests.
      const many = Array.from({ length: 49 }, (_, number) => `many${number}@fabrikam.example`);
      await box.click();
      await page.evaluate((text) => navigator.clipboard.writeText(text), [...many.slice(0, 20), "Eve Adams", ...many.slice(20)].join("\n"));
      await page.keyboard.press("Control+V");
      await shows(/^54 guests/);
      await eventually(() => box.inputValue(), "Eve Adams");
      await shows("1 entry has no address and stayed here");
      await page.keyboard.type("; fay@fabrikam.example");
      await page.keyboard.press("Enter");
      await shows(/^55 guests/);
      await eventually(() => box.inputValue(), "Eve Adams");
      await box.fill("Eve Adams\ngus@fabrikam.example");
      await page.getByRole("textbox", { name: "Message" }).click();
      await shows(/^56 guests/);
      await box.fill("");
      // What is no address is not taken from whoever types it.
      await box.click();
      await page.keyboard.type("eve at fabrikam");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Backspace");
      await page.getByRole("button", { name: "Check", exact: true }).click();
      await page.getByText("Something in “Add guests” has no address.").waitFor();
      await eventually(() => box.inputValue(), "eve at fabrikam");
      await box.fill("eve@fabrikam.example");
      assert.match(await check(page), /57 guests will be invited/);
      await send(page);
      assert.equal(await finished(page, 60000), "Finished: 57 invited.");
      assert.equal((await tenant.user("grete@fabrikam.example")).displayName, "Hopper, Grete");
    },
    { permissions: ["clipboard-write"] },
  ));

test("an address that is typed when the page is left is on the list, and when it is reloaded in the box", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const box = page.getByRole("textbox", { name: "Add guests" });
    await page.getByRole("region", { name: "Preview" }).getByText("Accept invitation").waitFor();
    await box.fill("bob@fabrikam.example");
    await page.reload();
    await eventually(() => box.inputValue(), "bob@fabrikam.example");
    // From the box to its button is not leaving; from there on it is.
    await box.focus();
    await page.keyboard.press("Tab");
    await pause(500);
    assert.equal(await box.inputValue(), "bob@fabrikam.example");
    await page.keyboard.press("Tab");
    await page.getByText("1 guest, all ready.").waitFor();
    await keeps(page, (draft) => draft.list.rows.length === 1);
    await page.reload();
    await page.getByText("Your draft is still here: 1 guest").waitFor();
    assert.equal(await box.inputValue(), "");
    await box.fill("ada@fabrikam.example");
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    await page.getByRole("heading", { name: "Runs" }).waitFor();
    await page.getByRole("link", { name: "Invite", exact: true }).click();
    await page.getByText("2 guests, all ready.").waitFor();
    await keeps(page, (draft) => draft.list.rows.length === 2);
  }));

test("a check says who is skipped and why, and nothing leaves before it is confirmed", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "new@fabrikam.example\nNEW@fabrikam.example\ngrace@fabrikam.example\nlinus@fabrikam.example\ncasey@tailspin.example\nx@contoso.example\na+b@fabrikam.example\ngone@fabrikam.example");
    const plan = await checkWithDirectory(page);
    assert.match(plan, /2 guests will be invited/);
    for (const why of ["same address stands in row 1", "Already a guest since 2026-02-11", "pending since 2026-05-03", "as a member: Casey Consultant", "domain of your own tenant", "addresses with \\+", "Gwen Gone was deleted"]) {
      assert.match(plan, new RegExp(why));
    }
    const asked = (await tenant.log()).filter((line) => line.method === "POST");
    assert.deepEqual(asked, [], "a check writes nothing");
    // An edit makes the plan stale.
    await add(page, "later@fabrikam.example");
    await page.getByRole("region", { name: "Plan" }).waitFor({ state: "detached" });
  }));

// U 43
test("what is done for a row can be chosen, for one or for all", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "new@fabrikam.example\nquiet@fabrikam.example\nlinus@fabrikam.example\ngrace@fabrikam.example");
    await checkWithDirectory(page);
    const plan = page.getByRole("region", { name: "Plan" });
    await plan.getByRole("combobox", { name: "For all who are invited already" }).selectOption("Resend");
    await plan.getByText("2 guests get a new link; a mail may follow.").waitFor();
    // The focus stays on what was chosen from.
    await page.waitForFunction(() => document.activeElement.id === "for-known");
    await plan.getByRole("combobox", { name: "Step for grace@fabrikam.example" }).selectOption("Skip");
    await plan.getByRole("combobox", { name: "Step for quiet@fabrikam.example" }).selectOption("Only add");
    await plan.getByText("1 guest will be invited to Contoso now, by Microsoft’s mail. 1 guest gets a new link; a mail may follow. 1 guest is added without a mail. 1 row is skipped").waitFor();
    await look(page, "steps");
    await send(page);
    assert.equal(await finished(page), "Finished: 3 invited, 1 skipped.");
    assert.deepEqual((await tenant.mails()).map(({ to }) => to).sort(), ["linus@fabrikam.example", "new@fabrikam.example"]);
    assert.ok(await tenant.user("quiet@fabrikam.example"));
  }));

test("the same list again sends nothing", () =>
  visit(browser, async (page) => {
    await signIn(page);
    for (const expected of [/1 guest will be invited/, /Nobody will be invited to Contoso. 1 row is skipped: 1 is invited already/]) {
      await page.getByRole("link", { name: "Invite", exact: true }).click();
      await add(page, "once@fabrikam.example");
      // Without the permission to read the directory this browser's own journal tells.
      assert.match(await check(page), expected);
      if (await page.getByRole("button", { name: /^Invite \d/ }).count()) {
        await send(page);
        await finished(page);
      }
    }
    assert.equal((await tenant.mails()).length, 1);
  }));

test("each fault address ends with its own name", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, ["first@fabrikam.example", "a@refused.example", "b@slow.example", "c@flaky.example", "d@throttled.example", "e@lost-reply.example", "f@late.example"].join("\n"));
      await checkWithDirectory(page);
      await send(page);
      assert.equal(await finished(page, 240000), "Finished: 6 invited, 1 refused.");
      const table = page.getByRole("table", { name: "Outcomes" });
      const says = (name, words) => eventually(() => table.getByRole("row", { name: new RegExp(name) }).innerText(), words);
      await says("a@refused", /Refused.*does not allow guests from this domain/s);
      await says("e@lost-reply", /Invited/);
      await says("f@late", /Invited/);
      const mails = (await tenant.mails()).map((mail) => mail.to);
      assert.equal(new Set(mails).size, mails.length, "nobody got two mails");
      assert.equal(mails.length, 6);
      // Cause, who can fix it, next step, request id; and the link only on demand.
      await table.getByRole("button", { name: "Details of a@refused.example" }).click();
      const drawer = page.getByRole("complementary", { name: "Details" });
      await drawer.getByText("Who can fix it").waitFor();
      await drawer.getByText("Technical details").click();
      await eventually(() => drawer.innerText(), /request-id/);
      await page.waitForURL(/row=/);
      await page.goBack();
      await drawer.waitFor({ state: "detached" });
      await table.getByRole("button", { name: "Details of first@fabrikam.example" }).click();
      const show = drawer.getByRole("button", { name: "Show redeem link" });
      await show.waitFor();
      assert.doesNotMatch(await drawer.innerText(), /redeem\?rd/);
      await show.click();
      await eventually(() => drawer.innerText(), /redeem\?rd/);
      assert.doesNotMatch(page.url(), /ticket/);
    },
    { allow: ["ERR_INCOMPLETE_CHUNKED_ENCODING"] },
  ));

// U 75: a fourth state, which stops the run and offers no retry of its own.
test("the suspicious-activity block halts everything and offers the text for support", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "x@abuse.example\n" + Array.from({ length: 12 }, (_, number) => `g${number}@fabrikam.example`).join("\n"));
    await check(page);
    await send(page);
    assert.match(await finished(page), /^Stopped\. 0 of 13 invited; 1 refused, 12 not sent/);
    await page.getByRole("alert").filter({ hasText: "Microsoft has blocked invitations for the whole tenant" }).waitFor();
    await page.getByRole("button", { name: "Copy support request" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Try failed again" }).count(), 0, "asking again makes it worse");
    assert.equal((await tenant.log()).filter((line) => line.path === "/invitations").length, 1);
    // Nothing of the list is lost: it can be had back.
    await page.getByRole("button", { name: "Fix 13 rows" }).click();
    await page.getByText(/^13 guests/).first().waitFor();
    assert.equal((await keeps(page, (draft) => draft.list.rows.length === 13)).list.rows.length, 13);
  }));

// Case 26
test("a used-up quota of objects stops the run, asks nobody for consent, and goes on when there is room", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, Array.from({ length: 4 }, (_, number) => `g${number}@fabrikam.example`).join("\n"));
      await check(page);
      await send(page);
      assert.match(await finished(page), /^Stopped\. 2 of 4 invited/);
      await page.getByRole("alert").filter({ hasText: "No more directory objects can be made" }).waitFor();
      assert.equal(await page.getByRole("button", { name: "Copy admin-consent link" }).count(), 0);
      await tenant.knobs({ objectQuota: 0 });
      await page.getByRole("button", { name: "Try failed again" }).click();
      await tenant.hasSent(4);
      await page.getByText("Finished: 4 invited.").first().waitFor();
    },
    { knobs: { objectQuota: 2 } },
  ));

// Case 27
test("an external member who has not accepted is called so and can be invited again", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "mia@woodgrove.example");
    await checkWithDirectory(page);
    const plan = page.getByRole("region", { name: "Plan" });
    await plan.getByText("1 is invited already, as an external member.").waitFor();
    await plan.getByRole("combobox", { name: "Step for mia@woodgrove.example" }).selectOption("Resend");
    await send(page);
    assert.equal(await finished(page), "Finished: 1 invited.");
  }));

// U 50, 75
test("throttling is told and ends by itself", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, Array.from({ length: 12 }, (_, number) => `g${number}@fabrikam.example`).join("\n"));
      await check(page);
      await send(page);
      await page.getByText(/Microsoft asked us to wait \d+ seconds/).waitFor();
      assert.equal(await finished(page), "Finished: 12 invited.");
      assert.equal((await tenant.mails()).length, 12);
    },
    { knobs: { quotaWrites: 6, quotaWindowMs: 4000 } },
  ));

// U 75
test("losing the network in mid-run is told, waits and goes on by itself", () =>
  visit(
    browser,
    async (page, context) => {
      await signIn(page);
      await add(page, Array.from({ length: 25 }, (_, number) => `g${number}@fabrikam.example`).join("\n"));
      // With the directory, so that what was on its way can be looked up.
      await checkWithDirectory(page);
      await send(page);
      // Nothing is on its way: what never arrived would be looked for during two minutes before it is sent again.
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByText("Paused.", { exact: true }).first().waitFor();
      await page.getByRole("table", { name: "Outcomes" }).getByText("Sending", { exact: true }).first().waitFor({ state: "detached" });
      await context.setOffline(true);
      await page.getByRole("button", { name: "Resume" }).click();
      await page.getByText("Waiting for the network. It continues by itself.").waitFor();
      await look(page, "offline");
      const before = (await tenant.mails()).length;
      assert.ok(before < 25, `${before}`);
      await context.setOffline(false);
      assert.equal(await finished(page, 180000), "Finished: 25 invited.");
      const mails = (await tenant.mails()).map((mail) => mail.to);
      assert.equal(new Set(mails).size, mails.length, "nobody got two mails");
      assert.equal(mails.length, 25);
    },
    { knobs: { latencyMs: 300 }, allow: ["ERR_INTERNET_DISCONNECTED"] },
  ));

// U 51, 52, 56
test("a reload in mid-run loses nothing and sends nothing twice", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, Array.from({ length: 10 }, (_, number) => `g${number}@fabrikam.example`).join("\n"));
      await checkWithDirectory(page);
      await send(page);
      await page.getByRole("progressbar", { name: "Invitations" }).waitFor();
      // Everything has arrived, some answers have not: what never left would be looked for during two minutes.
      let asked = 0;
      page.on("dialog", async (dialog) => {
        asked += dialog.type() === "beforeunload" ? 1 : 0;
        await tenant.knobs({ latencyMs: 300 });
        await dialog.accept();
      });
      await tenant.hasSent(10);
      // However long it takes until somebody leaves, the run is not over before.
      await tenant.knobs({ latencyMs: 20_000 });
      await page.reload();
      assert.equal(asked, 1, "leaving in mid-run is asked about");
      await page.getByText("This run was interrupted.").waitFor();
      await page.getByRole("button", { name: "Resume" }).click();
      assert.equal(await finished(page, 60000), "Finished: 10 invited.");
      const mails = (await tenant.mails()).map((mail) => mail.to);
      assert.equal(mails.length, 10);
      assert.equal(new Set(mails).size, 10);
      await page.reload();
      assert.equal(asked, 1, "afterwards it is not");
      await page.getByText("Finished: 10 invited.").first().waitFor();
    },
    { knobs: { latencyMs: 300 } },
  ));

// U 51
test("pause, resume and stop do what they say, and what failed can be tried again", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, Array.from({ length: 30 }, (_, number) => `g${number}@fabrikam.example`).join("\n"));
      await checkWithDirectory(page);
      await send(page);
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByText("Paused.", { exact: true }).first().waitFor();
      await page.getByRole("button", { name: "Resume" }).click();
      await page.getByRole("button", { name: "Stop" }).click();
      assert.match(await finished(page), /^Stopped\. .*not sent/);
      const sent = (await tenant.mails()).length;
      assert.ok(sent < 30, `${sent}`);
      await page.getByRole("button", { name: "Try failed again" }).click();
      await page.getByRole("status").filter({ hasText: "Finished: 30 invited" }).first().waitFor({ timeout: 60000 });
      const mails = (await tenant.mails()).map((mail) => mail.to);
      assert.equal(new Set(mails).size, mails.length);
      assert.equal(mails.length, 30);
    },
    { knobs: { latencyMs: 300 } },
  ));

// U 53
test("of what failed chosen rows are tried again, a report holds what is shown, and who asks is notified", () =>
  visit(browser, async (page, context) => {
    await context.addInitScript(() => {
      globalThis.notified = [];
      globalThis.Notification = class {
        static permission = "granted";
        static requestPermission = async () => "granted";
        constructor(words) {
          globalThis.notified.push(words);
        }
      };
    });
    await signIn(page);
    await add(page, "a@refused.example; b@refused.example; c@slow.example");
    await check(page);
    await send(page);
    await page.getByRole("button", { name: "Notify me at the end" }).click();
    assert.equal(await finished(page), "Finished: 1 invited, 2 refused.");
    await eventually(() => page.evaluate(() => globalThis.notified), ["Finished: 1 invited, 2 refused."]);
    await page.getByRole("button", { name: "Failed rows" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download report of failed rows", exact: true }).click();
    const lines = readFileSync(await (await download).path(), "utf8").trim().split("\r\n");
    assert.deepEqual(lines.slice(1).map((line) => line.split(",")[0]), ['"a@refused.example"', '"b@refused.example"']);
    await page.getByRole("checkbox", { name: "Select b@refused.example" }).check();
    await look(page, "rows-chosen");
    const asked = async () => (await tenant.log()).filter((line) => line.path === "/invitations").length;
    const before = await asked();
    await page.getByRole("button", { name: "Try 1 selected row again" }).click();
    // The sentence stays the same, so the tenant tells that one row was sent.
    await eventually(asked, before + 1);
    assert.equal(await finished(page), "Finished: 1 invited, 2 refused.");
    assert.equal(await asked(), before + 1);
  }));

test("mail contacts are looked for once that is allowed", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "connie@fabrikam.example");
    const blind = await checkWithDirectory(page);
    assert.doesNotMatch(blind, /mail contact,/);
    await page.getByRole("button", { name: "Look for mail contacts, too" }).click();
    await page.getByRole("button", { name: "Accept" }).click();
    await page.getByRole("button", { name: "Account" }).waitFor();
    await page.getByRole("region", { name: "Preview" }).waitFor();
    assert.match(await check(page), /A mail contact, .+, has this address already/);
    await page.getByRole("region", { name: "Plan" }).getByText(/1 guest will be invited/).waitFor();
  }));

test("a second tab says that sending runs in another", () =>
  visit(
    browser,
    async (page, context) => {
      await signIn(page);
      await add(page, Array.from({ length: 25 }, (_, number) => `g${number}@fabrikam.example`).join("\n"));
      await check(page);
      // Signed in before, so that the run is not over by then.
      const second = await secondTab(context);
      await send(page);
      await page.getByRole("progressbar", { name: "Invitations" }).waitFor();
      await page.waitForURL(/#\/runs\//);
      // So that it is not over, however slow this machine is.
      await page.getByRole("button", { name: "Pause" }).click();
      await second.goto(page.url());
      // It is not called interrupted, and nobody is asked to resume it.
      await second.getByText("Another tab is at work with this run.").waitFor();
      assert.equal(await second.getByRole("button", { name: "Resume" }).count(), 0);
      await look(second, "other-tab");
      await second.getByRole("link", { name: "Runs", exact: true }).click();
      await second.getByRole("cell", { name: "Sending in another tab" }).waitFor();
      await page.getByRole("button", { name: "Resume" }).click();
      await finished(page, 60000);
      // Once the other one is done this tab shows how it ended.
      await second.getByRole("cell", { name: "25 invited" }).waitFor();
      const mails = (await tenant.mails()).map((mail) => mail.to);
      assert.equal(new Set(mails).size, mails.length);
      assert.equal(mails.length, 25);
    },
    { knobs: { latencyMs: 600 } },
  ));

test("a double click invites once", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "ada@fabrikam.example");
    await check(page);
    await page.getByRole("button", { name: /^Invite \d/ }).dblclick();
    await beginNow(page);
    await finished(page);
    assert.equal((await tenant.mails()).length, 1);
  }));

test("a report keeps the list's columns and defuses formulas", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "E-Mail\tName\tBadge\nada@fabrikam.example\t=HYPERLINK(1)\t007");
    await check(page);
    await send(page);
    await finished(page);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download report", exact: true }).click()]);
    const text = await (await file.createReadStream()).toArray().then((parts) => Buffer.concat(parts).toString("utf8"));
    const [head, line] = text.split("\r\n");
    assert.match(head, /"Email","Name","First name","Company","Badge","Outcome","Reason","GuestId","RequestId","At"$/);
    assert.match(line, /^"ada@fabrikam\.example","'=HYPERLINK\(1\)","","","007","Invited/);
    assert.doesNotMatch(text, /redeem/);
    // For Excel, with the same cells: this page reads it back.
    const [book] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download report for Excel" }).click()]);
    const bytes = await (await book.createReadStream()).toArray().then((parts) => Buffer.concat(parts));
    assert.match(book.suggestedFilename(), /\.xlsx$/);
    await page.getByRole("link", { name: "Invite", exact: true }).click();
    await page.locator("#file").setInputFiles({ name: "report.xlsx", mimeType: "application/octet-stream", buffer: bytes });
    await page.getByText("1 guest added. 10 columns. 6 further columns, usable in the message: Badge, Outcome, Reason, GuestId, RequestId, At.").waitFor();
    const { list } = await keeps(page, ({ list }) => list.rows.length === 1);
    const says = Object.fromEntries(list.columns.map(({ name }, at) => [name, list.rows[0].cells[at]]));
    assert.deepEqual([says.displayName, says.badge, says.outcome.slice(0, 7)], ["=HYPERLINK(1)", "007", "Invited"]);
  }));

// U 6
test("a draft survives a reload, and can be continued or discarded", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "ada@fabrikam.example\nbob@fabrikam.example");
    await page.getByRole("textbox", { name: "Message" }).fill("Hello");
    // Kept a moment after the last edit: the message stands in the database before the reload.
    await keeps(page, (draft) => draft.letter.message === "Hello");
    await page.reload();
    await page.getByText("Your draft is still here: 2 guests").waitFor();
    await look(page, "waiting-draft");
    await eventually(() => page.getByRole("textbox", { name: "Message" }).inputValue(), "Hello");
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByText("Nobody yet. Add the first guest above.").waitFor();
  }));

test("leaving Invite while a check, a letter’s file or a cell is awaited stops nothing", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, "ada@fabrikam.example");
      const invite = async () => {
        await page.getByRole("link", { name: "Invite", exact: true }).click();
        await page.getByRole("button", { name: "Check", exact: true }).waitFor();
      };
      const runs = page.getByRole("heading", { name: "Runs", exact: true });
      const goesOn = async () => {
        await runs.waitFor();
        await pause(500);
        assert.ok(!(await page.getByText("Guestlist has stopped.").isVisible()));
      };
      await page.getByRole("link", { name: "Runs", exact: true }).click();
      await goesOn();
      await invite();
      await page.getByRole("button", { name: "Check", exact: true }).click();
      await page.getByText("Looking at your tenant").waitFor();
      const answered = page.waitForEvent("requestfinished", (request) => request.url().startsWith(GRAPH));
      await page.goBack();
      await runs.waitFor();
      await answered;
      await goesOn();
      // A letter that comes slowly from its disk.
      await page.evaluate(() => (File.prototype.text = () => new Promise((resolve) => (globalThis.come = resolve))));
      await invite();
      const texts = { subject: "Welcome", message: "Hi", language: "en", variants: [] };
      const letter = JSON.stringify({ guestlist: "letter", version: 1, letter: { name: "Partners", texts } });
      await page.locator("#letter-file").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from(letter) });
      await page.waitForFunction(() => globalThis.come);
      await page.goBack();
      await runs.waitFor();
      await page.evaluate((letter) => globalThis.come(letter), letter);
      await goesOn();
      // A cell in which somebody types has the focus when it goes.
      await invite();
      await page.getByRole("grid").getByText("ada@fabrikam.example").dblclick();
      await page.locator("#grid-input").fill("bob@fabrikam.example");
      await page.goBack();
      await goesOn();
      await invite();
      await tenant.knobs({ latencyMs: 0 });
      await check(page);
    },
    { knobs: { latencyMs: 1500 } },
  ));
