// The day's allowance: a tenant that may send only so many invitations a day, the one question about it, and a run that waits for
// tomorrow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { add, axe, beginNow, check, checkWithDirectory, eventually, everybodyOnce, finished, guests, launch, look, pause, secondTab, send, signIn, tenant, visit } from "../helpers.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const DAY = 24 * 60 + 11;
const kind = (page) => page.getByRole("combobox", { name: "Your tenant" });
const invite = (page) => page.getByRole("button", { name: /^Invite \d/ });
const sent = async () => (await tenant.mails()).length;
const waiting = (page) => page.getByRole("status").filter({ hasText: /^Waiting for tomorrow’s allowance, until/ });

test("a small run asks nothing about the tenant, a longer one asks once and remembers", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, guests(10).join("\n"));
    await check(page);
    assert.equal(await kind(page).count(), 0);
    await add(page, "eleventh@fabrikam.example");
    await check(page);
    const plan = page.getByRole("region", { name: "Plan" });
    await plan.getByText("10 a day; 0 used; 10 today, the rest tomorrow.").waitFor();
    await look(page, "allowance");
    await kind(page).selectOption("Without a paid subscription, older");
    await plan.getByText("100 a day; 0 used; all 11 today.").waitFor();
    await page.getByRole("spinbutton", { name: "At most a day" }).fill("4");
    await page.keyboard.press("Tab");
    await plan.getByText("4 a day; 0 used; 4 today, the rest over 2 days.").waitFor();
    await plan.getByText("11 guests will be invited to Contoso over 3 days, by Microsoft’s mail.").waitFor();
    for (const unfit of ["0", "-5", "2.5"]) {
      await page.getByRole("spinbutton", { name: "At most a day" }).fill(unfit);
      await page.keyboard.press("Tab");
      await page.getByText("A whole number from 1, or nothing.", { exact: false }).waitFor();
      await plan.getByText("4 a day; 0 used; 4 today, the rest over 2 days.").waitFor();
    }
    await page.getByRole("spinbutton", { name: "At most a day" }).fill("");
    await page.keyboard.press("Tab");
    await kind(page).selectOption("With a paid subscription, older");
    await plan.getByText(/a day; 0 used/).waitFor({ state: "detached" });
    await plan.getByText("11 guests will be invited to Contoso now, by Microsoft’s mail.").waitFor();
    await invite(page).click();
    await beginNow(page);
    assert.equal(await finished(page), "Finished: 11 invited.");
    // Remembered: on the next list it stands there, folded.
    await page.getByRole("link", { name: "Invite", exact: true }).click();
    await add(page, Array.from({ length: 12 }, (_, number) => `t${number}@tailspin.example`).join("\n"));
    await check(page);
    await plan.getByText("Your tenant: With a paid subscription, older").waitFor();
    await send(page);
    assert.equal(await finished(page), "Finished: 12 invited.");
    await everybodyOnce(23);
  }));

test("what the tenant is can be read by whoever allows it, and others’ guests count", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, guests(12).join("\n"));
    await checkWithDirectory(page);
    await page.getByRole("button", { name: "Read it from Microsoft" }).click();
    await page.getByRole("button", { name: "Accept" }).click();
    await page.getByRole("region", { name: "Preview" }).waitFor();
    await tenant.knobs({ paid: false, ageDays: 100 });
    await check(page);
    // Nothing tells that it is not paid for, so that is still asked.
    await page.getByText("100 a day; 0 used; all 12 today.").waitFor();
    await tenant.knobs({ paid: true, ageDays: 1000 });
    await check(page);
    await page.getByText("Your tenant: With a paid subscription, older").waitFor();
    await send(page);
    assert.equal(await finished(page, 60000), "Finished: 12 invited.");
  }));

test("a run waits for tomorrow, goes on by itself, and is taken up by one press when the page is opened again", () =>
  visit(
    browser,
    async (page, context) => {
      await page.clock.install();
      await signIn(page);
      await add(page, guests(25).join("\n"));
      await check(page);
      await kind(page).selectOption("Without a paid subscription, up to 30 days old");
      await page.getByText("10 a day; 0 used; 10 today, the rest over 2 days.").waitFor();
      await invite(page).click();
      await beginNow(page);
      await waiting(page).waitFor({ timeout: 60000 });
      await axe(page, "waiting");
      await eventually(sent, 10);
      // The day passes on both sides. The token was made to last.
      await tenant.knobs({ clockHours: 25, identityClockSeconds: 25 * 3600 });
      await page.clock.fastForward(DAY * 60_000);
      await tenant.hasSent(20);
      await waiting(page).waitFor({ timeout: 60000 });
      assert.equal(await sent(), 20);
      // Opened again on the same day nothing leaves; the page says what it waits for.
      await page.reload();
      await page.getByText("10 a day; 10 used; none today, 5 tomorrow.").waitFor();
      await page.getByRole("button", { name: "Resume" }).click();
      await waiting(page).waitFor({ timeout: 60000 });
      await pause(1000);
      assert.equal(await sent(), 20);
      // Somebody says what it is after all: it goes on at once.
      await tenant.knobs({ paid: true, ageDays: 1000 });
      await page.getByText("Your tenant: Without a paid subscription, up to 30 days old").click();
      await kind(page).selectOption("With a paid subscription, older");
      assert.equal(await finished(page, 60000), "Finished: 25 invited.");
      await everybodyOnce(25);
    },
    { knobs: { paid: false, ageDays: 3, accessTokenSeconds: 40 * 24 * 3600 } },
  ));

test("what one tab is told of the tenant is heard by the others", () =>
  visit(browser, async (page, context) => {
    await signIn(page);
    await add(page, guests(12).join("\n"));
    await check(page);
    await page.getByText("10 a day; 0 used; 10 today, the rest tomorrow.").waitFor();
    const other = await secondTab(context);
    await check(other);
    await kind(other).selectOption("Without a paid subscription, older");
    await page.getByText("100 a day; 0 used; all 12 today.").waitFor();
    // A list that is smaller than the lowest limit, and larger than what a person allows.
    await page.getByRole("spinbutton", { name: "At most a day" }).fill("3");
    await page.keyboard.press("Tab");
    await other.getByText("You let this tenant send 3 a day; 0 used; 3 today, the rest over 3 days.").waitFor();
    // The one does not undo the other.
    await eventually(() => kind(other).inputValue(), "Without a paid subscription, older");
  }));

test("at most so many a day is told of the smallest list", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, guests(12).join("\n"));
    await check(page);
    await page.getByRole("spinbutton", { name: "At most a day" }).fill("2");
    await page.keyboard.press("Tab");
    await page.getByText("2 a day; 0 used; 2 today, the rest over 5 days.").waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Discard", exact: false }).first().click();
    await add(page, guests(3).join("\n"));
    await check(page);
    await page.getByText("2 a day; 0 used; 2 today, the rest tomorrow.").waitFor();
  }));

test("going over the limit blocks the tenant, and the page says who lifts that", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, guests(12).join("\n"));
      await check(page);
      await kind(page).selectOption("With a paid subscription, older");
      await invite(page).click();
      await beginNow(page);
      await page.getByText("Microsoft has blocked invitations for the whole tenant.").first().waitFor();
      assert.equal(await page.getByRole("button", { name: "Try failed again" }).count(), 0);
      await eventually(sent, 10);
    },
    { knobs: { paid: false, ageDays: 3 } },
  ));
