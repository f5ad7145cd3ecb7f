// What people do with the pages: each step is logged, and checks the browser's errors at its end.

import assert from "node:assert/strict";
import { must, send } from "./clerk.mjs";

/** A part of the page by its heading. */
export const card = (page, heading) =>
  page.locator("section.card").filter({ has: page.getByRole("heading", { name: heading, exact: true }) });

export const said = (page, text) => page.locator(".note", { hasText: text }).waitFor();

export const section = (page, name) =>
  page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name, exact: true }).click();

export async function openOrganization(page) {
  await section(page, "Organizations");
  await page.locator("tbody a").first().click();
  await card(page, "Members").waitFor();
  return (await page.getByRole("heading", { level: 1 }).innerText()).split("\n").at(-1);
}

export async function invite(page, address) {
  const form = card(page, "Invite somebody");
  await form.getByLabel("Email address").fill(address);
  await form.getByRole("button", { name: "Send invitation" }).click();
  await said(page, `${address} was invited.`);
  await card(page, "Pending invitations").getByText(address).first().waitFor();
}

export async function openMail(page, address) {
  await section(page, "Inbox");
  await page.getByRole("listitem").filter({ hasText: address }).getByRole("link").click();
  await page.getByRole("heading", { name: "Mail", exact: true }).waitFor();
}

export async function acceptAnInvitation(page, receiver) {
  const name = await openOrganization(page);
  const place = page.url();
  await invite(page, "grace@example.com");
  await openMail(page, "grace@example.com");
  // As whoever reads the mail does.
  await page.locator(".letter a").click();
  await page.getByRole("heading", { name: `Join ${name}` }).waitFor();
  await page.getByRole("button", { name: "Accept" }).click();
  await page.getByRole("heading", { name: `You are in ${name}` }).waitFor();
  await page.goto(place);
  await card(page, "Members").getByText("grace@example.com").first().waitFor();
  assert.equal(await card(page, "Pending invitations").getByText("grace@example.com").count(), 0);
  const isGrace = (data) => data.email_address === "grace@example.com";
  await receiver.event("organizationInvitation.created", isGrace);
  await receiver.event("organizationInvitation.accepted", isGrace);
  const joined = ({ public_user_data: user }) => user.identifier === "grace@example.com";
  await receiver.event("organizationMembership.created", joined);
}

export async function declineAnInvitation(page, receiver) {
  await openOrganization(page);
  const place = page.url();
  await invite(page, "edsger@example.com");
  await openMail(page, "edsger@example.com");
  await page.getByRole("link", { name: "Open the invitation" }).click();
  await page.getByRole("button", { name: "Decline" }).click();
  await page.getByRole("heading", { name: "No longer open" }).waitFor();
  assert.equal(await page.getByRole("button").count(), 0);
  await page.goto(place);
  assert.equal(await page.getByText("edsger@example.com").count(), 0);
  await receiver.event("organizationInvitation.revoked", (data) => data.email_address === "edsger@example.com");
}

export async function changeAMember(page) {
  await openOrganization(page);
  const row = card(page, "Members").getByRole("listitem").filter({ hasText: "grace@example.com" });
  await row.getByRole("combobox").selectOption({ label: "Admin" });
  await row.getByRole("button", { name: "Change" }).click();
  await said(page, "The role was changed.");
  assert.equal(await row.getByRole("combobox").evaluate((one) => one.selectedOptions[0].label), "Admin");
  await row.getByText("Remove", { exact: true }).click();
  await row.getByRole("button", { name: "Remove member" }).click();
  await said(page, "The member was removed.");
  assert.equal(await row.count(), 0);
}

export async function switchAFault(page) {
  await section(page, "Faults");
  const form = card(page, "Add a fault");
  await form.getByLabel("Requests").fill("GET /users/count");
  await form.getByLabel("What goes wrong").selectOption({ label: "503 Service Unavailable" });
  await form.getByRole("button", { name: "Add fault" }).click();
  await said(page, "The fault is on.");
  assert.equal((await send("GET", "/users/count")).status, 503);
  await page.getByRole("button", { name: "Switch off" }).click();
  await said(page, "The fault is off.");
  await page.getByText("struck 1 of 1").waitFor();
  assert.equal((await send("GET", "/users/count")).status, 200);
  await page.getByRole("button", { name: "Switch on" }).click();
  await said(page, "The fault is on.");
  assert.equal((await send("GET", "/users/count")).status, 503);
}

