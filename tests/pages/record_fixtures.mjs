// Records tests/fixtures/promise: what one version of the page keeps in IndexedDB, made by driving that page. Later
// versions open it to prove that nobody loses anything by an upgrade. How to run it: README.md there.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { GRAPH, add, check, checkWithDirectory, eventually, finished, launch, send, signIn, tenant, visit } from "./helpers.mjs";
import { RECORDED, readDatabase } from "./stored.mjs";

/** The commit whose page is driven. A later page stores otherwise: `assertIsThatVersion` refuses what it sees of that. */
const FROM = "59a7be3";
const FOLDER = new URL("../fixtures/promise/", import.meta.url);

const LANGUAGES = ["de-AT", "en", "fr", "ja", "es-MX", "tr", "pl"];
const PEOPLE = [
  ["Jürgen", "Müller-Lüdenscheidt", "Bücher & Söhne; GmbH"],
  ["Ada", "Lovelace", "Fabrikam, Inc."],
  ["Chloé", "Lefèvre", "L’Été \"Sud\""],
  ["愛子", "佐藤", "佐藤商店"],
  ["José", "Núñez", ""],
  ["Işıl", "Çelik", "Tailspin"],
  ["Łucja", "Żółkiewska", "Świat Sp. z o.o."],
];

/** A list with a column that the page does not know, umlauts, and signs that files have to quote. */
function listOf(count, domain = "fabrikam.example") {
  const head = ["E-Mail-Adresse", "Vorname", "Nachname", "Firma", "Sprache", "Kürzel", "Abteilung"];
  const rows = Array.from({ length: count }, (_, number) => {
    const [first, last, company] = PEOPLE[number % PEOPLE.length];
    const language = LANGUAGES[number % LANGUAGES.length];
    return [`g${number}@${domain}`, first, `${last} ${number}`, company, language, String(number).padStart(7, "0"), number % 3 ? "Einkauf" : "Öffentlichkeitsarbeit"];
  });
  return [head, ...rows];
}

