// A trap of WebAssembly is told at once, wherever it happens, and nothing goes on behind it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { add, keeps, launch, signIn, tenant, visit } from "../helpers.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// The smallest program that traps: its one function is `unreachable`; and one that calls itself for ever.
const TRAP = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
const ENDLESS = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0, 16, 0, 11];

for (const [name, program, happens] of [
  ["in an event", TRAP, (run) => setTimeout(run)],
  ["behind a promise", TRAP, (run) => void Promise.resolve().then(run)],
  ["by an exhausted stack", ENDLESS, (run) => setTimeout(run)],
]) {
  test(`a trap ${name} shows at once that the program has stopped`, () =>
    visit(
      browser,
      async (page) => {
        await signIn(page);
        // Then everything has been asked for.
        await page.getByRole("region", { name: "Preview" }).getByText("Accept invitation").waitFor();
        await add(page, "ada@fabrikam.example");
        await keeps(page, (draft) => draft.list.rows.length === 1);
        const before = (await tenant.log()).length;
        const script = `(${happens})(new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(${JSON.stringify(program)}))).exports.f)`;
        await page.evaluate(script);
        await page.getByText("Guestlist has stopped.").waitFor({ timeout: 1000 });
        assert.ok(await page.evaluate(() => [...document.body.children].every((part) => part.id === "failed" || part.inert)));
        assert.equal(await page.evaluate(() => fetch("config.json").then(() => "sent", () => "refused")), "refused");
        assert.equal((await tenant.log()).length, before);
        // Loading the page again goes on where it was.
        await page.reload();
        await page.getByText("1 guest, all ready.").waitFor();
      },
      { allow: ["unreachable", "Maximum call stack"] },
    ));
}
