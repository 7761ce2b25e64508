// Signing in and out by real redirects, what is refused, and what an attacker cannot do.
import assert from "node:assert/strict";
import { createServer, request as forward } from "node:http";
import { after, before, test } from "node:test";
import { GRAPH, IDENTITY, INTRANET, PAGE, add, caseFile, check, eventually, everybodyOnce, finished, guests, launch, leaveBy, look, send, signIn, signOutBy, tenant, visit } from "../helpers.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// U 2
/** Signed in, with twenty guests that are checked. */
async function twentyChecked(page) {
  await signIn(page);
  await add(page, guests(20).join("\n"));
  await check(page);
}

/**
 * Sends to them; once the first mail has left no token is renewed any more, with this number of Entra's. The tokens of these
 * journeys are always about to end, so that each call asks for a fresh one, and from here on they last a second.
 */
async function sendUntilRefused(page, refreshError) {
  await tenant.knobs({ accessTokenSeconds: 1 });
  await send(page);
  await tenant.hasSent(1);
  await tenant.knobs({ refreshError });
}

test("signing in shows person, tenant and cloud; signing out forgets them", () =>
  visit(browser, async (page) => {
    await signIn(page);
    const banner = page.getByRole("banner");
    await banner.getByText("Contoso (contoso.example)").waitFor();
    await eventually(() => banner.innerText(), /Sample tenant · guest-inviter@contoso\.example/);
    assert.equal(new URL(page.url()).search, "");
    assert.doesNotMatch(page.url(), /code=|state=/);
    const kept = await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage).sort(), document.cookie]);
    assert.deepEqual(kept, [[], ["guestlist.entries@top", "guestlist.session@top"], ""], "tokens in sessionStorage, nothing else anywhere");
    await page.getByRole("button", { name: "Account" }).click();
    await signOutBy(page, () => page.getByRole("menuitem", { name: "Sign out", exact: true }).click());
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByText("Pick an account").waitFor();
  }));

test("another account can be chosen from the menu", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Switch account" }).click();
    await page.getByRole("button", { name: "user-admin@contoso.example" }).click();
    await page.getByRole("button", { name: "Accept" }).click();
    await page.getByRole("banner").getByText("user-admin@contoso.example").waitFor();
  }));

test("a reload keeps the sign-in of this tab", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await page.reload();
    await page.getByRole("button", { name: "Account" }).waitFor();
  }));

test("a refused consent is told quietly and can be fixed", () =>
  visit(browser, async (page) => {
    await page.goto(PAGE);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("button", { name: "guest-inviter@contoso.example" }).click();
    await page.getByText("Invite guest users to the organization").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("You did not finish signing in.").waitFor();
    await look(page, "not-finished");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("button", { name: "Accept" }).click();
    await page.getByRole("button", { name: "Account" }).waitFor();
  }));

// U 3
test("where consent is reserved, the page offers the link for an administrator", () =>
  visit(
    browser,
    async (page) => {
      await page.goto(PAGE);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByRole("button", { name: "guest-inviter@contoso.example" }).click();
      await page.getByRole("alert").getByText("An administrator has to allow this app first.").waitFor();
      await page.getByRole("button", { name: "Copy admin-consent link" }).waitFor();
      await look(page, "consent-reserved");
    },
    { knobs: { adminConsentRequired: true } },
  ));

test("a Conditional Access refusal names who can help", () =>
  visit(
    browser,
    async (page) => {
      await page.goto(PAGE);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByRole("button", { name: "guest-inviter@contoso.example" }).click();
      const alert = page.getByRole("alert").filter({ hasText: "Conditional Access" });
      await alert.waitFor();
      await alert.getByText("Details", { exact: true }).click();
      await eventually(() => alert.innerText(), /AADSTS53003/);
    },
    { knobs: { signInError: 53003 } },
  ));

// U 3
test("a member without the role is told before work is lost, and refused once", () =>
  visit(browser, async (page) => {
    await signIn(page, "member@contoso.example");
    await page.getByText("You can compose; sending needs the role Guest Inviter.").waitFor();
    await add(page, "a@fabrikam.example\nb@fabrikam.example");
    await check(page);
    await send(page);
    assert.match(await finished(page), /^Stopped\. 0 of 2 invited; 1 refused, 1 not sent/);
    const alert = page.getByRole("alert").filter({ hasText: "This tenant does not let you invite guests." });
    await alert.getByRole("button", { name: "Sign in again" }).waitFor();
    const again = page.getByRole("button", { name: "Try failed again" });
    assert.equal(await again.count(), 0);
    await look(page, "halted");
    await page.reload();
    await alert.waitFor();
    assert.equal(await again.count(), 0);
    // A role that was given since comes with the next sign-in.
    await alert.getByRole("button", { name: "Sign in again" }).click();
    await again.waitFor();
  }));

