// Writing a letter: fields, faults, languages, the template library, and stepping through what each guest will read. U 9 to 19 of ux.md.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { add, eventually, keeps, launch, look, signIn, visit } from "../helpers.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const message = (page) => page.getByRole("textbox", { name: "Message" });
const preview = (page) => page.getByRole("region", { name: "Preview" });

// U 9
const says = (page, text) => eventually(() => message(page).inputValue(), text);
const isInvalid = (page, value) => eventually(() => message(page).getAttribute("aria-invalid"), value);
const marks = (page, count) => eventually(() => page.locator(".marks mark.mark-wrong").count(), count);

test("fields are offered while typing, taken by keyboard, and marked", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "Ada Lovelace <ada@fabrikam.example>");
    // Once everything has been read nothing moves while somebody types.
    await preview(page).getByText("Accept invitation").waitFor();
    await message(page).focus();
    await page.keyboard.type("Hi {");
    const offers = page.getByRole("listbox", { name: "Fields" });
    await offers.getByRole("option", { name: /displayName/ }).waitFor();
    await look(page, "fields-offered");
    await page.keyboard.type("ful");
    await offers.getByRole("option", { name: "fullName first and last name" }).waitFor();
    await page.keyboard.press("Escape");
    await offers.waitFor({ state: "hidden" });
    await page.keyboard.type("l");
    await offers.getByRole("option", { name: "fullName first and last name" }).waitFor();
    await eventually(() => message(page).getAttribute("aria-activedescendant"), "message-offer-0");
    await page.keyboard.press("Enter");
    await says(page, "Hi {{fullName}}");
    await page.keyboard.type("!");
    await says(page, "Hi {{fullName}}!");
    await eventually(() => page.locator(".marks mark.mark-field").last().innerText(), "{{fullName}}");
    await preview(page).getByText("Hi Ada Lovelace!").first().waitFor();
    // The browser's own undo still works.
    await page.keyboard.press("Control+z");
    await eventually(() => message(page).inputValue(), (text) => assert.notEqual(text, "Hi {{fullName}}!"));
    // And by mouse: the button opens the offers, an offer is clicked.
    await message(page).fill("Dear ");
    await page.getByRole("button", { name: "Insert a field into the message" }).click();
    await offers.getByRole("option", { name: /^tenant/ }).click();
    await says(page, "Dear {{tenant}}");
  }));

// U 10
test("an unknown field is named, with what was probably meant, and fixed by one click", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "Ada Lovelace <ada@fabrikam.example>");
    await message(page).fill("Hi {{dispalyName}} {{#if company}}of {{company}}");
    await page.getByText("The list has no column for {{dispalyName}}. Did you mean {{displayName}}?").waitFor();
    await isInvalid(page, "true");
    await marks(page, 2);
    await look(page, "fields-wrong");
    await page.getByRole("button", { name: "Use {{displayName}}" }).click();
    await page.getByText("This condition has no {{/if}}.").waitFor();
    await page.getByRole("button", { name: "Add {{/if}} at the end" }).click();
    await says(page, "Hi {{displayName}} {{#if company}}of {{company}}{{/if}}");
    await isInvalid(page, null);
    // What cannot be meant keeps the letter from leaving.
    await message(page).fill("{{nobodyKnows}}");
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByText("This cannot be sent yet.").waitFor();
  }));

// U 11, U 13, U 14
test("fallbacks and gaps look their own, and one steps to any guest, the odd, the longest and the shortest", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "Bartholomew Longname <b@fabrikam.example>\nJo <jo@fabrikam.example>\nnameless@fabrikam.example\nAnn Other <ann@fabrikam.example>");
    await message(page).fill("Hi {{displayName|there}}, see {{company}}");
    const mail = preview(page).locator(".mail").first();
    await mail.locator("mark.gap-mark").waitFor();
    await preview(page).getByText("For Bartholomew Longname.").waitFor();
    await page.getByRole("button", { name: "Next guest" }).focus();
    await page.keyboard.press("Alt+ArrowRight");
    await preview(page).getByText("For Jo.").waitFor();
    await page.keyboard.press("Alt+ArrowLeft");
    await preview(page).getByText("For Bartholomew Longname.").waitFor();
    const go = async (words) => {
      await page.getByRole("button", { name: "Go to another guest" }).click();
      await page.getByRole("menuitem", { name: words }).click();
    };
    await go("Shortest letter");
    await preview(page).getByText("For Jo.").waitFor();
    await go("Longest letter");
    await preview(page).getByText("For Bartholomew Longname.").waitFor();
    await message(page).fill("Hi {{displayName|there}}, welcome.");
    await page.getByText(/\d+ to \d+ of 1,500 characters once filled in\./).waitFor();
    await go("Next with a problem");
    await preview(page).getByText("For nameless@fabrikam.example.").waitFor();
    await eventually(() => mail.locator("mark.fallback").innerText(), "there");
    assert.match(await mail.locator("mark.fallback").evaluate((mark) => getComputedStyle(mark).textDecorationStyle), /dotted/);
    await preview(page).getByText("This guest’s name is missing in the list.").waitFor();
    await preview(page).getByRole("searchbox", { name: "Search guests to preview" }).fill("ann");
    await page.keyboard.press("Enter");
    await preview(page).getByText("For Ann Other.").waitFor();
    const seen = new Set();
    for (let round = 0; round < 40 && seen.size < 2; round += 1) {
      await go("Random guest");
      seen.add(await page.evaluate(() => location.href));
    }
    assert.ok(seen.size >= 2, "random goes to more than one");
    // U 14: merged texts are counted, and long ones warned of.
    await message(page).fill(`Hi {{displayName}} ${"x".repeat(1490)}`);
    await page.getByText("Microsoft publishes no limit; longer texts were seen to vanish.").waitFor();
  }));

