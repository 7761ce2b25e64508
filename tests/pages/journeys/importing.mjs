// A list from a file: whatever wrote it, the same rows come out, and nothing is lost or changed on the way.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { add, beginNow, check, eventually, finished, guests, keeps, launch, look, pause, send, signIn, tenant, visit } from "../helpers.mjs";
import { workbook } from "../workbook.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const HEAD = ["Firma", "Nachname", "Vorname", "E-Mail-Adresse", "Kürzel"];
const people = (count) =>
  Array.from({ length: count }, (_, number) => ["Bücher & Söhne; GmbH", `Müller ${number}`, "Jürgen", `g${number}@fabrikam.example`, String(number).padStart(7, "0")]);

function semicolons(rows) {
  const cell = (text) => (/[;"\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join(";")).join("\r\n") + "\r\n";
}

const file = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer });

async function open(page, name, buffer) {
  await page.locator("#file").setInputFiles(file(name, buffer));
  await page.getByRole("heading", { name }).waitFor({ timeout: 60000 });
}

/**
 * Lets files come as from a drive in the network: half of each, and the rest, or nothing more, once the journey says so by `go`. What
 * `isSlow` is false for comes at once.
 */
const halve = (page) =>
  page.evaluate(() => {
    const stream = File.prototype.stream;
    globalThis.isSlow = true;
    File.prototype.stream = function () {
      globalThis.go = null;
      if (!globalThis.isSlow) return stream.call(this);
      const half = this.size >> 1;
      const part = async (from, to) => new Uint8Array(await this.slice(from, to).arrayBuffer());
      return new ReadableStream({
        start: async (controller) => {
          controller.enqueue(await part(0, half));
          const isThere = await new Promise((resolve) => (globalThis.go = resolve));
          if (!isThere) return controller.error(new DOMException("gone", "NotReadableError"));
          controller.enqueue(await part(half, this.size));
          controller.close();
        },
      });
    };
  });

/** Lets the rest of the file come that is being read, or nothing more. */
async function go(page, isThere) {
  await page.waitForFunction(() => globalThis.go);
  await page.evaluate((isThere) => globalThis.go(isThere), isThere);
}

/** The words, or for want of these the id, of what has the focus. */
const focused = (page, wanted) => eventually(() => page.evaluate(() => document.activeElement.innerText || document.activeElement.id || document.activeElement.tagName), wanted);

/** What is chosen in the box of this name. */
const chosen = (page, name, value) => eventually(() => page.getByRole("combobox", { name }).inputValue(), value);

test("ten thousand rows in Windows-1252 and the same in a workbook make the same list", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const rows = [HEAD, ...people(10000)];
    const lists = [];
    for (const [name, buffer] of [
      ["partner.csv", Buffer.from(semicolons(rows), "latin1")],
      ["partner.xlsx", workbook([{ name: "Notes", hidden: true, rows: [["x"]] }, { name: "Partner", rows }])],
    ]) {
      await page.locator("#file").setInputFiles(file(name, buffer));
      if (name.endsWith(".csv")) {
        // Its encoding is a guess, so somebody looks.
        await page.getByRole("button", { name: "Add 10,000 guests" }).click();
      } else {
        // Every column is certain, so nobody has to look.
        await page.getByText(`${name}: 10,000 guests added. 5 columns. 1 further column, usable in the message: Kürzel.`).waitFor();
      }
      await page.getByText("10,000 guests, all ready.").waitFor();
      await page.waitForFunction(() => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") === "10001");
      const { list } = await keeps(page, (draft) => draft.list.rows.length === 10000);
      lists.push({ columns: list.columns.map((column) => column.name), rows: list.rows.map((row) => row.cells) });
      await page.reload();
      await page.getByRole("button", { name: "Discard" }).click();
    }
    assert.deepEqual(lists[0].columns, ["email", "displayName", "firstName", "company", "lastName", "kürzel"]);
    assert.deepEqual(lists[0].rows[7], ["g7@fabrikam.example", "", "Jürgen", "Bücher & Söhne; GmbH", "Müller 7", "0000007"]);
    assert.deepEqual(lists[0], lists[1]);
  }));