test("an inviter without a mailbox is warned that the message will be dropped", () =>
  visit(browser, async (page) => {
    await signIn(page, "no-mailbox@contoso.example");
    await page.getByText("Your account has no mail address in this tenant.").first().waitFor();
    await add(page, "a@fabrikam.example");
    await page.getByRole("textbox", { name: "Message" }).fill("Hello");
    await page.getByRole("region", { name: "Preview" }).getByText(/drop your message/).waitFor();
    assert.match(await check(page), /drop your message/);
    await look(page, "no-mailbox");
    await send(page);
    await finished(page);
    assert.equal((await tenant.mails())[0].text, "");
  }));

test("a sign-in that ends in mid-run pauses it, and it goes on after signing in again", () =>
  visit(
    browser,
    async (page) => {
      await twentyChecked(page);
      await sendUntilRefused(page, 700084);
      await page.getByText("Your sign-in has ended.").waitFor();
      await look(page, "sign-in-ended");
      await tenant.knobs({ accessTokenSeconds: 4500, refreshError: 0 });
      await leaveBy(page, () => page.getByRole("button", { name: "Sign in again" }).click());
      await page.getByRole("button", { name: "Resume" }).click();
      assert.equal(await finished(page, 60000), "Finished: 20 invited.");
      const mails = (await tenant.mails()).map((mail) => mail.to);
      assert.equal(new Set(mails).size, mails.length);
      assert.equal(mails.length, 20);
    },
    { knobs: { latencyMs: 700, accessTokenSeconds: 240 }, allow: ["status of 401", "status of 400"] },
  ));

test("a challenge of Conditional Access pauses the run, and it goes on after signing in again", () =>
  visit(browser, async (page) => {
    await signIn(page);
    await add(page, guests(6).join("\n"));
    await check(page);
    await tenant.knobs({ stepUp: true });
    await send(page);
    const again = page.getByRole("button", { name: "Sign in again" });
    await again.waitFor();
    assert.deepEqual(await tenant.mails(), []);
    const question = await leaveBy(page, () => again.click());
    assert.deepEqual(JSON.parse(new URL(question.url()).searchParams.get("claims")), { access_token: { acrs: { essential: true, value: "c1" } } });
    await page.getByRole("button", { name: "Resume" }).click();
    assert.equal(await finished(page, 60000), "Finished: 6 invited.");
    const mails = (await tenant.mails()).map((mail) => mail.to);
    assert.deepEqual([mails.length, new Set(mails).size], [6, 6]);
  }));

test("a token endpoint that fails while the token is good is not noticed", () =>
  visit(
    browser,
    async (page) => {
      // Always in its last five minutes, so every call wants to renew it.
      await signIn(page);
      await tenant.knobs({ tokenFault: "cut", tokenFaultTimes: 1000 });
      await add(page, guests(6).join("\n"));
      await check(page);
      await send(page);
      assert.equal(await finished(page), "Finished: 6 invited.");
    },
    { knobs: { accessTokenSeconds: 240 }, allow: ["ERR_"] },
  ));

test("a token endpoint that fails after the token ended is waited for in mid-run", () =>
  visit(
    browser,
    async (page) => {
      await twentyChecked(page);
      await tenant.knobs({ tokenFault: "busyRetry", tokenFaultTimes: 4 });
      await send(page);
      await page.getByText("Microsoft's sign-in service is busy. The sign-in cannot be renewed before; it continues by itself.").waitFor();
      assert.equal(await finished(page, 60000), "Finished: 20 invited.");
      const mails = (await tenant.mails()).map((mail) => mail.to);
      assert.deepEqual([mails.length, new Set(mails).size], [20, 20]);
    },
    { knobs: { latencyMs: 700, accessTokenSeconds: 4 }, allow: ["status of 503", "status of 401"] },
  ));

