// The tab is killed at twenty random moments of one run, and the run goes on each time: nobody is lost, nobody gets two mails.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PAGE, PATIENCE, checkWithDirectory, finished, launch, leaveBy, send, signIn, tenant, visit } from "../helpers.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const KILLS = 20;
const GUESTS = 400;

/** Numbers from a seed, which is printed: a run that fails can be repeated. */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

async function back(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.goto(`${PAGE}#/runs`);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  // The identity platform may know who this is and ask nothing.
  const who = page.getByRole("button", { name: "guest-inviter@contoso.example" });
  const account = page.getByRole("button", { name: "Account" });
  await who.or(account).first().waitFor();
  if (await who.count()) {
    await who.click();
    const accept = page.getByRole("button", { name: "Accept" });
    await accept.or(account).first().waitFor();
    if (await accept.count()) await accept.click();
  }
  await account.waitFor();
  await page.goto(`${PAGE}#/runs`);
  await page.getByRole("main").getByRole("link", { name: /^Run of|20\d\d/ }).first().click();
  return page;
}

test("the tab is killed twenty times and the run loses nobody and doubles nobody", { timeout: 1_200_000 }, () =>
  visit(
    browser,
    async (first, context) => {
      const seed = Number(process.env.SEED ?? Date.now() % 100000);
      console.log(`seed ${seed}`);
      const below = random(seed);
      await signIn(first);
      const rows = Array.from({ length: GUESTS }, (_, number) => `g${number}@fabrikam.example`);
      await first.locator("#file").setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(`Email\n${rows.join("\n")}`) });
      await first.getByText("400 guests added.").first().waitFor();
      await checkWithDirectory(first);
      await send(first);
      let page = first;
      for (let kill = 0; kill < KILLS; kill += 1) {
        await page.getByRole("progressbar", { name: "Invitations" }).waitFor();
        await new Promise((resolve) => setTimeout(resolve, below(600)));
        await page.close({ runBeforeUnload: false });
        page = await back(context);
        const resume = page.getByRole("button", { name: "Resume" });
        const over = page.getByRole("status").filter({ hasText: /^Finished/ });
        await resume.or(over).first().waitFor();
        // A tab that may not read the directory is told what that is needed for.
        const allow = page.getByRole("button", { name: "Allow reading the directory" });
        if (await allow.count()) {
          await leaveBy(page, () => allow.click());
          await resume.or(over).first().waitFor();
        }
        if (await over.count()) assert.fail(`the run was over after ${kill + 1} kills: make it longer`);
        await resume.click();
      }
      // What was on its way when the tab died and never arrived is looked for during two minutes.
      assert.equal(await finished(page, 600_000), `Finished: ${GUESTS} invited.`);
      const mails = (await tenant.mails()).map((mail) => mail.to);
      const guests = (await tenant.users()).filter((user) => rows.includes(user.mail));
      assert.equal(new Set(mails).size, mails.length, "nobody got two mails");
      assert.equal(mails.length, GUESTS, "everybody got one");
      assert.equal(guests.length, GUESTS, "everybody is in the directory, once");
    },
    { knobs: { latencyMs: 150 }, allow: ["ERR_"] },
  ));
