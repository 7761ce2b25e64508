// What a host sends with the page, and what the browser refuses: files that were changed, markup and workers that are not ours.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { INTRANET, PAGE, caseFile, eventually, launch, signIn, visit } from "../helpers.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Everything that the console says, from warnings on. */
function listen(page) {
  const said = [];
  page.on("console", (message) => {
    if (["warning", "error"].includes(message.type())) said.push(message.text());
  });
  return said;
}

/** Answers requests for such a file with another that would work as well, `times` times. */
async function tamper(context, pattern, times = Infinity) {
  let changed = 0;
  await context.route(pattern, async (route) => {
    if (changed >= times) return route.continue();
    changed += 1;
    const response = await route.fetch();
    // A line, or a section of WebAssembly without a name and content.
    const more = route.request().url().endsWith(".js") ? "\n" : Buffer.from([0, 1, 0]);
    await route.fulfill({ response, body: Buffer.concat([await response.body(), Buffer.from(more)]) });
  });
}

/** The page's last words, once all of this is among them. */
async function failed(page, ...words) {
  const box = page.locator("#failed");
  await box.waitFor();
  return eventually(() => box.textContent(), (said) => words.forEach((part) => assert.match(said, part)));
}

const refused = { allow: ["Failed to find a valid digest", "SRI's integrity checks failed", "TypeError: Failed to fetch"] };

test("the page starts, signs in and is ready without a word in the console", () =>
  visit(browser, async (page) => {
    const said = listen(page);
    await signIn(page);
    // A preload that nobody used is told five seconds after the page has loaded.
    await page.goto(PAGE);
    await page.getByRole("button", { name: "Account" }).waitFor();
    await page.waitForTimeout(6000);
    assert.deepEqual(said, []);
  }));

test("the host's headers come with every file, and only the page is kept apart from who opened it", () =>
  visit(browser, async (page) => {
    for (const path of ["", "index.html", "auth.html", "auth.js", "boot.js", "cannot-start.js", "config.json", "icon.svg"]) {
      const headers = (await fetch(PAGE + path)).headers;
      assert.match(headers.get("content-security-policy"), /require-trusted-types-for 'script'; .*frame-ancestors 'self' /, path);
      assert.match(headers.get("permissions-policy"), /camera=\(\)/, path);
      assert.match(headers.get("strict-transport-security"), /^max-age=31536000$/, path);
      assert.equal(headers.get("x-content-type-options"), "nosniff", path);
      assert.equal(headers.get("referrer-policy"), "no-referrer", path);
      const isPage = ["", "index.html"].includes(path);
      assert.equal(headers.get("cross-origin-opener-policy"), isPage ? "same-origin-allow-popups" : null, path);
    }
    await page.goto(PAGE);
    const allowed = await page.evaluate(() => document.featurePolicy.allowedFeatures());
    for (const feature of ["camera", "microphone", "geolocation", "clipboard-read", "display-capture", "usb", "payment", "fullscreen"]) {
      assert.ok(!allowed.includes(feature), feature);
    }
    assert.ok(allowed.includes("clipboard-write"), "copy buttons");
  }));

test("a window that another site opens cannot be reached from there; one of the redirect page can", () =>
  visit(browser, async (page, context) => {
    await page.goto(INTRANET);
    const open = async (path) => {
      const opening = context.waitForEvent("page");
      await page.evaluate((address) => void (window.opened = window.open(address)), PAGE + path);
      return opening;
    };
    const ours = await open("");
    await ours.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    assert.equal(await ours.evaluate(() => window.opener), null);
    await page.waitForFunction(() => window.opened.closed);
    await ours.close();
    // The redirect page goes on to the page by itself; without an answer it stays, to be looked at.
    await context.route(PAGE, (route) => route.fulfill({ status: 204 }));
    const redirect = await open("auth.html?nothing");
    await redirect.waitForURL(`${PAGE}auth.html`, { waitUntil: "commit" });
    assert.ok(await redirect.evaluate(() => window.opener !== null));
    assert.equal(await page.evaluate(() => window.opened.closed), false);
  }));

test("a changed file is not started, and the page says so", async () => {
  for (const [pattern, words] of [
    [/guestlist-[^_]*\.js$/, /TypeError: Failed to fetch dynamically imported module/],
    [/signed-in-.*\.js$/, /TypeError: Failed to fetch dynamically imported module/],
    [/guestlist-.*\.wasm$/, /TypeError: Failed to fetch/],
  ]) {
    await visit(browser, async (page, context) => {
      await tamper(context, pattern);
      await page.goto(PAGE);
      const said = await failed(page, /Guestlist could not be loaded/, /publish all files of one version together/, words);
      assert.doesNotMatch(said, /Guestlist has stopped/);
      assert.equal(await page.getByRole("button", { name: "Sign in", exact: true }).count(), 0);
    }, refused);
  }
});

test("a changed second part is not started, and the page says so", () =>
  visit(browser, async (page, context) => {
    await tamper(context, /signed-in-.*\.wasm$/);
    // A page that is not set up shows its second part at once.
    await context.route("**/config.json", (route) => route.fulfill({ body: "{}", contentType: "application/json" }));
    await page.goto(PAGE);
    await failed(page, /A part of the page could not be loaded/);
  }, refused));

test("a changed worker reads no file, and the page says so", () =>
  visit(browser, async (page, context) => {
    await tamper(context, /files_bg\.wasm$/);
    await signIn(page);
    await page.locator("#file").setInputFiles({ name: "two.csv", mimeType: "text/csv", buffer: Buffer.from("email\nada@fabrikam.example\n") });
    await page.getByText("The part of this page that handles files could not be loaded.").first().waitFor();
  }, refused));