test("guests without a name of their own are called by first and last name, in the order of their language", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const rows = [
      ["Vorname", "Nachname", "E-Mail", "Sprache", "Anzeigename"],
      ["Mei", "Çelik", "mei.celik1496@fabrikam.example", "tr", ""],
      ["愛", "佐藤", "ai@fabrikam.example", "ja", ""],
      ["", "", "nobody@fabrikam.example", "", ""],
      ["", "", "ada@fabrikam.example", "", "Lovelace, Ada"],
    ];
    await page.locator("#file").setInputFiles(file("names.csv", Buffer.from(semicolons(rows))));
    await page.getByText("names.csv: 4 guests added.").waitFor();
    const made = page.locator(".grid-text.made");
    await eventually(() => made.allInnerTexts(), ["Mei Çelik", "佐藤 愛"]);
    await look(page, "names-made");
    // It is edited like any other, and begins with what is shown.
    await made.first().dblclick();
    const input = page.locator("#grid-input");
    await eventually(() => input.inputValue(), "Mei Çelik");
    await input.fill("Dr. Mei Çelik");
    await input.press("Enter");
    await keeps(page, ({ list }) => list.rows[0].cells.includes("Dr. Mei Çelik"));
    await page.getByText("1 name has the last name before a comma.").waitFor();
    await page.getByRole("button", { name: /^Put the first name first/ }).click();
    assert.match(await check(page), /1 guest has no name: Microsoft takes the part of the address before the @ instead, such as “nobody”\./);
    await send(page);
    assert.equal(await finished(page), "Finished: 4 invited.");
    const named = Object.fromEntries((await tenant.users()).map((user) => [user.mail, user.displayName]));
    assert.equal(named["mei.celik1496@fabrikam.example"], "Dr. Mei Çelik");
    assert.equal(named["ai@fabrikam.example"], "佐藤 愛");
    assert.equal(named["ada@fabrikam.example"], "Ada Lovelace");
    assert.equal(named["nobody@fabrikam.example"], "nobody");
  }));

test("how a file is read is shown and can be changed, columns too", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const text = "made by a machine;;\nMail;Full nmae;Badge\nada@fabrikam.example;Ada;007\n;;\nbob@fabrikam.example;J\u00fcrgen;=1+1\n";
    await open(page, "odd.csv", Buffer.from(text, "latin1"));
    // A guess is not certain, so the columns are open.
    await page.getByText("2 rows, 3 columns.").waitFor();
    await chosen(page, "Encoding", "windows-1252");
    await chosen(page, "Cells are separated by", "Semicolon");
    await chosen(page, "Headings", "1");
    await chosen(page, "Full nmae becomes", "displayName");
    await page.getByText("Please check").waitFor();
    await look(page, "file");
    await page.getByRole("combobox", { name: "Cells are separated by" }).selectOption("Comma");
    await page.getByText("Choose the column that holds the email addresses.").or(page.getByText("1 column.")).first().waitFor();
    await page.getByRole("combobox", { name: "Cells are separated by" }).selectOption("Semicolon");
    await page.getByText("2 rows, 3 columns.").waitFor();
    await chosen(page, "Around cells stand", 'Double quotes (")');
    await page.getByRole("combobox", { name: "Badge becomes" }).selectOption("email");
    await page.getByText("Two columns are Email.").waitFor();
    await page.getByRole("combobox", { name: "Badge becomes" }).selectOption("*");
    await page.getByRole("button", { name: "Add 2 guests" }).click();
    await page.getByText("2 guests, all ready.").waitFor();
    await page.getByRole("textbox", { name: "Message" }).fill("Badge {{badge}}");
    await page.getByRole("region", { name: "Preview" }).getByText("Badge 007").first().waitFor();
  }));