test("a permission that was withdrawn in mid-run is told by its name, and asked for again", () =>
  visit(
    browser,
    async (page) => {
      await twentyChecked(page);
      await sendUntilRefused(page, 65001);
      await page.getByText("A permission of this page was withdrawn.").waitFor();
      await page.getByRole("button", { name: "Copy admin-consent link" }).waitFor();
      await look(page, "consent-withdrawn");
      await tenant.knobs({ accessTokenSeconds: 4500, refreshError: 0 });
      await page.getByRole("button", { name: "Allow it again" }).click();
      await page.getByRole("button", { name: "Accept" }).click();
      await page.getByRole("button", { name: "Resume" }).click();
      assert.equal(await finished(page, 60000), "Finished: 20 invited.");
      await everybodyOnce(20);
    },
    { knobs: { latencyMs: 700, accessTokenSeconds: 240 }, allow: ["status of 401", "status of 400"] },
  ));

test("callers that need a fresh token at the same time share one renewal", () =>
  visit(
    browser,
    async (page) => {
      // Tokens that are always about to end, and a token endpoint that holds its answer back.
      await signIn(page);
      await page.getByRole("region", { name: "Preview" }).getByText("Accept invitation").waitFor();
      let [asked, release] = [0, undefined];
      const held = new Promise((resolve) => (release = resolve));
      await page.route("**/token", async (route) => {
        asked += 1;
        await held;
        await route.continue();
      });
      await page.reload();
      await add(page, "ada@fabrikam.example");
      await page.getByRole("button", { name: "Check", exact: true }).click();
      await page.getByText("Looking at your tenant").waitFor();
      await eventually(() => asked > 0, true);
      await page.waitForTimeout(300);
      assert.equal(asked, 1, "reading who is here and the check wait for one renewal");
      release();
      await page.getByRole("region", { name: "Plan" }).waitFor();
    },
    { knobs: { accessTokenSeconds: 120 } },
  ));

test("whoever goes back from the identity platform and forward again is signed in, and a second answer to the same question is refused", () =>
  visit(browser, async (page) => {
    await page.goto(PAGE);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const pick = page.getByRole("button", { name: "guest-inviter@contoso.example" });
    await pick.waitFor();
    const state = new URL(page.url()).searchParams.get("state");
    for (let times = 0; times < 2; times++) {
      await page.goBack();
      if (times === 0) await page.getByText("You came back from signing in without an answer from Microsoft.").waitFor();
      await page.reload();
      await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
      await page.goForward();
      await pick.waitFor();
    }
    await pick.click();
    await page.getByRole("button", { name: "Accept" }).click();
    await page.getByRole("button", { name: "Account" }).waitFor();
    await page.goto(`${PAGE}auth.html#code=again&state=${state}`);
    await page.getByText("That sign-in is over.").waitFor();
    await page.getByText("You are still signed in").waitFor();
  }));

test("a forged answer is not read", () =>
  visit(browser, async (page) => {
    await page.goto(`${PAGE}auth.html#code=stolen&state=forged`);
    await page.getByText("That sign-in is over.").waitFor();
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    assert.doesNotMatch(page.url(), /stolen/);
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
  }));