// U 12, U 15
test("what looks like spam or phishing is said beside the mail, and never rendered", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "Ada <ada@fabrikam.example>");
    const remark = async (text, words) => {
      await message(page).fill(text);
      await page.getByRole("list", { name: "Worth a look" }).getByText(words).waitFor();
    };
    await remark("Hi {{displayName}}, <b>now</b>", "HTML is shown as it is typed");
    assert.equal(await page.locator(".mail b").count(), 0);
    await remark("Hi {{displayName}}, ACT NOW", "“ACT NOW” shouts");
    await remark("Hi {{displayName}}, http://10.1.2.3/x", "The link to 10.1.2.3 looks like phishing");
    await remark("Hi {{displayName}}, https://evil.example/", "leads away from your organisation");
    await remark("Hi {{displayName}}, https://contoso.example/", "stands above Microsoft’s own button");
    await remark("Hello", "calls nobody by name");
    await look(page, "remarks");
    await message(page).fill("Hi {{displayName}}, welcome.");
    await page.getByRole("list", { name: "Worth a look" }).waitFor({ state: "detached" });
  }));

// U 16
test("a text for each language is written in tabs, by keyboard too, and taken back", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const list = ["Email,Language", "a@fabrikam.example,de-AT", "b@fabrikam.example,", "c@fabrikam.example,fr"].join("\n");
    await page.locator("#file").setInputFiles({ name: "three.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
    await page.getByText("3 guests added.").first().waitFor();
    await message(page).fill("Welcome");
    await page.getByText("Microsoft itself ignores it once there is a message; add a text for each language instead.").waitFor();
    await page.getByRole("combobox", { name: "Add a text in" }).selectOption("Deutsch");
    await page.waitForFunction(() => document.activeElement.id === "message");
    await page.keyboard.type("Willkommen am {{today}}");
    await preview(page).getByText(/Willkommen am \d+\. \p{L}+ \d{4}/u).first().waitFor();
    // Who reads a language that has no text is counted, and a text is one click away.
    await page.getByText("1 guest reads Français; they get the text for all others.").waitFor();
    await page.getByRole("button", { name: "Add a text in Français" }).waitFor();
    await look(page, "languages");
    await page.getByRole("tab", { name: "Deutsch" }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction(() => document.activeElement.id === "text-0");
    await says(page, "Welcome");
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.activeElement.id === "text-1");
    await page.getByRole("button", { name: "Remove this language" }).click();
    await page.getByRole("button", { name: "Undo removing" }).click();
    await page.getByRole("tab", { name: "Deutsch" }).waitFor();
    await page.getByRole("button", { name: "Next guest" }).click();
    await preview(page).getByText("Welcome", { exact: true }).first().waitFor();
  }));

test("values that are missing are counted before sending, and shown", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const list = ["Email,Name,Company", "a@fabrikam.example,Ada,Fabrikam", "b@fabrikam.example,Bob,", "c@fabrikam.example,,"].join("\n");
    await page.locator("#file").setInputFiles({ name: "three.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
    await page.getByText("3 guests added.").first().waitFor();
    await message(page).fill("Dear {{displayName|guest}} of {{company}}");
    await page.getByText("2 guests have no value for {{company}}.").waitFor();
    await page.getByRole("button", { name: "Show rows without company" }).click();
    await page.waitForFunction(() => document.getElementById("grid").getAttribute("aria-rowcount") === "3");
    await page.waitForURL(/only=company/);
  }));