test("an encoding that is a guess is looked at before anybody is added, and another one can be chosen", () =>
  visit(browser, async (page) => {
    await signIn(page);
    // As Excel for Mac saves it: Mac Roman, lines end by a bare carriage return.
    const mac = Buffer.from("Email;Vorname;Nachname\rj@fabrikam.example;J\u009frgen;M\u009fller\rr@fabrikam.example;Ren\u008e;Gar\u008don\r", "latin1");
    await open(page, "mac.csv", mac);
    await page.getByText("It is read as Western European (Mac Roman), which is a guess").waitFor();
    await page.getByText("Nobody yet. Add the first").waitFor();
    const encoding = page.getByRole("combobox", { name: "Encoding" });
    await chosen(page, "Encoding", "macintosh");
    const looks = page.getByRole("table", { name: "Rows in several encodings" });
    const now = looks.getByRole("row", { name: /^Western European \(Mac Roman\)/ });
    await eventually(() => now.innerText(), /Jürgen · Müller/);
    await eventually(async () => (await now.locator("mark").allInnerTexts()).slice(0, 2), ["ü", "ü"]);
    await look(page, "encodings");
    await encoding.selectOption("windows-1252");
    await looks.getByText("MŸller").waitFor();
    await looks.getByRole("button", { name: "Read like this: Western European (Mac Roman)" }).click();
    await encoding.and(page.locator("select:has(option[value=macintosh]:checked)")).waitFor();
    await page.getByRole("button", { name: "Add 2 guests" }).click();
    const { list } = await keeps(page, (draft) => draft.list.rows.length === 2);
    assert.ok(list.rows[0].cells.includes("Müller") && list.rows[1].cells.includes("Garçon"));
    // What is certain is added at once.
    await page.locator("#file").setInputFiles(file("certain.csv", Buffer.from("Email;Name\nk@fabrikam.example;Jürgen\n")));
    await page.getByText("certain.csv: 1 guest added.").waitFor();
  }));

test("the beginning of a long file in a guessed encoding is looked at while the rest is read", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const folder = mkdtempSync(join(tmpdir(), "guestlist-"));
    const rows = people(90000).map(([company, ...others]) => [`${company} ${"in the old town ".repeat(20)}`, ...others]);
    writeFileSync(join(folder, "long.csv"), Buffer.from(semicolons([HEAD, ...rows]), "latin1"));
    /** What is shown as soon as anything is, before the page hears of more rows. */
    const seen = (act) =>
      page.evaluate(
        (act) =>
          new Promise((resolve) => {
            const watch = new MutationObserver(() => {
              const shown = document.querySelector(".file");
              if (!shown) return;
              watch.disconnect();
              const text = shown.textContent;
              if (act) [...shown.querySelectorAll("button")].find((button) => button.getAttribute("aria-label")?.startsWith(act)).click();
              resolve(text);
            });
            watch.observe(document.body, { subtree: true, childList: true });
          }),
        act,
      );
    let first = seen();
    await page.locator("#file").setInputFiles(join(folder, "long.csv"));
    assert.match(await first, /long\.csvIts beginning is shown until the rest has been read\..*which is a guess.*Western European \(Windows-1252\).*Jürgen.*Reading the rest …Cancel$/);
    // What the rest may change is asked once all of it is there; the look stays, and so does the focus.
    await page.getByText("90,000 rows, 5 columns.").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "file-title");
    assert.equal(await page.getByText("Reading the rest").count(), 0);
    await page.getByRole("combobox", { name: "Kürzel becomes" }).selectOption("department");
    await page.getByRole("button", { name: "Add 90,000 guests" }).click();
    const { list } = await keeps(page, (draft) => draft.list.rows.length === 90000);
    assert.deepEqual(list.columns.map((column) => column.name), ["email", "displayName", "firstName", "company", "lastName", "department"]);
    assert.deepEqual([list.rows[0].cells[5], list.rows[89999].cells[5]], ["0000000", "0089999"]);
    // Another encoding can be chosen at once: then the whole is read in that one.
    first = seen("Read like this: Western European (Mac Roman)");
    await page.locator("#file").setInputFiles(join(folder, "long.csv"));
    await first;
    await chosen(page, "Encoding", "macintosh");
    await page.getByRole("button", { name: "Add 90,000 guests" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    // What the end of a file changes is shown anew: here a further cell, and rows that are no guests.
    const end = "\r\nSumme;;;;90000\r\n\r\nWarteliste\r\nNr.;Vorname;Nachname;Mail\r\n1;Ada;King;ada@tailspin.example\r\n";
    writeFileSync(join(folder, "more.csv"), Buffer.from(semicolons([HEAD, ...rows]) + end, "latin1"));
    await page.locator("#file").setInputFiles(join(folder, "more.csv"));
    await page.getByRole("button", { name: "Add 90,000 guests" }).waitFor();
    await page.getByText("Below follows another table").waitFor();
    rmSync(folder, { recursive: true });
  }));

