// Letters: each guest in their language, by the way that fits, once. U 20, 57 of ux.md, and the ways of sending.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import jsqr from "jsqr";
import { GRAPH, PATIENCE, add, check, checkWithDirectory, clipboard, eventually, finished, launch, leaveBy, look, send, signIn, signInAgain, tenant, visit } from "../helpers.mjs";

let browser, folder;
before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "guestlist-"));
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const LANGUAGES = ["en", "de-AT", "fr", "es-MX", "ja"];
const GREETINGS = { en: "Hello", "de-AT": "Guten Tag", fr: "Bonjour", "es-MX": "Hola", ja: "Sato" };
const first = (number) => ["Ada", "Jürgen", "Chloé", "José", "愛子"][number % 5];

/** A file of fifty guests, ten in each of five languages. */
function fifty() {
  const rows = Array.from({ length: 50 }, (_, number) => `guest${number}@fabrikam.example,${first(number)},Sato,${LANGUAGES[number % 5]}`);
  return { name: "fifty.csv", mimeType: "text/csv", buffer: Buffer.from(["Email,First name,Last name,Language", ...rows].join("\n")) };
}

async function takeUp(page, channel) {
  await page.getByRole("combobox", { name: "Send by" }).selectOption(channel);
  await page.getByRole("combobox", { name: "Take up a letter" }).selectOption("Welcome, in nine languages");
}

/** Allows what is needed, by the button that offers it, and comes back to the letter. */
async function allow(page, words) {
  await page.getByRole("button", { name: words, exact: true }).click();
  await page.getByRole("button", { name: "Accept" }).click();
  await page.getByRole("button", { name: "Account" }).waitFor();
  await page.getByRole("region", { name: "Preview" }).waitFor();
}

/** Everybody on the list was written to once, in their own language, with a link that works. */
async function everybodyHasTheirLetter(page, kind) {
  const mails = await tenant.mails();
  assert.equal(mails.length, 50);
  assert.deepEqual(new Set(mails.map((mail) => mail.to)).size, 50);
  for (const mail of mails) {
    const number = Number(/guest(\d+)@/.exec(mail.to)[1]);
    assert.equal(mail.kind, kind);
    assert.ok(mail.text.startsWith(GREETINGS[LANGUAGES[number % 5]]), `${mail.to}: ${mail.text.slice(0, 40)}`);
    assert.ok(mail.text.includes(first(number)), mail.to);
  }
  // One of each language is read in the mail room and accepted there.
  const room = await page.context().newPage();
  for (let number = 0; number < 5; number += 1) {
    const place = mails.findIndex((mail) => mail.to === `guest${number}@fabrikam.example`);
    await room.goto(`${GRAPH}/mail/${place}`);
    await room.getByRole("link", { name: kind === "letter" ? /redeem/ : /./ }).first().click();
    await room.getByRole("button", { name: "Accept" }).click();
    await room.getByText("Welcome to Contoso").waitFor();
    assert.equal((await tenant.user(mails[place].to)).externalUserState, "Accepted");
  }
  await room.close();
}

test("fifty guests in five languages are written to by Microsoft’s mail, each in their own", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await page.locator("#file").setInputFiles(fifty());
    await page.getByText("50 guests added.").first().waitFor();
    await takeUp(page, "Microsoft’s mail");
    const preview = page.getByRole("region", { name: "Preview" });
    await preview.getByText("Hello Ada Sato,").first().waitFor();
    await page.getByRole("button", { name: "Next guest" }).click();
    await preview.getByText("Guten Tag Jürgen Sato,").first().waitFor();
    await preview.getByText("Die Schaltfläche in dieser Mail führt Sie hin.").first().waitFor();
    assert.match(await checkWithDirectory(page), /50 guests will be invited to Contoso over 5 days, by Microsoft’s mail\./);
    await page.getByRole("combobox", { name: "Pace" }).selectOption("At Microsoft’s limit");
    await send(page);
    assert.equal(await finished(page, 60000), "Finished: 50 invited.");
    await everybodyHasTheirLetter(page, "invitation");
  }));

