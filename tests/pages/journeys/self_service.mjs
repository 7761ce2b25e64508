// Access packages: listed and looked for, and one by one with its link, what is inside, its policies and what somebody sees of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { GRAPH, PAGE, clipboard, eventually, launch, leaveBy, look, signIn, tenant, visit } from "../helpers.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const ALPINE = "9e4e2a10-c070-4050-a000-c0ffee00000f";
const button = (page, name) => page.getByRole("button", { name, exact: true });
const heading = (page, name) => page.getByRole("heading", { name, exact: true });

/** Signs in, goes to *Self-service* and allows what it needs. */
async function opened(page, name) {
  await signIn(page, name);
  await page.getByRole("link", { name: "Self-service", exact: true }).click();
  await heading(page, "Self-service").waitFor();
  await page.getByText("It asks for EntitlementManagement.Read.All", { exact: false }).waitFor();
  await look(page, "self-service before it is allowed");
  await leaveBy(page, () => button(page, "Allow it").click());
  await button(page, "Accept").click();
  await heading(page, "Self-service").waitFor();
}

const rows = (page) => page.getByRole("table", { name: "Access packages" }).getByRole("row");

// U 66
test("packages are listed with who can ask, found by a word, and opened", () =>
  visit(browser, async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await opened(page, "governance-admin@contoso.example");
    await button(page, "Open Sales partner access").waitFor();
    await page.getByText("2 access packages", { exact: true }).waitFor();
    await eventually(() => rows(page).allInnerTexts(), (all) => {
      assert.match(all.join("\n"), /Project Alpine\s+Partners\s+Anybody outside the organization\s+None\s+Never\s+No approval for outsiders \+\d/);
      assert.match(all.join("\n"), /Sales partner access\s+Partners\s+Fabrikam\s+1 stage\s+After 90 days/);
    });
    await page.getByRole("cell", { name: /^No approval for outsiders, Never ends for outsiders/ }).waitFor();
    await look(page, "access packages");

    await page.getByRole("searchbox", { name: "Search packages" }).fill("ALPINE");
    await page.getByText("1 of 2 access packages").waitFor();
    assert.equal(new URL(page.url()).hash, "#/self-service?find=ALPINE");
    await page.getByRole("searchbox", { name: "Search packages" }).fill("nothing like it");
    await page.getByText("No results for “nothing like it”.").waitFor();
    await page.getByRole("searchbox", { name: "Search packages" }).fill("");

    // The same as a picture, with a table that says what it shows.
    await page.getByRole("link", { name: "Map", exact: true }).click();
    await heading(page, "Map of access packages").waitFor();
    await page.getByText("2 packages", { exact: true }).waitFor();
    await page.getByRole("img", { name: /^Picture of 2 access packages/ }).waitFor();
    await page.getByRole("row", { name: /Sales partner access Sales partners \(Group, Member\) Fabrikam people Fabrikam/ }).waitFor();
    await look(page, "map of access packages");
    await page.goBack();

    await button(page, "Open Project Alpine").click();
    await heading(page, "Project Alpine").waitFor();
    await page.getByText("No approval for outsiders", { exact: true }).waitFor();
    await page.getByText("Never ends for outsiders", { exact: true }).waitFor();
    await page.getByRole("row", { name: "Project Alpine Group Member" }).waitFor();
    await page.getByText("Only people with this link find it.").waitFor();
    await button(page, "Copy request link").click();
    await clipboard(page, (text) => assert.equal(text, `${GRAPH}/@contoso.example#/access-packages/${ALPINE}`));
    await look(page, "access package");

    // Through the eyes of others.
    const eyes = page.getByRole("combobox", { name: "Look as" });
    await eyes.selectOption({ label: "Somebody from Fabrikam" });
    await page.getByText("They can ask under “Anybody with the link”.", { exact: false }).waitFor();
    await eyes.selectOption({ label: "A member of your organization" });
    await page.getByText("No policy is for them.", { exact: false }).waitFor();

    await page.goBack();
    await heading(page, "Self-service").waitFor();
    await button(page, "Open Sales partner access").waitFor();
    // What was read stays, and nothing is asked again for going back.
    const asked = (await tenant.log()).filter((line) => line.path.includes("/accessPackages?"));
    assert.equal(asked.length, 1, JSON.stringify(asked));
    await button(page, "Refresh").click();
    await eventually(async () => (await tenant.log()).filter((line) => line.path.includes("/accessPackages?")).length, (count) => assert.equal(count, 2));
    await page.getByRole("link", { name: "Invite", exact: true }).click();
    await heading(page, "Invite guests").waitFor();
  }));

