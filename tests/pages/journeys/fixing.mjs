// A long list, fixed in place: what is wrong is found, fixed by group or one by one, and every step can be undone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { add, check, clipboard, eventually, finished, keeps, launch, look, send, signIn, tenant, visit } from "../helpers.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const cell = (page, row, column) => page.locator(`#grid-cell-${row}-${column}`);
const shows = (page, row, column, text) =>
  page.waitForFunction(([id, text]) => document.getElementById(id)?.innerText.trim() === text, [`grid-cell-${row}-${column}`, text]);
const rows = (page, count) => page.waitForFunction((count) => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") === String(count + 1), count);
const focused = (page, id) => page.waitForFunction((id) => document.activeElement.id === id, id);

// U 34, 35, 36, 40, 41
test("mistakes are counted, filtered, fixed by group, and taken back by name", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, ["a@fabrikam.con", "b@fabrikam.con", "c@gmial.com", "ok@fabrikam.example", "OK@fabrikam.example", "d+x@fabrikam.example", "e@mailinator.com", "f@c0ntoso.example"].join("\n"));
    const show = page.getByRole("group", { name: "Show rows" });
    for (const name of ["8 rows", "7 ready", "1 error", "6 warnings", "3 domains that may be mistyped", "1 duplicate", "1 disposable mailbox", "1 domain that looks like another"]) {
      await show.getByRole("button", { name, exact: true }).waitFor();
    }
    await look(page, "problems-list");
    await show.getByRole("button", { name: "6 warnings" }).click();
    await rows(page, 6);
    // What is shown stands in the address, and a reload shows it again.
    await page.waitForURL(/only=warnings/);
    await keeps(page, (draft) => draft.list.rows.length === 8);
    await page.reload();
    await rows(page, 6);
    // Sorting and filtering are spoken and leave the list as it is.
    await cell(page, 0, 0).focus();
    await page.keyboard.press("ArrowUp");
    await focused(page, "grid-head-0");
    await page.keyboard.press("Enter");
    await page.getByText("Sorted by Email, ascending. 6 rows.").waitFor({ state: "attached" });
    await eventually(() => page.getByRole("columnheader", { name: "Email" }).getAttribute("aria-sort"), "ascending");
    await page.getByRole("button", { name: "Clear all" }).click();
    await rows(page, 8);
    await shows(page, 0, 0, "a@fabrikam.con");
    // F8 goes from problem to problem and says each.
    await cell(page, 0, 0).focus();
    await page.keyboard.press("F8");
    await focused(page, "grid-cell-1-0");
    await page.getByText("Row 2: fabrikam.con may be mistyped: was fabrikam.com meant?").first().waitFor();
    await page.keyboard.press("Shift+F8");
    await focused(page, "grid-cell-0-0");
    const repairs = page.getByRole("list", { name: "Repairs" });
    // One by one: each change is shown, may be left, and is a step that can be undone.
    await repairs.getByRole("button", { name: "One by one: 2 addresses end in .con" }).click();
    await repairs.getByText("Row 1: “a@fabrikam.con” becomes “a@fabrikam.com”. 1 more row.").waitFor();
    await focused(page, "fix-one");
    await repairs.getByRole("button", { name: "Leave it" }).click();
    await repairs.getByText("Row 2: “b@fabrikam.con” becomes “b@fabrikam.com”. 0 more rows.").waitFor();
    await focused(page, "fix-one");
    await page.keyboard.press("Enter");
    await shows(page, 1, 0, "b@fabrikam.com");
    await shows(page, 0, 0, "a@fabrikam.con");
    await page.getByText("That was the last one.").waitFor({ state: "attached" });
    await focused(page, "guests-title");
    await page.getByRole("group", { name: "Undo" }).getByRole("button", { name: "Undo: Change to .com" }).click();
    await shows(page, 1, 0, "b@fabrikam.con");
    await repairs.getByRole("button", { name: "Change to .com: 2 addresses end in .con" }).click();
    await shows(page, 1, 0, "b@fabrikam.com");
    await repairs.getByRole("button", { name: /^Change to gmail.com/ }).click();
    await repairs.getByRole("button", { name: /^Remove the tag/ }).click();
    await repairs.getByRole("button", { name: /^Remove 1 row/ }).click();
    await rows(page, 7);
    await shows(page, 4, 0, "d@fabrikam.example");
    const undo = page.getByRole("group", { name: "Undo" });
    await undo.getByRole("button", { name: "Undo: 1 removed row" }).click();
    await rows(page, 8);
    await undo.getByRole("button", { name: "Undo: Remove the tag" }).click();
    await shows(page, 5, 0, "d+x@fabrikam.example");
    await undo.getByRole("button", { name: "Redo: Remove the tag" }).click();
    await shows(page, 5, 0, "d@fabrikam.example");
    await keeps(page, ({ list }) => list.rows.length === 8 && list.rows[2].cells[0] === "c@gmail.com" && list.rows[5].cells[0] === "d@fabrikam.example");
  }));

