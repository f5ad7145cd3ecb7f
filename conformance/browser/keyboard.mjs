// The pages without a mouse, and without JavaScript.

import assert from "node:assert/strict";
import { card, invite, openOrganization, said } from "./journey.mjs";

/** Goes on with Tab until the element has the focus, which must always be seen. */
async function tabTo(page, wanted, key = "Tab") {
  for (let steps = 0; steps < 150; steps += 1) {
    await page.keyboard.press(key);
    const unseen = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      const box = focused.getBoundingClientRect();
      const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
      if (inside && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) return null;
      return `${focused.outerHTML.slice(0, 200)} ${outlineStyle} ${outlineWidth} ${JSON.stringify(box)}`;
    });
    assert.equal(unseen, null, "the focus is not visible");
    if (await wanted.evaluate((one) => one === document.activeElement)) return;
  }
  assert.fail(`${wanted} is out of reach`);
}

async function enter(page, wanted, key) {
  await tabTo(page, wanted, key);
  await page.keyboard.press("Enter");
}

export async function inviteByKeyboard(page, home) {
  await page.goto(home);
  await enter(page, page.getByRole("link", { name: "Skip to content" }));
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  const organizations = page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Organizations" });
  await enter(page, organizations, "Shift+Tab");
  await page.waitForURL("**/local/organizations");
  await enter(page, page.locator("tbody a").first());
  const form = card(page, "Invite somebody");
  await form.waitFor();
  await tabTo(page, form.getByLabel("Email address"));
  await page.keyboard.type("marie@example.com");
  await enter(page, form.getByRole("button"));
  await said(page, "marie@example.com was invited.");
  const place = page.url();
  const row = card(page, "Pending invitations").getByRole("listitem").filter({ hasText: "marie@example.com" });
  const question = row.getByText("Revoke", { exact: true });
  await enter(page, question);
  await tabTo(page, row.getByRole("button", { name: "Revoke invitation" }));
  await page.keyboard.press("Escape");
  assert.ok(await question.evaluate((one) => one === document.activeElement), "Escape leads back to the question");
  assert.equal(await row.getByRole("button", { name: "Revoke invitation" }).isVisible(), false);
  await enter(page, page.getByRole("link", { name: "Inbox", exact: true }), "Shift+Tab");
  await page.waitForURL("**/local/inbox");
  await enter(page, page.getByRole("listitem").filter({ hasText: "marie@example.com" }).getByRole("link"));
  await page.waitForURL("**/local/inbox/*");
  await enter(page, page.getByRole("link", { name: "Open the invitation" }));
  await page.waitForURL("**/local/tickets/*");
  await enter(page, page.getByRole("button", { name: "Accept" }));
  await page.getByRole("heading", { name: /^You are in / }).waitFor();
  await page.goto(place);
  await card(page, "Members").getByText("marie@example.com").first().waitFor();
}

export async function inviteWithoutScript(page, home) {
  await page.goto(home);
  await openOrganization(page);
  await invite(page, "rosalind@example.com");
  const row = card(page, "Pending invitations").getByRole("listitem").filter({ hasText: "rosalind@example.com" });
  await row.getByText("Revoke", { exact: true }).click();
  await row.getByRole("button", { name: "Revoke invitation" }).click();
  await said(page, "The invitation was revoked.");
}