test("a package is reached by its address, and one that is not there is told", () =>
  visit(browser, async (page) => {
    await opened(page, "governance-admin@contoso.example");
    await button(page, "Open Project Alpine").waitFor();
    await page.evaluate((id) => (location.hash = `#/self-service/${id}`), ALPINE);
    await heading(page, "Project Alpine").waitFor();
    await page.evaluate(() => (location.hash = "#/self-service/00000000-0000-4000-8000-000000000000"));
    await page.getByText("This access package is not there, or you may not see it.").waitFor();
    await look(page, "no such package");
    await page.getByRole("link", { name: "All access packages" }).click();
    await heading(page, "Self-service").waitFor();
  }));

test("where a catalog cannot be read its resources stand by their ids, and it is said why", () =>
  visit(browser, async (page) => {
    // The answer to the question for the resources alone, as Graph gives it to whom it is not open to.
    let isOpen = false;
    await page.route("**/$batch", async (route) => {
      const asked = route.request().postDataJSON()?.requests ?? [];
      if (isOpen || !asked.some((one) => /\/catalogs\/[^/]+\/resources/.test(one.url))) return route.fallback();
      const body = { error: { code: "UnAuthorized", message: "User is not authorized to perform the operation." } };
      return route.fulfill({ headers: { "access-control-allow-origin": "*" }, json: { responses: asked.map(({ id }) => ({ id, status: 403, body })) } });
    });
    await opened(page, "governance-admin@contoso.example");
    await button(page, "Open Project Alpine").click();
    await page.getByText("The catalog's resources could not be read, so they are shown by their ids.").waitFor();
    await page.getByText("EntitlementManagement.Read.All", { exact: false }).first().waitFor();
    assert.equal(await page.getByRole("row", { name: "Project Alpine Group Member" }).count(), 0);
    await look(page, "access package whose catalog cannot be read");
    isOpen = true;
    await button(page, "Try again").click();
    await page.getByRole("row", { name: "Project Alpine Group Member" }).waitFor();
    assert.equal(await page.getByText("could not be read", { exact: false }).count(), 0);
  }));

test("whoever has no role in entitlement management is told what it takes", () =>
  visit(browser, async (page) => {
    await opened(page, "guest-inviter@contoso.example");
    await page.getByText("Microsoft refused: reading access packages needs the permission EntitlementManagement.Read.All.").waitFor();
    await page.getByText("Identity Governance Administrator", { exact: false }).first().waitFor();
    await look(page, "packages refused");
    assert.equal(await rows(page).count(), 0);
    assert.ok(page.url().startsWith(PAGE));
  }));

const dialog = (page, name) => page.getByRole("dialog", { name, exact: true });

// U 66
test("a package is renamed and hidden, its policy edited, and another is deleted", () =>
  visit(browser, async (page) => {
    await opened(page, "governance-admin@contoso.example");
    await button(page, "Open Sales partner access").click();
    await heading(page, "Sales partner access").waitFor();

    // What it takes is asked for before anything is typed.
    await button(page, "Edit").click();
    await dialog(page, "Edit access package").getByText("EntitlementManagement.ReadWrite.All", { exact: false }).waitFor();
    await look(page, "what changing a package takes");
    await leaveBy(page, () => dialog(page, "Edit access package").getByRole("button", { name: "Allow it" }).click());
    await button(page, "Accept").click();
    await heading(page, "Sales partner access").waitFor();

    await button(page, "Edit").click();
    const name = page.getByRole("textbox", { name: "Name", exact: true });
    await name.fill(" ");
    await button(page, "Save").click();
    await page.getByText("An access package needs a name.").waitFor();
    await name.fill("Partners who sell");
    await look(page, "a package is edited");
    await button(page, "Save").click();
    await heading(page, "Partners who sell").waitFor();
    await page.getByText("People who may ask also find it in My Access.").waitFor();
    await eventually(() => page.evaluate(() => document.activeElement?.innerText), (name) => assert.equal(name, "Edit"));

    await button(page, "Hide from My Access").click();
    await dialog(page, "Hide from My Access?").getByRole("button", { name: "Hide from My Access" }).click();
    await page.getByText("Only people with this link find it.").waitFor();
    await button(page, "Show in My Access").waitFor();

    // A policy is read anew, edited and saved as a whole.
    await button(page, "Edit policy Fabrikam people").click();
    const days = page.getByRole("textbox", { name: "Days", exact: true });
    await days.fill("0");
    await button(page, "Save").click();
    await page.getByText("A whole number from 1 to 3,660.").waitFor();
    await days.fill("30");
    await page.getByRole("checkbox", { name: "People can ask for more time" }).check();
    await look(page, "a policy is edited");
    await button(page, "Save").click();
    await page.getByRole("region", { name: "Fabrikam people" }).getByText("After 30 days", { exact: true }).waitFor();

    // Nobody has either; one goes for good.
    await page.getByRole("link", { name: "All access packages" }).click();
    await button(page, "Open Project Alpine").click();
    await heading(page, "Project Alpine").waitFor();
    // A policy that never ends shows that, and gets an end.
    await button(page, "Edit policy Anybody with the link").click();
    const ends = page.getByRole("combobox", { name: "Access ends" });
    await eventually(() => ends.inputValue(), (value) => assert.equal(value, "Never"));
    await ends.selectOption("On a date");
    await button(page, "Save").click();
    await page.getByText("Choose a date.", { exact: true }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "policy-date");
    await page.getByLabel("Date", { exact: true }).fill("2099-12-31");
    // What is typed stays where the dialog is closed.
    await page.keyboard.press("Escape");
    await button(page, "Edit policy Anybody with the link").click();
    assert.equal(await page.getByLabel("Date", { exact: true }).inputValue(), "2099-12-31");
    await button(page, "Save").click();
    await page.getByText("On 2099-12-31", { exact: true }).first().waitFor();

    await button(page, "Delete").click();
    await dialog(page, "Delete access package?").getByText("“Project Alpine” and its policy will be deleted.", { exact: false }).waitFor();
    await look(page, "a package is about to be deleted");
    await dialog(page, "Delete access package?").getByRole("button", { name: "Delete access package" }).click();
    await heading(page, "Self-service").waitFor();
    await page.getByText("1 access package", { exact: true }).waitFor();
    assert.equal(await button(page, "Open Project Alpine").count(), 0);
  }));