export async function removeTheFault(page) {
  await section(page, "Faults");
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await said(page, "The fault was removed.");
  assert.equal((await send("GET", "/users/count")).status, 200);
}

export async function watchTheLog(page) {
  await section(page, "Requests");
  await page.getByText("Live", { exact: true }).waitFor();
  const row = (text) => page.getByRole("row").filter({ hasText: text });
  await must("GET", "/users/count?query=seen-live");
  await row("seen-live").getByText("200").waitFor();
  await row("seen-live").getByText(/^[\d.]+ ms$/).waitFor();
  await send("GET", "/users/user_absent");
  await row("user_absent").getByText("404").waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await must("GET", "/users/count?query=while-paused");
  await must("GET", "/users/count?query=later");
  assert.equal(await row("while-paused").count(), 0);
  await page.getByRole("button", { name: "Go on" }).click();
  await row("while-paused").waitFor();
}

/** What was sent and answered, without its secrets, and what the operation does not have. */
export async function lookAtARequest(page) {
  const { id } = await must("POST", "/users", { username: "looked-at", password: "correct horse battery" });
  await must("GET", "/users/count?email_address[]=looked-at");
  await section(page, "Requests");
  await page.getByRole("row").filter({ hasText: "looked-at" }).getByText("ignored: email_address[]").waitFor();
  await page.getByRole("link", { name: "POST /users", exact: true }).first().click();
  await card(page, "Request").getByText('"username": "looked-at"').waitFor();
  await card(page, "Request").getByText('"password": "…"').waitFor();
  await card(page, "Answer").getByText(id).first().waitFor();
  assert.ok(!(await page.content()).includes("correct horse"));
  await page.getByRole("link", { name: "Requests" }).last().click();
  await page.getByRole("link", { name: /^GET \/users\/count\?email_address/ }).click();
  await card(page, "Details").getByText("email_address[]").waitFor();
  await must("DELETE", `/users/${id}`);
}

export async function seeLimitsInUse(page) {
  await section(page, "Limits");
  const form = card(page, "In force");
  await form.getByLabel("Limits").selectOption({ label: "Those of a development instance" });
  await form.getByRole("button", { name: "Put in force" }).click();
  await said(page, "The limits are in force.");
  for (let count = 0; count < 7; count += 1) await must("GET", "/users/count");
  await page.getByRole("link", { name: "Refresh" }).click();
  await card(page, "In use").getByText("7 of 100").waitFor();
  await page.getByRole("progressbar", { name: "All requests" }).waitFor();
}

export async function liftTheLimits(page) {
  await section(page, "Limits");
  await card(page, "In force").getByLabel("Limits").selectOption({ label: "None" });
  await page.getByRole("button", { name: "Put in force" }).click();
  await page.getByText("No limits are in force.").waitFor();
}

/** Something for every page to show. */
export async function fillThePages(page, receiver) {
  await section(page, "Faults");
  await page.getByRole("button", { name: "Count" }).click();
  await said(page, "Counting is on.");
  await seeLimitsInUse(page);
  await switchAFault(page);
  const [organization] = (await must("GET", "/organizations?limit=1&order_by=-created_at")).data;
  const invite = (address) =>
    must("POST", `/organizations/${organization.id}/invitations`, { email_address: address, role: "org:member" });
  const user = await must("POST", "/users", { first_name: "Ada", last_name: "Lovelace", username: "lovelace" });
  for (const theme of ["dark", "light"]) {
    await must("PATCH", `/users/${user.id}/metadata`, { public_metadata: { theme } });
  }
  await send("POST", "/users", { username: "lovelace" });
  await invite("alan@example.com");
  await receiver.event("organizationInvitation.created", (data) => data.email_address === "alan@example.com");
  Object.assign(receiver, { status: 503, answer: "the queue is full" });
  await invite("katherine@example.com");
  await receiver.event("organizationInvitation.created", (data) => data.email_address === "katherine@example.com");
}
