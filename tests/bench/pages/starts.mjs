// How long a start takes beside many finished runs: 20 of 50,000 rows each, made of a run that the page has sent, against a browser without
// any. A start is a reload of a page that somebody is signed in to, until *Add guests* can be typed in. `RUNS`, `ROWS` and `ROUNDS` in the
// environment make it shorter. The first start after the runs were put there reads them whole, as any run is once; it is told apart.
import { launch, PAGE, signIn, tenant, add, check, send, finished } from "../../pages/helpers.mjs";

const RUNS = Number(process.env.RUNS ?? 20);
const ROWS = Number(process.env.ROWS ?? 50_000);
const ROUNDS = Number(process.env.ROUNDS ?? 9);

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** From the reload until somebody can type, in milliseconds. */
async function start(page) {
  const began = performance.now();
  await page.reload({ waitUntil: "commit" });
  await page.locator("#add-guests").waitFor({ timeout: 600_000 });
  return performance.now() - began;
}

/** A signed-in page in a browser of its own. */
async function signedIn(browser, name) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(600_000);
  await signIn(page, name);
  await page.locator("#add-guests").waitFor();
  return page;
}

/** Makes of the run that lies there many runs of many rows. */
async function multiply(page) {
  return page.evaluate(
    async ({ runs, rows }) => {
      const answer = (request) => new Promise((resolve, reject) => ((request.onsuccess = () => resolve(request.result)), (request.onerror = () => reject(request.error))));
      const database = await answer(indexedDB.open("guestlist"));
      const read = (store, question) => answer(database.transaction(store).objectStore(store)[question]());
      const [id] = await read("runs", "getAllKeys");
      const header = JSON.parse((await read("runs", "getAll"))[0]);
      const keys = await read("entries", "getAllKeys");
      const texts = await read("entries", "getAll");
      const pieces = keys.map((key, place) => [key, texts[place]]).filter(([key]) => key.startsWith(`${id}/`)).map(([, text]) => JSON.parse(text));
      const [planned, listed] = [header.body.plan.rows[0], header.body.list.rows[0]];
      const lines = pieces.flatMap((piece) => piece.body.entries ?? []).filter((line) => line.row === planned.row);
      const address = planned.email;
      // A row as the first one is, with another address and number.
      const anew = (value, row, other) => ({ ...JSON.parse(JSON.stringify(value).replaceAll(address, other)), ...row });
      let number = 1000;
      let bytes = 0;
      for (let run = 0; run < runs; run++) {
        const own = crypto.randomUUID();
        const others = Array.from({ length: rows }, (_, row) => `guest${run}-${row}@fabrikam.example`);
        const list = { ...header.body.list, rows: others.map((other, row) => anew(listed, { id: row + 1 }, other)), next_id: rows + 1 };
        const plan = { ...header.body.plan, rows: others.map((other, row) => anew(planned, { row: row + 1 }, other)) };
        const begun = header.body.begun - (runs - run) * 86_400_000;
        const text = JSON.stringify({ ...header, body: { ...header.body, id: own, begun, list, plan } });
        bytes += text.length;
        const writing = database.transaction(["runs", "entries"], "readwrite");
        writing.objectStore("runs").put(text, own);
        const append = (body) => {
          const piece = JSON.stringify({ ...pieces[0], body });
          bytes += piece.length;
          writing.objectStore("entries").put(piece, `${own}/~${String(++number).padStart(12, "0")}`);
        };
        append({ begun });
        // As the page writes them: twenty rows that leave, and what became of them.
        for (let first = 0; first < rows; first += 20) {
          for (const line of lines) {
            append({ entries: others.slice(first, first + 20).map((other, place) => anew(line, { row: first + place + 1, at: begun }, other)) });
          }
        }
        writing.objectStore("entries").put(String(number), "~sequence");
        await new Promise((resolve, reject) => ((writing.oncomplete = resolve), (writing.onerror = () => reject(writing.error))));
      }
      database.close();
      return bytes;
    },
    { runs: RUNS, rows: ROWS },
  );
}

/** Of how many runs a summary is kept. */
function summaries(page) {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open("guestlist");
        opening.onsuccess = () => {
          const asking = opening.result.transaction("entries").objectStore("entries").getAllKeys(IDBKeyRange.bound("~summary ", "~summary ~"));
          asking.onsuccess = () => (opening.result.close(), resolve(asking.result.length));
          asking.onerror = () => reject(asking.error);
        };
      }),
  );
}

const [empty, full] = [await launch(), await launch()];
try {
  await tenant.reset();
  const pages = [await signedIn(empty, "user-admin@contoso.example"), await signedIn(full, "guest-inviter@contoso.example")];
  const [, page] = pages;
  await add(page, "model@fabrikam.example");
  await check(page);
  await send(page);
  await finished(page);
  const bytes = await multiply(page);
  console.log(`${RUNS} finished runs of ${ROWS} rows: ${(bytes / 1e6).toFixed(0)} MB of text in the browser`);
  await page.goto(PAGE);
  const began = performance.now();
  await start(page);
  // What is found out of each run is kept behind the page's back.
  while ((await summaries(page)) < RUNS + 1) await new Promise((resolve) => setTimeout(resolve, 1000));
  console.log(`reading them whole, once: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  const took = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [place, page] of pages.entries()) took[place].push(await start(page));
  }
  const [without, beside] = took.map(median);
  console.log(`a start without runs ${without.toFixed(0)} ms, beside them ${beside.toFixed(0)} ms: ${(beside / without).toFixed(2)} (asked: 0.90 to 1.10), median of ${ROUNDS}`);
  const checked = performance.now();
  await add(page, "somebody-new@fabrikam.example, guest0-1@fabrikam.example");
  await check(page);
  console.log(`*Check* of two guests beside them: ${(performance.now() - checked).toFixed(0)} ms`);
} finally {
  await empty.close();
  await full.close();
}
