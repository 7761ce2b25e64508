// Guests of a run are taken back and restored; and the ten seconds in which what begins can be undone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PAGE, PATIENCE, add, beginNow, check, checkWithDirectory, eventually, finished, guests, keeps, launch, leaveBy, look, pause, send, signIn, signInAgain, tenant, visit } from "../helpers.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const button = (page, name) => page.getByRole("button", { name, exact: true });
const dialog = (page, name) => page.getByRole("dialog", { name });
const here = async () => (await tenant.users()).filter((user) => /^g\d+@fabrikam\.example$/.test(user.mail ?? "")).length;

/** How a run has ended that takes guests back or restores them, once it has. */
async function moved(page, name = "Withdrawal") {
  await page.getByRole("heading", { name: new RegExp(`^${name} of `) }).waitFor();
  const status = page.getByRole("status").filter({ hasText: /^(Finished|Stopped)/ }).first();
  await status.waitFor();
  await button(page, "Download report").waitFor();
  return status.innerText();
}

/** A run of so many guests whose page is open, by somebody who may delete them. */
async function invited(page, count) {
  await signIn(page, "user-admin@contoso.example");
  await add(page, guests(count).join("\n"));
  await checkWithDirectory(page);
  await send(page);
  assert.equal(await finished(page), `Finished: ${count} invited.`);
}

/** Allows what taking back needs, which is asked for when somebody wants it. */
async function allowed(page) {
  await button(page, "Withdraw").click();
  await dialog(page, "Withdraw guests?").getByText("It asks for User.DeleteRestore.All", { exact: false }).waitFor();
  await leaveBy(page, () => button(page, "Allow it").click());
  await button(page, "Accept").click();
  await button(page, "Withdraw").waitFor();
}

test("guests of a run are withdrawn, restored and invited anew, each after a question", () =>
  visit(browser, async (page) => {
    await invited(page, 3);
    await allowed(page);
    await button(page, "Withdraw").click();
    const question = dialog(page, "Withdraw guests?");
    await question.getByText("3 guests whom this run made will be deleted from your directory.", { exact: false }).waitFor();
    await look(page, "withdraw");
    await button(page, "Withdraw 3 guests").click();
    await beginNow(page);
    assert.equal(await moved(page), "Finished: 3 withdrawn.");
    await page.getByRole("heading", { name: /^Withdrawal of / }).waitFor();
    assert.equal(await here(), 0);
    await look(page, "withdrawal");
    // The run that invited them says so, and offers them no more.
    await page.getByRole("link", { name: "The run that invited them" }).click();
    await page.getByRole("heading", { name: /^Run of / }).waitFor();
    const row = page.getByRole("row", { name: /g0@fabrikam/ });
    await eventually(() => row.innerText(), (text) => assert.match(text, /Withdrawn[\s\S]*Invited, and withdrawn on/));
    assert.equal(await button(page, "Withdraw").count(), 0);
    // One of them comes back.
    await page.getByRole("link", { name: /^Withdrawal of / }).click();
    await page.getByRole("checkbox", { name: "Select g1@fabrikam.example" }).check();
    await button(page, "Restore 1 selected guest").click();
    await button(page, "Restore 1 guest").click();
    await beginNow(page);
    assert.equal(await moved(page, "Restore"), "Finished: 1 restored.");
    assert.deepEqual([await here(), !!(await tenant.user("g1@fabrikam.example"))], [1, true]);
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    const runs = page.getByRole("table", { name: "Runs of this browser" });
    await eventually(() => runs.innerText(), (text) => assert.match(text, /Restore: 1 restored[\s\S]*Withdrawal: 3 withdrawn[\s\S]*3 invited/));
    // Who was taken back may be invited anew; who is back is not.
    await page.getByRole("link", { name: "Invite", exact: true }).click();
    await add(page, guests(3).join("\n"));
    assert.match(await check(page), /2 guests will be invited[\s\S]*1 row is skipped/);
    await send(page);
    assert.equal(await finished(page), "Finished: 2 invited, 1 skipped.");
    assert.equal(await here(), 3);
  }));