test("a redirect page elsewhere and a Graph of another cloud are named on the set-up page", () =>
  visit(browser, async (page) => {
    const config = { clientId: "9e57115f-c070-4050-a000-c0ffee000002", authority: "https://login.microsoftonline.com/contoso.com" };
    const shown = async (file, words) => {
      await page.unroute("**/config.json");
      await page.route("**/config.json", (route) => route.fulfill({ json: file }));
      await page.goto("about:blank");
      await page.goto(PAGE);
      await page.getByText(words).waitFor();
    };
    await shown({ auth: { ...config, redirectUri: "https://evil.example/auth.html" } }, /auth\.redirectUri: expected a path on the page's own origin/);
    await shown({ auth: { ...config, authority: "https://login.microsoftonline.com/consumers" } }, /auth\.authority: expected .* personal Microsoft accounts/);
    await shown({ auth: config, graph: "https://graph.microsoft.us" }, /graph: expected https:\/\/graph\.microsoft\.com, as auth\.authority is of the Microsoft cloud/);
  }));

test("a web page that comes in place of config.json is told as one, with the address", () =>
  visit(browser, async (page) => {
    const { status, ...headers } = JSON.parse(caseFile("36-config-answered-with-a-page/headers.json"));
    await page.route("**/config.json", (route) => route.fulfill({ status, headers, body: caseFile("36-config-answered-with-a-page/config.json") }));
    await page.goto(PAGE);
    await page.getByText(`what came from ${PAGE}config.json is a web page`).waitFor();
    assert.equal(await page.getByText("expected value at line 1").count(), 0);
  }));

test("whoever comes back without an answer hears what a number on Microsoft's page means", () =>
  visit(
    browser,
    async (page) => {
      await page.goto(PAGE);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByRole("button", { name: "guest-inviter@contoso.example" }).click();
      await page.getByText("AADSTS500113").waitFor();
      await page.goto(PAGE);
      await page.getByText("You came back from signing in without an answer from Microsoft.").waitFor();
      await page.getByText("500113").waitFor();
      await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    },
    { knobs: { signInError: 500113 }, allow: ["status of 400"] },
  ));

test("a clock that differs by ten minutes is named, and nothing goes round in a circle", () =>
  visit(
    browser,
    async (page) => {
      await page.goto(PAGE);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByRole("button", { name: "guest-inviter@contoso.example" }).click();
      await page.getByRole("button", { name: "Accept" }).click();
      await page.getByRole("alert").getByText("This computer's clock is about 10 minutes behind.").waitFor();
    },
    { knobs: { identityClockSeconds: 600 } },
  ));

test("a redirect that Graph answers with is not followed", () =>
  visit(
    browser,
    async (page) => {
      await signIn(page);
      await add(page, "ada@fabrikam.example");
      await check(page);
      const elsewhere = [];
      page.on("request", (request) => elsewhere.push(request.url()));
      let isSent = false;
      await page.route("**/v1.0/$batch", (route) => {
        if (isSent || !route.request().postData()?.includes("/invitations")) return route.continue();
        isSent = true;
        return route.fulfill({ status: 307, headers: { location: `${INTRANET}steal`, "access-control-allow-origin": "*" } });
      });
      await send(page);
      await eventually(() => isSent, true);
      await page.waitForTimeout(1000);
      assert.deepEqual(elsewhere.filter((url) => url.includes("steal")), []);
    },
    { allow: ["ERR_"] },
  ));

test("an embedded page offers a window of its own to sign in", () =>
  visit(
    browser,
    async (page) => {
      await page.goto(INTRANET);
      const frame = page.frameLocator("iframe");
      await frame.getByText("Microsoft does not allow its sign-in page inside another page.").waitFor();
      await frame.getByRole("link", { name: "Open full window" }).waitFor();
    },
    { allow: ["frame-ancestors"] },
  ));

test("what leaves the tab goes to the identity platform and Graph alone, and no address holds a secret", () =>
  visit(browser, async (page) => {
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await signIn(page);
    await add(page, "ada@fabrikam.example");
    await check(page);
    await send(page);
    await finished(page);
    const own = [new URL(PAGE).origin, IDENTITY, GRAPH];
    assert.deepEqual(asked.filter((url) => !own.includes(new URL(url).origin) && !url.startsWith("data:")), []);
    const token = await page.evaluate(() => JSON.parse(sessionStorage.getItem("guestlist.session@top")).tokens);
    assert.ok(token.access.length > 20);
    assert.deepEqual(asked.filter((url) => url.includes(token.access) || url.includes(token.refresh) || url.includes("ticket")), []);
  }));

/** A host in front of ours, as a proxy, that moves and serves pages as it is `asked` to; ends when `act` has ended. */
async function behindHost(requests, act) {
  const asked = [];
  const path = ({ get }) => get.split("#")[0];
  const host = createServer((request, response) => {
    const url = new URL(request.url);
    const known = url.origin === new URL(PAGE).origin && requests.find((one) => path(one) === url.pathname);
    if (known) asked.push(known.get);
    if (known?.location) return response.writeHead(known.status, { location: known.location }).end();
    const to = new URL(known ? `/${known.file}` : url, url);
    const onward = forward(to, { method: request.method, headers: request.headers }, (reply) => {
      response.writeHead(reply.statusCode, reply.headers);
      reply.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise((listening) => host.listen(0, "127.0.0.1", listening));
  try {
    await act({ server: `http://127.0.0.1:${host.address().port}`, bypass: "<-loopback>" });
  } finally {
    host.close();
    host.closeAllConnections();
  }
  return asked;
}

// Case 35
test("a host that takes .html off the redirect page loses no answer", async () => {
  const requests = JSON.parse(caseFile("35-html-extension-stripped/requests.json"));
  const asked = await behindHost(requests, (proxy) =>
    visit(browser, async (page) => {
      await signIn(page);
      await page.getByRole("banner").getByText("guest-inviter@contoso.example").waitFor();
      assert.doesNotMatch(page.url(), /code=/);
    }, { proxy }));
  assert.deepEqual(asked, requests.map(({ get }) => get));
});
