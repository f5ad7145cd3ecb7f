// Webhooks as the pages show them.

import assert from "node:assert/strict";
import { must } from "./clerk.mjs";
import { card, said, section } from "./journey.mjs";
import { MARKUP, unharmed } from "./safety.mjs";

export async function addAnEndpoint(page, receiver) {
  await section(page, "Webhooks");
  const form = card(page, "Add an endpoint");
  await form.getByLabel("URL").fill("http://example.com/elsewhere");
  await form.getByLabel("Events").fill("user.*");
  await form.getByRole("button", { name: "Add endpoint" }).click();
  await form.locator(".problem", { hasText: "only this machine" }).waitFor();
  assert.equal(await form.getByLabel("Events").inputValue(), "user.*", "what was entered is kept");
  await form.getByLabel("URL").fill(receiver.url);
  await form.getByLabel("Events").fill("organizationInvitation.*, organizationMembership.*");
  await form.getByRole("button", { name: "Add endpoint" }).click();
  await said(page, "The endpoint gets events from now on.");
  const secret = page.getByText(/^whsec_/);
  assert.equal(await secret.isVisible(), false);
  await page.getByText("Show the secret").click();
  await secret.waitFor();
}

/** The endpoint fails, with text of anybody's; then it is well, and a button sends the event again. */
export async function repeatADelivery(page, receiver) {
  Object.assign(receiver, { status: 500, answer: MARKUP });
  const [organization] = (await must("GET", "/organizations?limit=1")).data;
  const invited = { email_address: "dorothy@example.com", role: "org:member" };
  await must("POST", `/organizations/${organization.id}/invitations`, invited);
  const isDorothy = ({ email_address: address }) => address === "dorothy@example.com";
  await receiver.event("organizationInvitation.created", isDorothy);
  await section(page, "Webhooks");
  const row = page.getByRole("row").filter({ hasText: "organizationInvitation.created" }).first();
  // The page looks again by itself until the attempt is written down.
  await row.getByText("To be repeated").waitFor();
  await row.getByRole("link").click();
  const delivery = card(page, receiver.url);
  await delivery.getByText("500", { exact: true }).first().waitFor();
  await delivery.getByText(MARKUP).first().waitFor();
  await unharmed(page);
  Object.assign(receiver, { status: 200, answer: "thank you" });
  receiver.events.length = 0;
  await delivery.getByRole("button", { name: "Send again" }).click();
  await said(page, "It is sent again.");
  await receiver.event("organizationInvitation.created", isDorothy);
  await delivery.getByText("Delivered").waitFor();
  await delivery.getByText("thank you").waitFor();
  receiver.events.length = 0;
  await page.getByRole("button", { name: "Send to all endpoints again" }).click();
  await said(page, "It is sent again.");
  await receiver.event("organizationInvitation.created", isDorothy);
  await page.goto(await endpoint(page, receiver));
  await card(page, "Deliveries").getByText("Delivered").first().waitFor();
}

async function endpoint(page, receiver) {
  await section(page, "Webhooks");
  const link = page.getByRole("link", { name: receiver.url });
  await link.waitFor();
  return new URL(await link.getAttribute("href"), page.url()).href;
}

export async function removeTheEndpoint(page, receiver) {
  await page.goto(await endpoint(page, receiver));
  await page.getByRole("button", { name: "Disable" }).click();
  await said(page, "The endpoint gets no events.");
  await page.getByRole("button", { name: "Enable" }).click();
  await said(page, "The endpoint gets events again.");
  await page.getByText("Remove", { exact: true }).click();
  await page.getByRole("button", { name: "Remove endpoint" }).click();
  await said(page, "The endpoint was removed.");
  await page.getByText("No endpoint gets events yet.").waitFor();
}