// U 19
test("letters are kept, taken up, copied, made the default, shared as files, and the last is there again", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      const template = page.getByRole("combobox", { name: "Take up a letter" });
      const more = async (words) => {
        await page.getByRole("button", { name: "More with this letter" }).click();
        await page.getByRole("menuitem", { name: words }).click();
      };
      await message(page).fill("For partners, {{displayName}}");
      await page.getByRole("textbox", { name: "Name of this letter" }).fill("Partners");
      await page.getByRole("button", { name: "Keep", exact: true }).click();
      await template.getByRole("option", { name: "Partners" }).waitFor({ state: "attached" });
      // Taking up another replaces the words, in a way that can be undone.
      await template.selectOption("Welcome, in nine languages");
      await says(page, /^Hello/);
      await page.getByText("Your words were replaced by the letter that you took up.").waitFor();
      await look(page, "template");
      await page.getByRole("button", { name: "Undo", exact: true }).click();
      await says(page, "For partners, {{displayName}}");
      await template.selectOption("Partners");
      await more("Keep as a copy");
      await template.getByRole("option", { name: "Partners 2" }).waitFor({ state: "attached" });
      await more("Make it the default");
      await template.getByRole("option", { name: "Partners 2 (default)" }).waitFor({ state: "attached" });
      const [download] = await Promise.all([page.waitForEvent("download"), more("Download as a file")]);
      assert.equal(download.suggestedFilename(), "Partners 2.letter.json");
      const file = readFileSync(await download.path());
      await more("Keep no longer");
      await page.waitForFunction(() => ![...document.querySelectorAll("#letter-template option")].some((option) => option.value === "Partners 2"));
      // A file that holds no letter says so, one that does is kept under a free name.
      await page.locator("#letter-file").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from("{}") });
      await page.getByText("This file holds no letter.").waitFor();
      await message(page).fill("Something else");
      await page.locator("#letter-file").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: file });
      await template.getByRole("option", { name: "Partners 2" }).waitFor({ state: "attached" });
      await says(page, "For partners, {{displayName}}");
      // A new letter begins with the default.
      await more("Make it the default");
      await template.getByRole("option", { name: "Partners 2 (default)" }).waitFor({ state: "attached" });
      await message(page).fill("");
      await keeps(page, (draft) => draft.letter.message === "");
      await page.reload();
      await page.waitForFunction(() => document.getElementById("message")?.value === "For partners, {{displayName}}");
    },
    { acceptDownloads: true },
  ));

// Case 42 of the cases that people met.
test("placeholders of other programs are pointed at, changed by one click or left as they are", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "Ada Lovelace <ada@fabrikam.example>");
    await message(page).fill("Dear *|FULL_NAME|*, «Company», [sic], 50 % of {x}");
    await page.getByText("*|FULL_NAME|* looks like a placeholder of another program and would be sent as it stands. Did you mean {{displayName}}?").waitFor();
    await marks(page, 2);
    await look(page, "placeholders");
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByText("This cannot be sent yet.").waitFor();
    await page.getByRole("button", { name: "Leave it as it is: «Company»" }).click();
    await page.getByText("«Company» is sent as it stands.").waitFor();
    await page.getByRole("button", { name: "Undo: point at «Company» again" }).click();
    await page.getByRole("button", { name: "Change all of them to fields" }).click();
    await says(page, "Dear {{displayName}}, {{company}}, [sic], 50 % of {x}");
    await isInvalid(page, null);
    await preview(page).getByText("Dear Ada Lovelace,").first().waitFor();
  }));

test("a way of sending that needs a letter takes the built-in one, and it can be had back", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, "Ada Lovelace <ada@fabrikam.example>");
    assert.equal(await message(page).inputValue(), "");
    await page.getByRole("combobox", { name: "Send by" }).selectOption("files");
    await page.getByText("This way of sending needs a letter, and there was none.").waitFor();
    await says(page, /redeemUrl/);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await says(page, "");
    // Who has written something keeps it.
    await message(page).fill("Hi {{displayName}}: {{redeemUrl}}");
    await page.getByRole("combobox", { name: "Send by" }).selectOption("mailbox");
    await page.getByRole("button", { name: "Allow Mail.Send", exact: true }).waitFor();
    await says(page, "Hi {{displayName}}: {{redeemUrl}}");
  }));

test("numbers are written as Intl writes them in the page's language", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const lines = Array.from({ length: 1500 }, (_, number) => `guest${number}@fabrikam.example\n`);
    await page.locator("#file").setInputFiles({ name: "many.csv", mimeType: "text/csv", buffer: Buffer.from(`email\n${lines.join("")}`) });
    const lang = await page.locator("html").getAttribute("lang");
    const [one, many] = [1, 1500].map((number) => new Intl.NumberFormat(lang).format(number));
    await preview(page).getByText(`${one} of ${many}`, { exact: true }).waitFor();
    assert.deepEqual([0, 1, 2, 1500].map((number) => new Intl.PluralRules(lang).select(number)), ["other", "one", "other", "other"]);
  }));