test("Entra's own template is sent unchanged, each row to its own place with its own words", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const head = '"Email address to invite [inviteeEmail] Required","Redirection url [inviteRedirectURL] Required","Send invitation message (true or false) [sendEmail]","Customized invitation message [customizedMessageBody]"';
    await page.locator("#file").setInputFiles(file("template.csv", Buffer.from(`version:v1.0,,,\n${head}\nada@fabrikam.example,https://myapps.microsoft.com/own,TRUE,Hello Ada\nbob@fabrikam.example,,TRUE,\n`)));
    await page.getByText("2 guests added.").first().waitFor();
    // It can be looked at nevertheless, and added otherwise.
    await page.getByRole("button", { name: "How it was read" }).click();
    await page.getByText("Nobody yet. Add").waitFor();
    await page.getByRole("button", { name: "Add 2 guests" }).click();
    await check(page);
    await send(page);
    assert.equal(await finished(page), "Finished: 2 invited.");
    const mail = (await tenant.mails()).find((mail) => mail.to.startsWith("ada"));
    assert.deepEqual([mail.text, mail.landsOn ?? mail.lands_on], ["Hello Ada", "https://myapps.microsoft.com/own"]);
  }));

test("a file of many pieces is read as a whole, whatever its last line is written in, and again when somebody asks how", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const last = "ana@bücher.example,Jürgen Müller\n";
    const text = (name) => "Email,Name\n" + Array.from({ length: 60000 }, (_, number) => `g${number}@fabrikam.example,${name} the ${number}th\n`).join("") + last;
    for (const [name, buffer] of [
      ["utf-8.csv", Buffer.from(text("Jürgen Müller a guest of ours"))],
      // Nothing tells that it is not UTF-8 before its end.
      ["windows.csv", Buffer.from(text("John Miller a guest of ours from abroad"), "latin1")],
    ]) {
      assert.ok(buffer.length > 2 * 2 ** 20);
      await page.locator("#file").setInputFiles(file(name, buffer));
      if (name === "utf-8.csv") await page.getByText(`${name}: 60,001 guests added. 2 columns, all known.`).waitFor();
      else await page.getByRole("button", { name: "Add 60,001 guests" }).click();
      await page.getByText("60,001 guests, all ready.").waitFor();
      const { list } = await keeps(page, (draft) => draft.list.rows.length === 60001);
      assert.deepEqual(list.rows.at(-1).cells.slice(0, 2), ["ana@xn--bcher-kva.example", "Jürgen Müller"]);
      assert.match(list.rows[59999].cells[1], /^J.* of ours.* the 59999th$/);
      if (name !== "utf-8.csv") continue;
      await page.getByRole("button", { name: "How it was read …" }).click();
      await page.getByRole("heading", { name }).waitFor();
      await page.getByText("60,001 rows, 2 columns.").waitFor();
      await page.getByText("Nobody yet. Add the first").waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
    }
  }));

test("a file that comes slowly shows how far it is, and one that breaks off is told", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await halve(page);
    const lines = ["Email,Name", ...Array.from({ length: 60000 }, (_, number) => `guest.${number}@fabrikam.example,${"J".padEnd(60, "ü")} ${number}`)];
    const slow = file("slow.csv", Buffer.from(lines.join("\n")));
    const bar = page.getByRole("progressbar", { name: "Reading" });
    const choose = async () => {
      await page.locator("#file").setInputFiles(slow);
      await page.getByText("Reading slow.csv").waitFor();
      await eventually(async () => [await bar.getAttribute("value"), await bar.getAttribute("max")].map(Number), [slow.buffer.length >> 1, slow.buffer.length]);
    };
    await choose();
    await focused(page, "Cancel");
    await go(page, false);
    await page.getByText("slow.csv could not be read.").waitFor();
    await focused(page, /^slow\.csv could not be read\./);
    await page.getByText("It may have been moved or changed since it was chosen.").waitFor();
    await choose();
    await page.getByRole("button", { name: "Cancel" }).click();
    await go(page, true);
    await choose();
    await go(page, true);
    await page.getByText("slow.csv: 60,000 guests added.").waitFor();
    await page.getByText("60,000 guests, all ready.").waitFor();
  }));

