// What the page keeps in IndexedDB, read and written from outside of it, and the fixtures of earlier versions
// (tests/fixtures/promise). All of it happens on config.json: the same origin, and no program that would meddle.
import { readFileSync } from "node:fs";
import { GRAPH, PAGE, tenant } from "./helpers.mjs";

/** Whom and which Graph the fixtures name. Every tenant has other ones: `restore` puts them in. */
export const RECORDED = {
  person: "guest-inviter@contoso.example",
  personId: "9e57115f-c070-4050-a000-c0ffee00000a",
  graph: "http://localhost:8082",
};

/** A fixture of tests/fixtures/promise, by its name without `.json`. */
export function fixture(name) {
  return JSON.parse(readFileSync(new URL(`../fixtures/promise/${name}.json`, import.meta.url), "utf8"));
}

async function aside(context, work) {
  const page = await context.newPage();
  try {
    // Chromium asks for an icon of a page that names none.
    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    await page.goto(`${PAGE}config.json`);
    return await work(page);
  } finally {
    await page.close();
  }
}

/** The whole database of the page: `{ name, version, stores: { store: { key: text } } }`. */
export function readDatabase(context, name = "guestlist") {
  return aside(context, (page) =>
    page.evaluate(async (name) => {
      const answer = (request) => new Promise((resolve, reject) => ((request.onsuccess = () => resolve(request.result)), (request.onerror = () => reject(request.error))));
      const database = await answer(indexedDB.open(name));
      const stores = {};
      for (const store of database.objectStoreNames) {
        const held = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([answer(held.getAllKeys()), answer(held.getAll())]);
        stores[store] = Object.fromEntries(keys.map((key, place) => [key, values[place]]));
      }
      const { version } = database;
      database.close();
      return { name, version, stores };
    }, name),
  );
}

/** Lays a database there as it is, in the place of one that is there. No page of this browser may have it open. */
export function writeDatabase(context, database) {
  return aside(context, (page) =>
    page.evaluate(async ({ name, version, stores }) => {
      const answer = (request) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
          request.onblocked = () => reject(new Error("some page has the database open"));
        });
      await answer(indexedDB.deleteDatabase(name));
      const opening = indexedDB.open(name, version);
      opening.onupgradeneeded = () => Object.keys(stores).forEach((store) => opening.result.createObjectStore(store));
      const opened = await answer(opening);
      const writing = opened.transaction(Object.keys(stores), "readwrite");
      for (const [store, records] of Object.entries(stores)) {
        for (const [key, value] of Object.entries(records)) writing.objectStore(store).put(value, key);
      }
      await new Promise((resolve, reject) => ((writing.oncomplete = resolve), (writing.onerror = () => reject(writing.error))));
      opened.close();
    }, database),
  );
}

/**
 * Changes records that lie there, `most` at most; `change` gets a text and says what stands there instead. Other pages may be
 * open. How many it changed.
 */
export async function changeRecords(context, store, change, most = 1) {
  const { name, stores } = await readDatabase(context);
  const changed = Object.entries(stores[store])
    .map(([key, text]) => [key, text, change(text)])
    .filter(([, before, after]) => before !== after)
    .slice(0, most)
    .map(([key, , after]) => [key, after]);
  await aside(context, (page) =>
    page.evaluate(
      ({ name, store, changed }) =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open(name);
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const writing = opening.result.transaction(store, "readwrite");
            for (const [key, text] of changed) writing.objectStore(store).put(text, key);
            writing.oncomplete = () => (opening.result.close(), resolve());
            writing.onerror = () => reject(writing.error);
          };
        }),
      { name, store, changed },
    ),
  );
  return changed.length;
}

/** Puts a fixture into this browser as if the person of this tenant had left it here. Before the page is opened. */
export async function restore(context, { database }) {
  const { id } = (await tenant.users()).find((user) => user.mail === RECORDED.person);
  const own = JSON.stringify(database).replaceAll(RECORDED.personId, id).replaceAll(RECORDED.graph, GRAPH);
  await writeDatabase(context, JSON.parse(own));
}