/** A person's own browser at My Access, signed in by name at this page. */
async function myAccess(context, name, address) {
  const page = await context.newPage();
  await page.goto(address);
  await page.getByRole("button", { name, exact: true }).click();
  return page;
}

// U 66
test("a partner asks by the link of a package, is approved and comes in; what they have stands in the way of its deletion", () =>
  visit(browser, async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await opened(page, "governance-admin@contoso.example");
    await button(page, "Open Sales partner access").click();
    await button(page, "Copy request link").click();
    let link = "";
    await clipboard(page, (text) => assert.match((link = text), /@contoso\.example#\/access-packages\//));

    const outside = await browser.newContext();
    const pat = await myAccess(outside, "pat@fabrikam.example", link);
    await pat.getByRole("heading", { name: "Sales partner access" }).waitFor();
    await pat.getByRole("combobox", { name: /Which region/ }).selectOption("Europe");
    await pat.getByRole("textbox", { name: /Business justification/ }).fill("We sell <b>together</b>");
    await pat.getByRole("button", { name: "Submit request" }).click();
    const stands = async (words) =>
      eventually(async () => {
        await pat.reload();
        return pat.locator("body").innerText();
      }, (text) => assert.match(text, words));
    await stands(/Pending approval/);

    const mails = async (kind) => (await tenant.mails()).filter((mail) => mail.kind === kind);
    const [asked, ...more] = await mails("approvalRequest");
    assert.deepEqual([asked.to, more], ["user-admin@contoso.example", []]);
    const inside = await browser.newContext();
    const approver = await myAccess(inside, "user-admin@contoso.example", asked.link);
    await approver.getByText("We sell <b>together</b>").waitFor();
    await approver.getByRole("textbox", { name: /Reason/ }).fill("Known partner");
    await approver.getByRole("button", { name: "Approve" }).click();

    // A guest by then, who comes in and gets it.
    await stands(/Accept/);
    assert.equal((await tenant.user("pat@fabrikam.example")).externalUserState, "PendingAcceptance");
    await pat.getByRole("link", { name: "Accept", exact: true }).or(pat.getByRole("button", { name: "Accept", exact: true })).first().click();
    const consent = pat.getByRole("button", { name: "Accept", exact: true });
    if (await consent.count()) await consent.click();
    await eventually(async () => (await tenant.user("pat@fabrikam.example")).externalUserState, (state) => assert.equal(state, "Accepted"));
    await pat.goto(`${new URL(link).origin}/@contoso.example/access-packages`);
    await stands(/Active[\s\S]*Sales partner access[\s\S]*Delivered/i);

    await button(page, "Delete").click();
    await leaveBy(page, () => dialog(page, "Delete access package?").getByRole("button", { name: "Allow it" }).click());
    await button(page, "Accept").click();
    await button(page, "Delete").click();
    await dialog(page, "Delete access package?").getByText("1 person has it: ", { exact: false }).waitFor();
    await look(page, "a package that somebody has");
    assert.equal(await dialog(page, "Delete access package?").getByRole("button", { name: "Delete access package" }).count(), 0);
    await outside.close();
    await inside.close();
  }));