test("leaving while a file is read ends the reading, and a run under way goes on", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, guests(300).join("\n"));
      await check(page);
      await send(page);
      await page.getByRole("button", { name: "Pause" }).waitFor();
      const invite = async () => {
        await page.getByRole("link", { name: "Invite", exact: true }).click();
        await page.getByRole("button", { name: "Import file" }).waitFor();
      };
      const runs = page.getByRole("heading", { name: "Runs", exact: true });
      const byLink = () => page.getByRole("link", { name: "Runs", exact: true }).click();
      await byLink();
      await runs.waitFor();
      await halve(page);
      const certain = (name, count) => file(name, Buffer.from(["Email,Name", ...Array.from({ length: count }, (_, number) => `a${number}@tailspin.example,Ada ${"ü".repeat(40)}`)].join("\n")));
      const guessed = file("guess.csv", Buffer.from(semicolons([HEAD, ...people(60000)]), "latin1"));
      for (const leave of [byLink, () => page.goBack()]) {
        // What is told, and the worker, come when the page is gone: at once, before the bar, behind it, and behind the beginning.
        for (const [name, isSlow, seen] of [
          ["small.csv", false, null],
          ["slow.csv", true, null],
          ["slow.csv", true, "Reading slow.csv"],
          ["guess.csv", true, "Reading the rest"],
        ]) {
          await invite();
          await page.evaluate((isSlow) => (globalThis.isSlow = isSlow), isSlow);
          await page.locator("#file").setInputFiles(name === "guess.csv" ? guessed : certain(name, isSlow ? 40000 : 3));
          if (seen) await page.getByText(seen).waitFor();
          await leave();
          await runs.waitFor();
          if (isSlow) await page.evaluate(() => globalThis.go?.(true));
          await pause(400);
          await eventually(() => page.workers().length, 0);
          assert.ok(!(await page.getByText("Guestlist has stopped.").isVisible()));
        }
      }
      await invite();
      assert.equal(await page.getByText("could not be read").or(page.getByText("Reading")).count(), 0);
      await page.evaluate(() => (globalThis.isSlow = false));
      await page.locator("#file").setInputFiles(certain("again.csv", 5));
      await page.getByText("again.csv: 5 guests added.").waitFor();
      assert.ok((await tenant.mails()).length < 300, "the run is still under way");
      await tenant.knobs({ latencyMs: 0 });
      await tenant.hasSent(300);
    },
    { knobs: { latencyMs: 1500 } },
  ));

test("the focus stays while the rest of a file comes, while it is read anew, and when it breaks off", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await halve(page);
    const long = file("long.csv", Buffer.from(semicolons([HEAD, ...people(90000)]), "latin1"));
    const encoding = page.getByRole("combobox", { name: "Encoding" });
    const begin = async () => {
      await page.locator("#file").setInputFiles(long);
      await page.getByText("Reading the rest").waitFor();
    };
    // The button that ends it is the same before and after.
    await begin();
    await page.getByRole("button", { name: "Cancel" }).focus();
    await go(page, true);
    const added = page.getByRole("button", { name: "Add 90,000 guests" });
    await added.waitFor();
    await focused(page, "Cancel");
    // By keyboard the encodings are gone through one by one; what is shown is not added while another one is wanted.
    await encoding.focus();
    const next = await encoding.evaluate((select) => select.options[select.selectedIndex + 2].value);
    const shown = await encoding.evaluate((select) => (globalThis.select = select).selectedOptions[0].value);
    assert.equal(shown, "windows-1252");
    await encoding.press("ArrowDown");
    await encoding.press("ArrowDown");
    await chosen(page, "Encoding", next);
    await added.and(page.locator("[aria-disabled=true]")).waitFor();
    await page.evaluate(() => [...document.querySelectorAll("button")].find((button) => button.innerText.startsWith("Add 90,000")).click());
    await page.getByText("Reading it anew").waitFor();
    await look(page, "anew");
    await encoding.selectOption("iso-8859-15");
    await go(page, true);
    await added.and(page.locator("[aria-disabled=false]")).waitFor();
    await chosen(page, "Encoding", "iso-8859-15");
    await page.getByText("Nobody yet. Add the first").waitFor();
    assert.ok(await encoding.evaluate((select) => select === globalThis.select && select === document.activeElement));
    // Nor is it when the button is pressed right after.
    await page.evaluate(() => {
      globalThis.isSlow = false;
      globalThis.select.value = "macintosh";
      globalThis.select.dispatchEvent(new Event("change", { bubbles: true }));
      [...document.querySelectorAll("button")].find((button) => button.innerText.startsWith("Add 90,000")).click();
    });
    await page.getByRole("row", { name: /^Western European \(Mac Roman\)/ }).getByText("Read like this now").waitFor();
    await page.getByText("Nobody yet. Add the first").waitFor();
    await added.click();
    const { list } = await keeps(page, (draft) => draft.list.rows.length === 90000);
    assert.ok(list.rows[0].cells.includes("J¸rgen"), "as Mac Roman reads it");
    // Another encoding for the beginning alone.
    await page.evaluate(() => (globalThis.isSlow = true));
    await begin();
    await encoding.focus();
    await encoding.selectOption("iso-8859-15");
    await page.getByText("Reading it anew").waitFor();
    assert.ok(await encoding.evaluate((select) => select === document.activeElement));
    await go(page, true);
    await added.waitFor();
    assert.ok(await encoding.evaluate((select) => select === document.activeElement));
    await page.getByRole("button", { name: "Cancel" }).click();
    // What cannot be read to its end says so where the beginning was.
    await begin();
    await go(page, false);
    await focused(page, /^long\.csv could not be read\./);
    await look(page, "broken-off");
  }));