test("fifty guests in five languages are written to from one’s own mailbox, thirty a minute", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await page.locator("#file").setInputFiles(fifty());
    await page.getByText("50 guests added.").first().waitFor();
    await takeUp(page, "My mailbox");
    await allow(page, "Allow Mail.Send");
    const plan = await checkWithDirectory(page);
    assert.match(plan, /50 guests will be invited to Contoso over 5 days, by your own letter from your mailbox\./);
    assert.match(plan, /30 letters a minute, so 50 take about 2 minutes/);
    await page.getByRole("combobox", { name: "Pace" }).selectOption("At Microsoft’s limit");
    await send(page);
    await page.getByText(/Everybody is invited\. \d+ letters are still to leave/).waitFor();
    assert.equal(await finished(page, 240_000), "Finished: 50 invited.");
    await everybodyHasTheirLetter(page, "letter");
    const sent = (await tenant.log()).filter((line) => line.path === "/me/sendMail");
    assert.deepEqual([sent.length, sent.every((line) => line.status === 202)], [50, true]);
    const japanese = (await tenant.mails()).find((mail) => mail.to === "guest4@fabrikam.example");
    assert.deepEqual([japanese.language, japanese.subject], ["ja", "Contoso:ゲストアクセスのご用意ができました"]);
    assert.match(japanese.html, /<html lang="ja">/);
    assert.match(japanese.html, />招待を承諾する<\/a>/);
  }));

test("a mailbox that fails in mid-run is told, and after a reload nobody is invited or written to twice", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, Array.from({ length: 12 }, (_, number) => `g${number}@fabrikam.example`).join("\n"));
      await takeUp(page, "My mailbox");
      await allow(page, "Allow Mail.Send");
      await checkWithDirectory(page);
      await send(page);
      await page.getByText("Microsoft refused: sending from your mailbox needs the permission Mail.Send.").first().waitFor({ timeout: 60000 });
      await eventually(async () => (await tenant.mails()).length, 4);
      await page.getByRole("table", { name: "Outcomes" }).getByText("Invited, no letter").first().waitFor();
      await look(page, "letters-halted");
      await tenant.knobs({ mailFault: "" });
      await page.reload();
      await page.getByRole("button", { name: "Try failed again" }).click();
      // The tab is reloaded once more while letters leave.
      await tenant.hasSent(7);
      page.once("dialog", (dialog) => dialog.accept());
      await page.reload();
      await page.getByRole("button", { name: "Resume" }).click();
      const end = await finished(page, 90000);
      const mails = await tenant.mails();
      const unsure = Number(/(\d+) invited with an unsure letter/.exec(end)?.[1] ?? 0);
      assert.ok(mails.length >= 12 - unsure && unsure <= 1, `${end}, ${mails.length} letters`);
      assert.equal(new Set(mails.map((mail) => mail.to)).size, mails.length, "somebody was written to twice");
      const there = (await tenant.users()).filter((user) => /^g\d+@fabrikam/.test(user.mail));
      assert.equal(there.length, 12);
      const asked = (await tenant.log()).filter((line) => line.path === "/invitations");
      assert.equal(asked.length, 12, "somebody was invited twice");
    },
    { knobs: { mailFault: "denied", mailFaultAfter: 4 }, allow: ["403"] },
  ));

// Case 43
test("letters that a mailbox took and brings back are called handed over, and it is said where they show", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, "ada@fabrikam.example\nbob@fabrikam.example");
      await takeUp(page, "My mailbox");
      await allow(page, "Allow Mail.Send");
      await checkWithDirectory(page);
      await send(page);
      await finished(page, 60000);
      await page.getByText("2 letters were handed to your mailbox").waitFor();
      await page.getByText("comes back to its Inbox as “Undeliverable”").waitFor();
      assert.deepEqual((await tenant.mails()).map(({ kind }) => kind), ["undeliverable", "undeliverable"]);
    },
    { knobs: { mailFault: "returned" } },
  ));

test("a run that another tab goes on with asks for what its letters need, and sends them once", () =>
  visit(
    browser,
    async (page, context) => {
      await signIn(page);
      await add(page, "a@fabrikam.example\nb@fabrikam.example\nc@fabrikam.example");
      await takeUp(page, "My mailbox");
      await allow(page, "Allow Mail.Send");
      await checkWithDirectory(page);
      await send(page);
      await page.getByText("Microsoft refused: sending from your mailbox needs the permission Mail.Send.").first().waitFor();
      // What became of every row is in the journal by then: a tab that closes earlier leaves letters that are unsure.
      await page.getByRole("button", { name: "Try failed again" }).waitFor();
      const address = page.url();
      await page.close();
      await tenant.knobs({ mailFault: "" });
      const other = await context.newPage();
      other.setDefaultTimeout(PATIENCE);
      await signInAgain(other);
      await other.goto(address);
      await other.getByText("The letters of this run need a permission that this tab does not have yet.").waitFor();
      await leaveBy(other, () => other.getByRole("button", { name: "Allow it" }).click());
      await other.getByRole("button", { name: "Try failed again" }).waitFor();
      await other.getByText("The letters of this run need a permission").waitFor({ state: "detached" });
      await other.getByRole("button", { name: "Try failed again" }).click();
      // How it had ended before stands there until the run moves again.
      await eventually(() => finished(other), "Finished: 3 invited.");
      assert.deepEqual((await tenant.mails()).map((mail) => mail.to).sort(), ["a@fabrikam.example", "b@fabrikam.example", "c@fabrikam.example"]);
    },
    { knobs: { mailFault: "denied", mailFaultAfter: 1 }, allow: ["403"] },
  ));