test("more than 25 are confirmed by typing, some can be selected, and a withdrawal that was interrupted goes on", () =>
  visit(
    browser,
    async (page, context) => {
      await invited(page, 30);
      await allowed(page);
      await button(page, "Withdraw").click();
      const confirm = button(page, "Withdraw 30 guests");
      await confirm.click({ force: true });
      await pause(300);
      assert.equal(await button(page, "Begin now").count(), 0, "nothing begins before the number is typed");
      await page.getByRole("textbox", { name: "How many guests?" }).fill("30");
      assert.equal(await confirm.getAttribute("aria-disabled"), "false");
      await button(page, "Close").click();
      for (const number of [4, 7]) await page.getByRole("checkbox", { name: `Select g${number}@fabrikam.example` }).check();
      await button(page, "Withdraw 2 selected guests").click();
      assert.equal(await page.getByRole("textbox", { name: "How many guests?" }).count(), 0);
      await button(page, "Withdraw 2 guests").click();
      await beginNow(page);
      assert.equal(await moved(page), "Finished: 2 withdrawn.");
      assert.equal(await here(), 28);
      await page.getByRole("link", { name: "The run that invited them" }).click();
      await tenant.knobs({ latencyMs: 400 });
      await button(page, "Withdraw").click();
      await dialog(page, "Withdraw guests?").getByText("Left out: 2 withdrawn already.").waitFor();
      await page.getByRole("textbox", { name: "How many guests?" }).fill("28");
      await button(page, "Withdraw 28 guests").click();
      await beginNow(page);
      await page.getByRole("heading", { name: /^Withdrawal of / }).waitFor();
      await eventually(here, (left) => assert.ok(left < 28 && left > 0), 60_000);
      await page.close({ runBeforeUnload: false });
      await tenant.knobs({ latencyMs: 0 });
      const other = await context.newPage();
      other.setDefaultTimeout(PATIENCE);
      await signInAgain(other);
      await other.goto(`${PAGE}#/runs`);
      await other.getByText(/^Withdrawal: Interrupted: \d+ open$/).waitFor();
      // What was begun last and is not over stands first.
      await other.getByRole("main").getByRole("link", { name: /20\d\d/ }).first().click();
      await leaveBy(other, () => button(other, "Allow it").click());
      await button(other, "Resume").click();
      assert.equal(await moved(other), "Finished: 28 withdrawn.");
      assert.equal(await here(), 0);
      const deleted = (await tenant.log()).filter(({ method, path, status }) => method === "DELETE" && path.startsWith("/users/") && status === 204);
      assert.equal(new Set(deleted.map(({ path }) => path)).size, deleted.length, "nobody was deleted twice");
    },
    { allow: ["ERR_"] },
  ));

test("for ten seconds what begins can be undone, and then it begins by itself", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, guests(2).join("\n"));
    await check(page);
    const invite = page.getByRole("button", { name: "Invite 2 guests" });
    const pending = dialog(page, "Sending to 2 guests");
    const posted = async () => (await tenant.log()).filter(({ method }) => method === "POST").length;
    const before = await posted();
    for (const undo of [() => button(page, "Undo").click(), () => page.keyboard.press("Escape")]) {
      await invite.click();
      await pending.getByText("It begins in 10 seconds.", { exact: false }).waitFor();
      await pending.getByText("It begins in 8 seconds.", { exact: false }).waitFor();
      await undo();
      await pending.waitFor({ state: "hidden" });
    }
    await invite.click();
    await pending.waitFor();
    await look(page, "undo");
    assert.equal(await posted(), before, "nothing has left");
    await keeps(page, (draft) => draft.list.rows.length === 2);
    assert.equal(await finished(page), "Finished: 2 invited.");
    assert.equal((await tenant.mails()).length, 2);
  }));