test("the list of encodings is as wide as its words", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await open(page, "odd.csv", Buffer.from("Mail;Name\nada@fabrikam.example;J\u00fcrgen\n", "latin1"));
    const encoding = page.getByRole("combobox", { name: "Encoding" });
    const room = () =>
      encoding.evaluate((select) => {
        const own = select.cloneNode(true);
        own.style.width = "max-content";
        document.body.append(own);
        const wanted = own.offsetWidth;
        own.remove();
        return select.offsetWidth - wanted;
      });
    assert.ok((await room()) >= 0, `${await room()} px`);
    await page.setViewportSize({ width: 320, height: 640 });
    const [own, around] = await encoding.evaluate((select) => [select.getBoundingClientRect().right, select.closest(".file").getBoundingClientRect().right]);
    assert.ok(own <= around);
  }));

test("single quotes around cells are found, and can be taken for text", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const text = "'Email';'Name'\n'ada@fabrikam.example';'Lovelace; Ada'\n";
    await page.locator("#file").setInputFiles(file("quoted.csv", Buffer.from(text)));
    await page.getByText("1 guest added. 2 columns, all known.").waitFor();
    await page.getByText("Lovelace; Ada", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "How it was read …" }).click();
    await chosen(page, "Around cells stand", "Single quotes (')");
    await page.getByRole("combobox", { name: "Around cells stand" }).selectOption("Nothing");
    await page.getByText("1 row, 3 columns.").waitFor();
  }));

test("which of several sheets it is gets asked, and hidden rows are read only when somebody wants them", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const people = [["Email", "Name"], ["ada@fabrikam.example", "Ada"], ["bob@fabrikam.example", "Bob"], ["cyd@fabrikam.example", "Cyd"]];
    const book = workbook([{ name: "Berlin", rows: people.slice(0, 2) }, { name: "Paris", rows: people, hiddenRows: [2] }]);
    await open(page, "two.xlsx", book);
    await page.getByText("The workbook has 2 sheets with cells. Look whether this is the right one.").waitFor();
    await page.getByText("Nobody yet. Add the first").waitFor();
    const sheet = page.getByRole("combobox", { name: "Sheet" });
    await eventually(() => sheet.locator("option").allInnerTexts(), ["Berlin (2 rows)", "Paris (4 rows)"]);
    const hidden = page.getByRole("combobox", { name: "Hidden rows and columns" });
    assert.equal(await hidden.count(), 0, "nothing of this sheet is hidden");
    await sheet.selectOption("1");
    await page.getByText("1 row of the sheet is hidden or filtered away. It was left out.").waitFor();
    await page.getByText("2 rows, 2 columns.").waitFor();
    await hidden.selectOption("read");
    await page.getByText("1 row of the sheet is hidden or filtered away. It was read nevertheless.").waitFor();
    await page.getByText("3 rows, 2 columns.").waitFor();
    await hidden.selectOption({ label: "Left out" });
    await page.getByRole("button", { name: "Add 2 guests" }).click();
    const { list } = await keeps(page, (draft) => draft.list.rows.length === 2);
    assert.deepEqual(list.rows.map((row) => row.cells[0]), ["ada@fabrikam.example", "cyd@fabrikam.example"]);
  }));