// U 37, 38, 39, 42, 45
test("cells are typed, selected, filled down, copied, pasted past the end and replaced", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, Array.from({ length: 5 }, (_, number) => `g${number}@fabrikam.example`).join("\n"));
      await cell(page, 0, 3).focus();
      await page.keyboard.type("Fabrikam");
      await page.keyboard.press("Enter");
      await focused(page, "grid-cell-1-3");
      await page.keyboard.press("ArrowUp");
      await focused(page, "grid-cell-0-3");
      for (let step = 0; step < 4; step += 1) await page.keyboard.press("Shift+ArrowDown");
      await eventually(() => page.locator(".grid [aria-selected=true]").count(), 5);
      await page.keyboard.press("Control+d");
      await shows(page, 4, 3, "Fabrikam");
      // What is copied is what Excel would paste.
      await page.keyboard.press("Control+c");
      await clipboard(page, "Fabrikam\r\n".repeat(5));
      await cell(page, 3, 0).focus();
      await page.evaluate(() => navigator.clipboard.writeText('x@fabrikam.example\tX\t\t"two\nlines"\r\ny@fabrikam.example\tY\r\nz@fabrikam.example\r\n'));
      await page.keyboard.press("Control+v");
      await rows(page, 6);
      await shows(page, 5, 0, "z@fabrikam.example");
      await shows(page, 4, 1, "Y");
      const { list } = await keeps(page, (draft) => draft.list.rows[5]?.cells[0] === "z@fabrikam.example");
      assert.deepEqual(list.rows[3].cells, ["x@fabrikam.example", "X", "", "two\nlines"]);
      // Clearing a range is one step.
      await cell(page, 0, 3).focus();
      await page.keyboard.press("Shift+ArrowDown");
      await page.keyboard.press("Delete");
      await shows(page, 1, 3, "");
      await page.keyboard.press("Control+z");
      await shows(page, 1, 3, "Fabrikam");
      await page.getByRole("searchbox", { name: "Find" }).fill("FABRIKAM.EXAMPLE");
      await rows(page, 6);
      await page.getByText("Replace, filter by value").click();
      await page.getByRole("textbox", { name: "Replace what was found with" }).fill("tailspin.example");
      await page.getByRole("button", { name: "Replace all" }).click();
      await shows(page, 0, 0, "g0@tailspin.example");
      await page.getByRole("button", { name: "Clear all" }).click();
      await page.getByRole("group", { name: "Values" }).getByRole("button", { name: "tailspin.example 6" }).waitFor();
      // Rows by what stands in a column; that is part of the address.
      await page.getByRole("combobox", { name: "Show rows by" }).selectOption("Company");
      await page.getByRole("button", { name: "Fabrikam 4", exact: true }).click();
      await rows(page, 4);
      await page.waitForURL(/only=company%3DFabrikam/);
      await page.getByRole("button", { name: "Clear all" }).click();
      await rows(page, 6);
      await look(page, "fixing");
      // Nothing is lost by a reload.
      await keeps(page, (draft) => draft.list.rows[0].cells[0] === "g0@tailspin.example");
      await page.reload();
      await shows(page, 5, 0, "z@tailspin.example");
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  ));