test("drafts lie in the mailbox, chats go to sponsors, and a row may go its own way", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const list = ["Email,Name,Sponsor", "ada@fabrikam.example,Ada,member@contoso.example", "bob@fabrikam.example,Bob,"].join("\n");
    await page.locator("#file").setInputFiles({ name: "two.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
    await page.getByText("2 guests added.").first().waitFor();
    await takeUp(page, "Teams, to the sponsor");
    await allow(page, "Allow Chat.Create and ChatMessage.Send");
    await checkWithDirectory(page);
    await page.getByRole("combobox", { name: "Channel for bob@fabrikam.example" }).selectOption("Drafts in my mailbox");
    const plan = page.getByRole("region", { name: "Plan" });
    await plan.getByText("2 guests will be invited to Contoso now: 1 with a draft in your mailbox for each; 1 with a Teams message").waitFor();
    // What the other way needs is asked for before anybody is invited.
    await plan.getByText("It asks for Mail.ReadWrite.").waitFor();
    assert.equal(await page.getByRole("button", { name: /^Invite \d/ }).count(), 0);
    await allow(page, "Allow it");
    // What was chosen for the row is still chosen.
    await check(page);
    await eventually(() => page.getByRole("combobox", { name: "Channel for bob@fabrikam.example" }).inputValue(), "drafts");
    await send(page);
    assert.equal(await finished(page), "Finished: 2 invited.");
    const [drafts, chats] = await Promise.all(["drafts", "chats"].map(async (name) => (await fetch(`${GRAPH}/_tenant/${name}.json`)).json()));
    assert.deepEqual([(await tenant.mails()).length, drafts.mails.length, chats.messages.length], [0, 1, 1]);
    assert.equal(drafts.mails[0].to, "bob@fabrikam.example");
    assert.equal(chats.messages[0].to, "member@contoso.example");
    assert.match(chats.messages[0].html, /For <b>Ada &lt;ada@fabrikam\.example&gt;<\/b>, to pass on:/);
    assert.match(chats.messages[0].html, /href="http:\/\/localhost:\d+\/redeem\?rd=/);
  }));

test("letters as files are read by Python’s email, and codes by a decoder of their own", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      const list = ["Email;Name;First name;Last name;Language", "ada@fabrikam.example;Ada \"the first\" Lovelace;Ada;Lovelace;", "jurgen@fabrikam.example;Jürgen Müller-Lüdenscheidt;Jürgen;Müller;de", "aiko@fabrikam.example;佐藤愛子;愛子;佐藤;ja", "noor@fabrikam.example;نور;نور;;"].join("\n");
      await page.locator("#file").setInputFiles({ name: "four.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
      await page.getByText("4 guests added.").first().waitFor();
      await takeUp(page, "Files");
      // Case 44: which programs can send them is said before there are any.
      await page.getByText("Only classic Outlook for Windows opens mail files as drafts to send").waitFor();
      await page.getByRole("textbox", { name: "Copy to" }).fill("desk@contoso.example, boss@contoso.example");
      await page.getByRole("textbox", { name: "Bcc" }).fill("archive@contoso.example");
      assert.match(await checkWithDirectory(page), /4 guests will be invited to Contoso now, without a mail; their letters come as files\./);
      await send(page);
      assert.equal(await finished(page), "Finished: 4 invited.");
      assert.equal((await tenant.mails()).length, 0);
      await page.getByText("Letters and links of 4 guests").waitFor();
      assert.ok(!(await page.locator("body").innerText()).includes("/redeem?"), "links are hidden until they are asked for");
      const take = async (name) => {
        const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).click()]);
        const path = join(folder, download.suggestedFilename());
        await download.saveAs(path);
        return path;
      };
      const csv = readFileSync(await take("Download links for a mail merge"), "utf8");
      const links = [...csv.matchAll(/"(http:\/\/localhost:\d+\/redeem\?rd=[^"]+)"/g)].map((match) => match[1]);
      assert.equal(links.length, 4);
      assert.match(csv, /^\uFEFF"Email","Name","First name","Company","Last name","Language","RedeemUrl","Subject","Letter","LetterLanguage"/);
      assert.ok(readFileSync(await take("Download links for Excel")).subarray(0, 2).equals(Buffer.from("PK")));
      const letters = JSON.parse(execFileSync("python3", ["read_letters.py", await take("Download mail files")], { encoding: "utf8" }));
      assert.equal(letters.length, 4);
      for (const [place, letter] of letters.entries()) {
        assert.deepEqual(letter.defects, [], letter.name);
        assert.deepEqual(letter.kinds, ["text/plain", "text/html"]);
        assert.deepEqual([letter.encodings, letter.charsets], [["base64", "base64"], ["utf-8", "utf-8"]]);
        assert.deepEqual([letter.type, letter.unsent], ["multipart/alternative", "1"]);
        assert.deepEqual(letter.cc, ["desk@contoso.example", "boss@contoso.example"]);
        assert.deepEqual(letter.bcc, ["archive@contoso.example"]);
        assert.ok(letter.text.includes(links[place]), letter.name);
        assert.ok(letter.html.includes(links[place].replaceAll("&", "&amp;")), letter.name);
      }
      assert.deepEqual(letters.map((letter) => letter.toName), ['Ada "the first" Lovelace', "Jürgen Müller-Lüdenscheidt", "佐藤愛子", "نور"]);
      assert.deepEqual(letters.map((letter) => letter.language), ["en-US", "de", "ja", "en-US"]);
      assert.equal(letters[1].subject, "Contoso: Ihr Gastzugang ist bereit");
      assert.ok(letters[2].text.startsWith("佐藤 愛子 様"), letters[2].text.slice(0, 20));
      // The sheet stands alone: no script, nothing fetched.
      const sheet = readFileSync(await take("Download sheet with QR codes"), "utf8");
      assert.doesNotMatch(sheet, /<script|<link|src=/);
      const paper = await page.context().newPage();
      await paper.setContent(sheet);
      const pictures = await paper.evaluate(async () =>
        Promise.all([...document.querySelectorAll("svg")].map(async (svg) => {
          const picture = new Image();
          const text = new XMLSerializer().serializeToString(svg);
          picture.src = `data:image/svg+xml;base64,${btoa(text)}`;
          await picture.decode();
          const canvas = Object.assign(document.createElement("canvas"), { width: 600, height: 600 });
          const drawing = canvas.getContext("2d");
          drawing.fillStyle = "white";
          drawing.fillRect(0, 0, 600, 600);
          drawing.drawImage(picture, 0, 0, 600, 600);
          return [...drawing.getImageData(0, 0, 600, 600).data];
        })),
      );
      const read = pictures.map((picture) => (jsqr.default ?? jsqr)(Uint8ClampedArray.from(picture), 600, 600)?.data);
      assert.deepEqual(read, links);
      await paper.close();
      await look(page, "letters-files");
    },
    { acceptDownloads: true },
  ));

