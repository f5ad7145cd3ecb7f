// Who gets in, and what text of anybody's can do (reliability 11.3).

import assert from "node:assert/strict";
import { url } from "./browser.mjs";
import { must, send } from "./clerk.mjs";
import { barriers } from "./looks.mjs";

// Not closed, as the API refuses whole tags in names of organizations.
export const MARKUP = `"><img src=x onerror=document.title='hacked' x=`;

/** Without the cookie there is a page that says so, and nothing else. */
export async function locked(page) {
  for (const path of ["/local", "/local/users", "/local/organizations", "/local/inbox", "/local/webhooks"]) {
    const response = await page.goto(url + path);
    assert.equal(response.status(), 401, path);
    await page.getByRole("heading", { name: "This page is locked" }).waitFor();
  }
  assert.deepEqual(await barriers(page), []);
}

/** A form that is not of the page is refused, even if the browser sends the cookie with it. */
export async function forged(page) {
  const before = (await must("GET", "/users/count")).total_count;
  await page.goto(`${url}/local/users/new`);
  for (const token of [null, "x".repeat(43)]) {
    const status = await page.evaluate(async (token) => {
      const body = new URLSearchParams({ username: "forged", ...(token && { csrf: token }) });
      return (await fetch("/local/users", { method: "POST", body })).status;
    }, token);
    assert.equal(status, 403);
  }
  assert.equal((await must("GET", "/users/count")).total_count, before);
}

/** Markup in names, addresses and paths is text. */
export async function inert(page) {
  const user = await must("POST", "/users", { first_name: MARKUP, username: "markup", skip_password_requirement: true });
  const organization = await must("POST", "/organizations", { name: MARKUP, created_by: user.id });
  const invited = { email_address: "markup@example.com", role: "org:member" };
  await must("POST", `/organizations/${organization.id}/invitations`, invited);
  await page.goto(`${url}/local/requests`);
  await page.getByText("Live", { exact: true }).waitFor();
  await send("GET", `/users/count?query=${encodeURIComponent(MARKUP)}&live=1`);
  await page.getByRole("row").filter({ hasText: "live=1" }).waitFor();
  await unharmed(page);
  await page.locator("a.request", { hasText: "POST /users" }).first().click();
  await page.getByRole("heading", { name: "Answer" }).waitFor();
  assert.ok((await page.locator("main").innerText()).includes("<img"), "the request shows the name");
  await unharmed(page);
  const { data } = await must("GET", `/organizations/${organization.id}/invitations`);
  for (const path of [
    "/local",
    "/local/users",
    `/local/users/${user.id}`,
    `/local/users?search=${encodeURIComponent(MARKUP)}`,
    "/local/organizations",
    `/local/organizations/${organization.id}`,
    "/local/inbox",
    new URL(data[0].url, url).href.slice(url.length),
  ]) {
    await page.goto(url + path);
    assert.ok((await page.locator("body").innerText()).includes("<img"), `${path} shows the name`);
    await unharmed(page);
  }
  await page.goto(`${url}/local/inbox`);
  await page.getByRole("link", { name: MARKUP }).click();
  await page.getByRole("button", { name: "Forget" }).click();
  await page.getByText("The email was deleted.").waitFor();
  assert.equal(await page.getByRole("link", { name: MARKUP }).count(), 0);
  await must("DELETE", `/organizations/${organization.id}`);
  await must("DELETE", `/users/${user.id}`);
}

export async function unharmed(page) {
  assert.equal(await page.locator("img").count(), 0, `an image in ${page.url()}`);
  assert.notEqual(await page.title(), "hacked");
}