// U 46, and the form of a row
test("columns are hidden, moved and resized by mouse and keyboard, and a row can be a form", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, '"Ada" <ada@fabrikam.example>; bob+x@fabrikam.example');
    const heads = () => page.getByRole("columnheader").evaluateAll((heads) => heads.map((head) => head.innerText.trim()));
    await page.getByText("Columns", { exact: true }).click();
    const list = page.getByRole("list", { name: "Columns" });
    await list.getByRole("checkbox", { name: "Company" }).press("Space");
    await list.getByRole("button", { name: "Earlier: Name" }).press("Enter");
    await eventually(async () => (await heads()).slice(0, 3), ["Name", "Email", "First name"]);
    const width = () => page.locator("#grid-head-0").evaluate((head) => head.parentElement.offsetWidth);
    const before = await width();
    await list.getByRole("button", { name: "Narrower: Name" }).press("Enter");
    await page.waitForFunction((before) => document.getElementById("grid-head-0").parentElement.offsetWidth < before, before);
    const narrow = await width();
    // The pointer is on the grip once it stands still.
    const grip = page.locator(".grid-grip").first();
    await grip.hover({ position: { x: 3, y: 8 } });
    const { x, y } = await grip.boundingBox();
    await page.mouse.down();
    await page.mouse.move(x + 103, y + 8, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction((narrow) => document.getElementById("grid-head-0").parentElement.offsetWidth > narrow, narrow);
    await cell(page, 1, 0).focus();
    await page.keyboard.type("Bob");
    await page.keyboard.press("Enter");
    await keeps(page, (draft) => draft.list.rows[1].cells[1] === "Bob");
    // Replacing acts in the column that was named, wherever it stands now: the address holds the same letters.
    await page.getByRole("searchbox", { name: "Find" }).fill("bob");
    await page.getByText("Replace, filter by value").click();
    await page.getByRole("textbox", { name: "Replace what was found with" }).fill("Robert");
    await page.getByRole("combobox", { name: "in", exact: true }).selectOption("Name");
    await page.getByRole("button", { name: "Replace all" }).click();
    const { list: replaced } = await keeps(page, (draft) => draft.list.rows[1].cells.includes("Robert"));
    assert.deepEqual(replaced.rows[1].cells.slice(0, 2), ["bob+x@fabrikam.example", "Robert"]);
    await page.getByRole("button", { name: "Clear all" }).click();
    await page.getByRole("checkbox", { name: "One row at a time" }).check();
    await page.getByRole("button", { name: "Next row" }).click();
    await page.getByRole("heading", { name: "Row 2" }).waitFor();
    await page.getByText("Microsoft refuses invitations to addresses with +.").waitFor();
    await look(page, "form");
    await page.getByRole("textbox", { name: "Email" }).fill("bob@fabrikam.example");
    await page.getByRole("textbox", { name: "Email" }).press("Enter");
    await page.getByText("2 guests, all ready.").waitFor();
  }));

test("cells stand below their headings, whatever is in them", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const head = ["Email", "Name", "Company", "Department", "Job title", "Badge", "Table"].join(",");
    const text = Array.from({ length: 9 }, (_, number) => [`g${10 ** number}@fabrikam.example`, "x".repeat(number * 9), "W".repeat(80 - number * 9), number, ...Array(3).fill(number ? "" : "x")].join(","));
    await page.locator("#file").setInputFiles({ name: "wide.csv", mimeType: "text/csv", buffer: Buffer.from([head, ...text].join("\n")) });
    await rows(page, 9);
    const edges = () =>
      page.evaluate(() => {
        const edge = (element) => Math.round(element.getBoundingClientRect().left);
        const heads = [...document.querySelectorAll(".grid-head")].map(edge);
        return [heads, ...[...document.querySelectorAll(".grid-body > .grid-row")].map((row) => [...row.children].map(edge))];
      });
    for (const width of [1280, 2400]) {
      await page.setViewportSize({ width, height: 800 });
      await eventually(edges, ([heads, ...lines]) => {
        assert.equal(heads.length, 9);
        assert.equal(lines.length, 9);
        for (const line of lines) assert.deepEqual(line, heads);
      });
    }
  }));

// U 47
test("a hundred thousand rows are scrolled with few in the page, sorted and filtered", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const text = "Email,Name\n" + Array.from({ length: 100000 }, (_, number) => `g${(number * 7919) % 100000}@fabrikam.example,Guest ${number}`).join("\n");
    await page.locator("#file").setInputFiles({ name: "large.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await rows(page, 100000);
    await cell(page, 0, 0).focus();
    await page.keyboard.press("Control+End");
    await focused(page, "grid-cell-99999-4");
    await page.keyboard.press("Control+Home");
    await focused(page, "grid-cell-0-0");
    // The active row stays where it is though the view goes elsewhere, and the rows stand in order.
    await page.locator("#grid").evaluate((grid) => grid.scrollTo(0, 1500000));
    await page.waitForFunction(() => document.getElementById("grid-cell-44117-0"));
    assert.equal(await page.evaluate(() => document.activeElement.id), "grid-cell-0-0");
    const read = () => page.locator(".grid-body > [role=row]").evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("aria-rowindex"))));
    await eventually(read, (indexes) => {
      assert.ok(indexes.length <= 60, `${indexes.length} rows`);
      assert.deepEqual(indexes, indexes.toSorted((one, other) => one - other));
    });
    await page.getByRole("searchbox", { name: "Find" }).fill("g99999@");
    await rows(page, 1);
    await page.getByRole("button", { name: "Clear all" }).click();
    await page.locator("#grid-head-0").click();
    await page.locator("#grid-head-0").click();
    await page.locator("#grid").evaluate((grid) => grid.scrollTo(0, 0));
    await shows(page, 4, 0, "g99999@fabrikam.example");
    await keeps(page, (draft) => draft.list.rows.length === 100000);
  }));