test("what is no table is told, and reading can be cancelled", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await page.locator("#file").setInputFiles(file("broken.xlsx", Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(400, 7)])));
    await page.getByText("broken.xlsx could not be read.").waitFor();
    await look(page, "unreadable");
    await page.locator("#file").setInputFiles(file("large.csv", Buffer.from("Email\n" + "someone@fabrikam.example\n".repeat(100002))));
    await page.getByText("more than 100,000 rows").waitFor();
    // A reader that takes its time: its program is held back.
    await page.route("**/files_bg.wasm", () => {});
    await page.locator("#file").setInputFiles(file("long.csv", Buffer.from(semicolons([HEAD, ...people(100)]), "latin1")));
    await page.getByText("Reading long.csv").waitFor();
    const took = await page.evaluate(async () => {
      const began = performance.now();
      [...document.querySelectorAll("button")].find((button) => button.innerText === "Cancel").click();
      while (!document.getElementById("open-file")) await new Promise((resolve) => setTimeout(resolve, 0));
      return performance.now() - began;
    });
    assert.ok(took < 200, `${took} ms`);
    await page.unroute("**/files_bg.wasm");
    await add(page, "ada@fabrikam.example");
    await page.getByText("1 guest, all ready.").waitFor();
  }));

test("a file is opened, matched and sent by keyboard alone", () =>
  visit(browser, async (page) => {
    await signIn(page);
    // Once everything has been read the focus stays where it is put.
    await page.getByRole("region", { name: "Preview" }).getByText("Accept invitation").waitFor();
    const opener = page.getByRole("button", { name: "Import file" });
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), opener.press("Enter")]);
    await chooser.setFiles(file("two.csv", Buffer.from("Email,Full nmae\nada@fabrikam.example,Ada\nbob@fabrikam.example,Bob\n")));
    await page.waitForFunction(() => document.activeElement.id === "file-title");
    const tabTo = async (name) => {
      for (let steps = 0; steps < 40; steps += 1) {
        await page.keyboard.press("Tab");
        if ((await page.evaluate(() => document.activeElement.innerText)) === name) return;
      }
      assert.fail(`Tab does not reach ${name}`);
    };
    await tabTo("Add 2 guests");
    await page.keyboard.press("Enter");
    await page.getByText("2 guests, all ready.").waitFor();
    await page.waitForFunction(() => document.activeElement.id === "open-file");
    await tabTo("Check");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.id === "plan-title");
    await tabTo("Invite 2 guests");
    await page.keyboard.press("Enter");
    await beginNow(page);
    assert.equal(await finished(page), "Finished: 2 invited.");
  }));

// U 32, 33
test("what was chosen for columns is done again, fields are made of others, and pasted cells go the same way", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const head = "Emial\tFull nmae\tTeam";
    await add(page, `${head}\nada@fabrikam.example\tLovelace, Ada\tA\nbob@fabrikam.example\tBob de Boer\tB`);
    await page.getByRole("heading", { name: "Pasted cells" }).waitFor();
    await page.getByRole("combobox", { name: "Team becomes" }).selectOption("department");
    await page.getByRole("combobox", { name: "Also fill" }).selectOption("lastName");
    await page.getByRole("combobox", { name: "with", exact: true }).selectOption("Last name in Full nmae");
    await page.getByRole("button", { name: "Add field" }).click();
    await page.getByRole("list", { name: "Filled fields" }).getByText("Last name: Lovelace").waitFor();
    await look(page, "matching");
    await page.getByRole("button", { name: "Add 2 guests" }).click();
    const first = await keeps(page, ({ list }) => list.rows.length === 2);
    const says = ({ list }, row) => Object.fromEntries(list.columns.map(({ name }, at) => [name, list.rows[row].cells[at]]));
    assert.equal(says(first, 1).lastName, "de Boer");
    assert.equal(says(first, 1).department, "B");
    // The next file with these headings needs nobody to look.
    await page.locator("#file").setInputFiles(file("more.tsv", Buffer.from(`${head}\ncy@fabrikam.example\tCy Young\tC\n`)));
    await page.getByText("more.tsv: 1 guest added. 3 columns, all known.").waitFor();
    const { list } = await keeps(page, ({ list }) => list.rows.length === 3);
    assert.deepEqual([says({ list }, 2).lastName, says({ list }, 2).department], ["Young", "C"]);
  }));