async function openList(page, rows) {
  const cell = (text) => (/[",;\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const text = rows.map((row) => row.map(cell).join(";")).join("\r\n");
  await page.locator("#file").setInputFiles({ name: "gäste.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByText(`${(rows.length - 1).toLocaleString("en")} guests added.`).first().waitFor();
}

const message = (page) => page.getByRole("textbox", { name: "Message" });

async function keepLetter(page, name, text) {
  await message(page).fill(text);
  await page.getByRole("textbox", { name: "Name of this letter" }).fill(name);
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  await page.getByRole("combobox", { name: "Take up a letter" }).getByRole("option", { name }).waitFor({ state: "attached" });
}

async function sendByMailbox(page) {
  await page.getByRole("combobox", { name: "Send by" }).selectOption("My mailbox");
  await page.getByRole("combobox", { name: "Take up a letter" }).selectOption("Welcome, in nine languages");
  await page.getByRole("button", { name: "Allow Mail.Send", exact: true }).click();
  await page.getByRole("button", { name: "Accept" }).click();
  await page.getByRole("region", { name: "Preview" }).waitFor();
}

/** Waits until the draft lies there like this: it is written a moment after the last edit. */
function isKept(context, isSo) {
  return eventually(() => readDatabase(context), ({ stores }) => assert.ok(isSo(stores.drafts), "the draft was not kept"));
}

/** The tab ends at once, with no question asked: as by a crash or the end of the power. */
const kill = (page) => page.close({ runBeforeUnload: false });

/** How many rows' journals end with what: `{ Left: 7, "Ended Invited": 40, … }`, for the one run of this database. */
function ends(database) {
  const last = new Map();
  for (const entry of Object.values(database.stores.entries).flatMap((chunk) => JSON.parse(chunk))) last.set(entry.row, entry.what);
  const word = (what) => (typeof what === "string" ? what : Object.keys(what)[0]);
  const counts = {};
  for (const what of last.values()) {
    const kind = what.Ended ? `Ended ${word(what.Ended)}` : word(what);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function assertHas(database, ...kinds) {
  const found = ends(database);
  for (const kind of kinds) assert.ok(found[kind] > 0, `no row ends with ${kind}: ${JSON.stringify(found)}. Record again.`);
}

/** Each makes one state and leaves it; `judge` says whether it is what the fixture is for. */
const FIXTURES = {
  draft: {
    recorded:
      "1,200 rows of a file with seven columns (one of them unknown) in seven languages and two more rows of people who are guests already; a letter of nine languages by drafts in the own mailbox, with a subject, fields, a condition, Copy to and Bcc; checked with the directory; chosen in the plan: resend for all who are invited already, skip for one of them, only add and another channel for one row each.",
    async make(page, context) {
      await signIn(page);
      await openList(page, listOf(1198));
      await add(page, "Grace Accepted <grace@fabrikam.example>; Linus Pending <linus@fabrikam.example>");
      await page.getByRole("combobox", { name: "Send by" }).selectOption("Drafts in my mailbox");
      await page.getByRole("combobox", { name: "Take up a letter" }).selectOption("Welcome, in nine languages");
      await page.getByRole("textbox", { name: "Copy to" }).fill("desk@contoso.example, boss@contoso.example");
      await page.getByRole("textbox", { name: "Bcc" }).fill("archive@contoso.example");
      await message(page).fill("Grüß Gott {{displayName|guest}},\n\n{{#if company}}we look forward to {{company}} ({{department}}, {{kürzel}}).{{/if}}\n\n{{redeemUrl}}\n\n{{inviter}}, {{tenant}}");
      await checkWithDirectory(page);
      const plan = page.getByRole("region", { name: "Plan" });
      await plan.getByRole("combobox", { name: "For all who are invited already" }).selectOption("Resend");
      await plan.getByRole("combobox", { name: "Step for grace@fabrikam.example" }).selectOption("Skip");
      await plan.getByRole("combobox", { name: "Step for g3@fabrikam.example" }).selectOption("Only add");
      await plan.getByRole("combobox", { name: "Channel for g4@fabrikam.example" }).selectOption("By hand");
      await isKept(context, (drafts) => Object.keys(JSON.parse(drafts.draft).choices.channels).length === 1);
    },
    judge({ stores }) {
      const { letter, choices, list } = JSON.parse(stores.drafts.draft);
      assert.deepEqual([letter.channel, letter.variants.length, choices.known, Object.keys(choices.rows).length], ["Drafts", 8, "Resend", 2]);
      assert.ok(list.columns.some(({ name }) => name === "kürzel"));
      assert.deepEqual(stores.runs, {});
    },
  },
  letters: {
    recorded:
      "Two letters kept under names, the second made the default; a file whose columns were guesses read with columns chosen by hand, so that they are remembered; one guest invited with the second letter, so that it is what was sent last; the new draft is empty but for that letter.",
    async make(page, context) {
      await signIn(page);
      await keepLetter(page, "Lieferanten 2026", "Sehr geehrte/r {{displayName|Gast}},\n\nwillkommen bei {{tenant}}.");
      await keepLetter(page, "Für Partner & Söhne", "Liebe/r {{firstName|Gast}} aus {{company|Ihrem Haus}},\n\nschön, dass Sie da sind.\n\n{{inviter}}");
      await page.getByRole("button", { name: "More with this letter" }).click();
      await page.getByRole("menuitem", { name: "Make it the default" }).click();
      await page.getByRole("option", { name: "Für Partner & Söhne (default)" }).waitFor({ state: "attached" });
      const odd = "Mail;Full nmae;Badge\nada@fabrikam.example;Ada Lovelace;007\n";
      await page.locator("#file").setInputFiles({ name: "odd.csv", mimeType: "text/csv", buffer: Buffer.from(odd) });
      await page.getByRole("combobox", { name: "Badge becomes" }).selectOption("company");
      await page.getByRole("button", { name: "Add 1 guest" }).click();
      await page.getByText("1 guest, all ready.").waitFor();
      await check(page);
      await send(page);
      await finished(page);
      await page.getByRole("link", { name: "Invite", exact: true }).click();
      await page.getByText("Nobody yet. Add the first guest above.").waitFor();
      await isKept(context, (drafts) => JSON.parse(drafts.draft).letter.message.startsWith("Liebe/r"));
    },
    judge({ stores: { drafts } }) {
      assert.ok(drafts["letters/Lieferanten 2026"] && Object.keys(drafts).some((key) => key.startsWith("columns/")));
      const { default: name, last } = JSON.parse(drafts.preselected);
      assert.deepEqual([name, last.message.slice(0, 7)], ["Für Partner & Söhne", "Liebe/r"]);
    },
  },
  finished: {
    recorded:
      "A run of 30 rows by Microsoft’s mail, checked with the directory, to its end: 22 invited (one of them a resend), 2 refused, 6 skipped (a duplicate, an address that is none, one of the own tenant, two guests, a member).",
    async make(page, context) {
      await signIn(page);
      await openList(page, listOf(21));
      await add(page, ["a@refused.example", "b@refused.example", "G0@fabrikam.example", "a+b@fabrikam.example", "x@contoso.example", "grace@fabrikam.example", "linus@fabrikam.example", "casey@tailspin.example", "blocked@fabrikam.example"].join("\n"));
      await message(page).fill("Dear {{displayName|guest}},\n\nwelcome to {{tenant}}.");
      await checkWithDirectory(page);
      await page.getByRole("combobox", { name: "Step for linus@fabrikam.example" }).selectOption("Resend");
      await send(page);
      assert.equal(await finished(page, 60000), "Finished: 22 invited, 2 refused, 6 skipped.");
    },
    judge: (database) => assertHas(database, "Ended Invited", "Ended Refused"),
  },
  "killed-inviting": {
    recorded: "A run of 120 rows by Microsoft’s mail, checked with the directory; the tab was killed when Graph had taken 60 of them and had answered for about 40.",
    knobs: { latencyMs: 400 },
    async make(page, context) {
      await signIn(page);
      await openList(page, listOf(120));
      await message(page).fill("Dear {{displayName|guest}},\n\nwelcome to {{tenant}}.");
      await checkWithDirectory(page);
      await page.getByRole("combobox", { name: "Pace" }).selectOption("At Microsoft’s limit");
      await send(page);
      await tenant.hasSent(60);
      await kill(page);
    },
    judge(database) {
      assertHas(database, "Left", "Created", "Ended Invited");
      const { Left, ...answered } = ends(database);
      const done = Object.values(answered).reduce((sum, count) => sum + count, 0);
      assert.ok(done >= 30 && done <= 60, `${done} of 120 were answered, ${Left} were not. Record again.`);
    },
  },
  "killed-letters": {
    recorded: "A run of 24 rows by letters of nine languages from the own mailbox; the tab was killed when everybody was invited and the mailbox had taken 9 letters, the last without an answer.",
    knobs: { mailMs: 1500 },
    async make(page, context) {
      await signIn(page);
      await openList(page, listOf(24));
      await sendByMailbox(page);
      await checkWithDirectory(page);
      await page.getByRole("combobox", { name: "Pace" }).selectOption("At Microsoft’s limit");
      await send(page);
      await page.getByText(/Everybody is invited\. \d+ letters are still to leave/).waitFor({ timeout: 60000 });
      await tenant.hasSent(9);
      await kill(page);
    },
    judge: (database) => assertHas(database, "LetterDue", "LetterLeft", "Ended Invited"),
  },
};

/** No address of a machine, no redeem link, and the same person and Graph every time. */
function cleaned(database, personId) {
  const links = new Map();
  const numbered = (link) => {
    if (!links.has(link)) links.set(link, `https://login.example/redeem/${links.size + 1}`);
    return links.get(link);
  };
  const text = JSON.stringify(database)
    .replaceAll(/http:\/\/localhost:\d+\/redeem\?[^"\\\s]+/g, numbered)
    .replaceAll(personId, RECORDED.personId)
    .replaceAll(GRAPH, RECORDED.graph);
  assert.doesNotMatch(text, /redeem\?|ticket=/, "a redeem link is left");
  const hosts = [...text.matchAll(/https?:\/\/[^/"\\\s]+/g)].map(([host]) => host);
  const known = [RECORDED.graph, "https://login.example", "https://myapps.microsoft.com"];
  assert.deepEqual([...new Set(hosts)].filter((host) => !known.includes(host)), []);
  return JSON.parse(text);
}

function assertIsThatVersion({ version, stores }) {
  assert.deepEqual([version, Object.keys(stores).sort()], [1, ["drafts", "entries", "runs"]], `this is not the page of ${FROM}`);
  const values = Object.values(stores).flatMap(Object.values);
  assert.ok(values.every((value) => typeof value === "string"), `this is not the page of ${FROM}`);
}

mkdirSync(FOLDER, { recursive: true });
const wanted = process.argv.slice(2);
const browser = await launch();
for (const [name, { recorded, make, judge, knobs }] of Object.entries(FIXTURES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  await visit(
    browser,
    async (page, context) => {
      await make(page, context);
      if (!page.isClosed()) await kill(page);
      const { id } = await tenant.user(RECORDED.person);
      const database = cleaned(await readDatabase(context), id);
      assertIsThatVersion(database);
      judge(database);
      const text = JSON.stringify({ from: FROM, recorded, database });
      writeFileSync(new URL(`${name}.json`, FOLDER), `${text}\n`);
      console.log(`${name}: ${text.length} characters, ${JSON.stringify(ends(database))}`);
    },
    { knobs, allow: ["ERR_"] },
  );
}
await browser.close();