// U 57
test("the end of a run has counts, the new guests, links to copy, a report, and a way to invite more", () =>
  visit(
    browser,
    async (page, context) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      await signIn(page);
      await add(page, "Ada Lovelace <ada@fabrikam.example>\nbob@refused.example");
      await checkWithDirectory(page);
      await send(page);
      assert.equal(await finished(page), "Finished: 1 invited, 1 refused.");
      await page.getByRole("button", { name: "Copy redeem links" }).click();
      await clipboard(page, /^ada@fabrikam\.example\thttp:\/\/localhost:\d+\/redeem\?rd=\S+\n$/);
      const [report] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download report", exact: true }).click()]);
      assert.doesNotMatch(readFileSync(await report.path(), "utf8"), /redeem/);
      await page.getByRole("link", { name: "New guests" }).click();
      await eventually(() => page.getByRole("table", { name: "Outcomes" }).getByRole("rowheader").count(), 1);
      // A run by Microsoft's mail without a word has letters to hand over all the same.
      await page.getByText("Letters and links of 1 guest").click();
      const [parcel] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download mail files" }).click()]);
      const path = join(folder, parcel.suggestedFilename());
      await parcel.saveAs(path);
      const [letter] = JSON.parse(execFileSync("python3", ["read_letters.py", path], { encoding: "utf8" }));
      assert.match(letter.text, /^Hello Ada Lovelace,[^]*\/redeem\?rd=/);
      await page.getByRole("link", { name: "Invite more" }).click();
      await page.getByRole("textbox", { name: "Add guests" }).waitFor();
    },
    { acceptDownloads: true },
  ));