test("an old file that a cache holds is got anew", () =>
  visit(browser, async (page, context) => {
    await tamper(context, /guestlist-.*\.wasm$/, 1);
    await page.goto(PAGE);
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  }, refused));

// Case 38
test("a browser without WebAssembly says so, and what to do", () =>
  visit(browser, async (page) => {
    await page.addInitScript(JSON.parse(caseFile("38-no-webassembly/no-wasm.json")).before_load);
    await page.goto(PAGE);
    const said = await failed(page, /WebAssembly is switched off in this browser/, /Lockdown Mode/, /another browser/);
    assert.doesNotMatch(said, /Guestlist has stopped/);
    // A preload that nobody used is only a warning.
  }));

// Case 38
test("a content policy without WebAssembly is told to whoever publishes the page", () =>
  visit(browser, async (page, context) => {
    const scripts = JSON.parse(caseFile("38-no-webassembly/wasm-blocked-by-policy.json"))["content-security-policy"];
    await context.route(PAGE, async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers() };
      headers["content-security-policy"] = headers["content-security-policy"].replace(/script-src [^;]*/, scripts);
      await route.fulfill({ response, headers });
    });
    await page.goto(PAGE);
    await failed(page, /This page may not run WebAssembly here/, /'wasm-unsafe-eval'/);
  }, { allow: ["WebAssembly", "wasm-eval", "policy: script-src"] }));

// Case 38
test("a program that comes with another media type is started all the same", () =>
  visit(browser, async (page, context) => {
    const [type] = Object.values(JSON.parse(caseFile("38-no-webassembly/wrong-type.json")));
    await context.route(/\.wasm$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), ...type } });
    });
    await signIn(page);
    await page.locator("#file").setInputFiles({ name: "two.csv", mimeType: "text/csv", buffer: Buffer.from("email\nada@fabrikam.example\n") });
    await page.getByText("1 guest added.").first().waitFor();
  }));

test("Help explains what guests meet who cannot accept", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await page.getByRole("button", { name: "Help", exact: true }).click();
    await page.getByText("When a guest cannot accept").click();
    await page.getByText("AADB2B_0001").waitFor();
  }));

test("Help leads to whose work is in the page", () =>
  visit(browser, async (page, context) => {
    await signIn(page);
    await page.getByRole("button", { name: "Help", exact: true }).click();
    const opening = context.waitForEvent("page");
    await page.getByRole("link", { name: "Third-party notices" }).click();
    const notices = await opening;
    await notices.getByText("leptos 0.8", { exact: false }).first().waitFor();
    // It is long, and shown while it comes.
    await eventually(() => notices.locator("body").innerText(), /Permission is hereby granted/);
    // A text names no icon, and Chromium looks for one.
  }, { allow: ["favicon.ico"] }));

test("text becomes markup only where it starts nothing, and no worker but ours is started", () =>
  visit(browser, async (page) => {
    await page.goto(PAGE);
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    const tried = await page.evaluate(() => {
      const attempt = (act) => {
        try {
          act();
          return "done";
        } catch (error) {
          return error.name;
        }
      };
      const write = (html) => attempt(() => (document.createElement("template").innerHTML = html));
      const files = document.getElementById("boot").dataset.files;
      return {
        plain: write("<p class='hint'>one = two</p>"),
        script: write("<script>1</script>"),
        handler: write("<img src='x' onerror='1'>"),
        slashed: write("<img/onerror=1 src=x>"),
        link: write("<a href='javascript:1'>x</a>"),
        quoted: write("<img alt='>' src='x' onerror='1'>"),
        reference: write("<a href='java&#115;cript:1'>x</a>"),
        broken: write("<a href='java\tscript:1'>x</a>"),
        column: write("<col><img src='x' onerror='1'>"),
        columnElsewhere: attempt(() => (document.createElement("div").innerHTML = "<col><iframe srcdoc='x'></iframe>")),
        refresh: attempt(() => (document.createElement("div").innerHTML = "<col><meta http-equiv='refresh' content='0'>")),
        table: write("<tr onclick='1'></tr>"),
        drawing: write("<svg><script>1</script></svg>"),
        animated: write("<svg><a><set attributeName='href' to='javascript:1'/></a></svg>"),
        nested: write("<template><img src='x' onerror='1'></template>"),
        unscripted: write("<noscript><p title='</noscript><img src=x onerror=1>'></noscript>"),
        capitals: write("<IMG SRC='x' ONERROR='1'>"),
        frame: write("<iframe></iframe>"),
        otherWorker: attempt(() => new Worker("boot.js", { type: "module" })),
        blobWorker: attempt(() => new Worker(URL.createObjectURL(new Blob(["1"])))),
        worker: attempt(() => new Worker(files, { type: "module" }).terminate()),
        code: attempt(() => setTimeout("1")),
        secondPolicy: attempt(() => trustedTypes.createPolicy("mine", {})),
      };
    });
    const done = Object.entries(tried).filter(([, end]) => end === "done").map(([what]) => what);
    assert.deepEqual(done, ["plain", "worker"], JSON.stringify(tried));
    // The content policy reports handlers already where they are read and cannot run.
  }, { allow: ["Executing inline event handler", "policy: require-trusted-types-for", "policy: trusted-types", "TrustedHTML", "TrustedScript", "Trusted Type", "trusted-types"] }));