test("what other programs leave in cells is fixed by one press for each kind, and taken back", () =>
  visit(browser, async (page) => {
    await signIn(page);
    // The third has a Cyrillic а.
    const rows = [
      "Email,Name,E-mail 2,Company",
      "SMTP:ada@fabrikam.example,Ada,,Fabrikam",
      "/o=ExchangeLabs/ou=x/cn=Recipients/cn=bob,Bob,bob@fabrikam.example,NULL",
      "c\u0430rl@fabrikam.example,Carl,,N/A",
      "<dee@fabrikam.example>.,Dee,,None",
    ];
    await page.getByRole("textbox", { name: "Message" }).fill("Hello {{displayName}}, to {{company|your company}}");
    await page.locator("#file").setInputFiles({ name: "export.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });
    await page.getByRole("button", { name: "Add 4 guests" }).click();
    const before = await keeps(page, (draft) => draft.list.rows.length === 4);
    const repairs = page.getByRole("list", { name: "Repairs" });
    const pressed = [
      "Remove them: 2 addresses have blanks or signs that do not belong there",
      "Take it from E-mail 2: 1 row has no address but one in E-mail 2",
      "Write Latin letters: 1 address has letters of another script that look Latin",
      "Empty these cells: 3 rows have words for nothing, such as NULL or #N/A",
    ];
    for (const name of pressed) await repairs.getByRole("button", { name, exact: true }).waitFor();
    for (const name of pressed) await repairs.getByRole("button", { name, exact: true }).click();
    await page.getByText("4 guests, all ready.").waitFor();
    const company = before.list.columns.findIndex(({ name }) => name === "company");
    const fixed = ({ list }) => list.rows.map(({ cells }) => `${cells[0]} ${cells[company] ?? ""}`.trim());
    const all = ["ada@fabrikam.example Fabrikam", "bob@fabrikam.example", "carl@fabrikam.example", "dee@fabrikam.example"];
    await keeps(page, (draft) => fixed(draft).join() === all.join());
    // Each press is a step of its own.
    const undo = page.getByRole("group", { name: "Undo" }).getByRole("button", { name: /^Undo/ });
    for (const name of pressed.toReversed()) await undo.and(page.getByRole("button", { name: `Undo: ${name.split(":")[0]}` })).click();
    await keeps(page, (draft) => fixed(draft).join() === fixed(before).join());
  }));

test("the bar has a piece for each ending, and rows that failed come back with every column", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const rows = ["Email,Name,Badge", "ada@fabrikam.example,Ada,007", "x@refused.example,Xu,008", "ada@fabrikam.example,Ada,009", "bob@fabrikam.example,Bob,010", "me@contoso.example,Me,011"];
    await page.locator("#file").setInputFiles({ name: "badges.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });
    await page.getByText("badges.csv: 5 guests added.").waitFor();
    await check(page);
    await send(page);
    assert.match(await finished(page), /^Finished: 2 invited, 1 refused, 2 skipped/);
    const pieces = () => page.locator(".segments span").evaluateAll((spans) => Object.fromEntries(spans.map((span) => [span.className, span.style.flexGrow])));
    await eventually(pieces, { "ended-well": "2", "ended-unsure": "0", "ended-failed": "1", "ended-skipped": "2", "ended-not": "0" });
    const measured = () => page.locator(".segments span").evaluateAll((spans) => spans.map((span) => span.getBoundingClientRect().width));
    await eventually(measured, (widths) => assert.ok(Math.abs(widths[0] - 2 * widths[2]) < 2 && widths[1] === 0 && widths[4] === 0, widths.join(" ")));
    await page.getByRole("button", { name: /^Fix \d rows?$/ }).click();
    const badges = ({ list }) => list.rows.map(({ cells }) => cells[list.columns.findIndex(({ name }) => name === "badge")]);
    const back = await keeps(page, (draft) => draft.list.rows.length < 5);
    assert.ok(badges(back).includes("008") && !badges(back).includes("007") && !badges(back).includes("010"), badges(back).join());
    assert.ok(back.list.rows.some(({ cells }) => cells.includes("Xu")));
  }));