test("by hand: one letter or link is copied, handed to a mail program, or saved", () =>
  visit(
    browser,
    async (page, context) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      await signIn(page);
      await add(page, "Ada Lovelace <ada@fabrikam.example>");
      await takeUp(page, "By hand");
      assert.match(await checkWithDirectory(page), /1 guest will be invited to Contoso now, without a mail; their links are yours to pass on\./);
      await send(page);
      await finished(page);
      await page.getByRole("button", { name: "Details of ada@fabrikam.example" }).click();
      const show = page.getByRole("button", { name: "Show redeem link" });
      await show.waitFor();
      assert.ok(!(await page.locator("body").innerHTML()).includes("/redeem?"), "hidden until asked for");
      await show.click();
      await page.getByRole("button", { name: "Copy letter" }).click();
      await clipboard(page, /^Hello Ada Lovelace,[^]*\/redeem\?rd=[^]*Gita Inviter/);
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download .eml" }).click()]);
      assert.equal(download.suggestedFilename(), "ada@fabrikam.example.eml");
      await look(page, "letters-by-hand");
      assert.doesNotMatch(await page.evaluate(() => location.href), /redeem/);
      // The browser hands mailto: over; the page itself stays.
      await page.getByRole("button", { name: "Write in my mail program" }).click();
      await page.getByRole("button", { name: "Copy letter" }).waitFor();
    },
    { acceptDownloads: true },
  ));

test("who has no mailbox hears of it before anything is sent", () =>
  visit(browser, async (page) => {
    await signIn(page, "no-mailbox@contoso.example");
    await page.getByText("Microsoft would send the invitation but drop your message").waitFor();
    await add(page, "ada@fabrikam.example");
    await takeUp(page, "My mailbox");
    await page.getByText("It hardly has a mailbox to send from.").waitFor();
    await allow(page, "Allow Mail.Send");
    assert.match(await checkWithDirectory(page), /The run would stop at the first letter/);
    assert.equal((await tenant.log()).filter((line) => line.method === "POST").length, 0);
    // And who sends all the same loses one letter and no guest.
    await send(page);
    await page.getByText("Your account has no mailbox that Graph can send from.").first().waitFor();
  }, { allow: ["404"] }));

// U 20
test("a letter is tried on oneself, as a file and as text, before anybody is invited", () =>
  visit(
    browser,
    async (page, context) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      await signIn(page);
      await add(page, "Ada Lovelace <ada@fabrikam.example>");
      await takeUp(page, "My mailbox");
      await allow(page, "Send this letter to me (asks for Mail.Send)");
      await page.getByRole("button", { name: "Send this letter to me", exact: true }).click();
      await page.getByText("Sent to guest-inviter@contoso.example. The personal link in it is a sample.").waitFor();
      const [mail] = await tenant.mails();
      assert.deepEqual([mail.to, mail.cc, mail.subject], ["guest-inviter@contoso.example", [], "[Test] Contoso: your guest access is ready"]);
      assert.ok(mail.text.startsWith("Hello Ada Lovelace,") && mail.text.includes("(the guest’s personal link)"), mail.text);
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download .eml" }).click()]);
      assert.equal(download.suggestedFilename(), "ada@fabrikam.example.eml");
      await page.getByRole("button", { name: "Copy text" }).click();
      await clipboard(page, /^Hello Ada Lovelace,/);
      assert.equal((await tenant.users()).some((user) => user.mail === "ada@fabrikam.example"), false);
      // Graph wants a fresh proof: it is given, and the letter leaves then.
      await tenant.knobs({ stepUp: true });
      const send = page.getByRole("button", { name: "Send this letter to me", exact: true });
      await send.click();
      const again = page.getByRole("button", { name: "Sign in again" });
      await again.waitFor();
      assert.equal((await tenant.mails()).length, 1);
      const question = await leaveBy(page, () => again.click());
      assert.match(new URL(question.url()).searchParams.get("claims"), /acrs/);
      await send.click();
      await page.getByText("Sent to guest-inviter@contoso.example. The personal link in it is a sample.").waitFor();
      assert.equal((await tenant.mails()).length, 2);
    },
    { acceptDownloads: true, allow: ["status of 401"] },
  ));
