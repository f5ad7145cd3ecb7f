// Every main page in light, dark and on a phone: readable by everybody, and no wider than the screen.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { must } from "./clerk.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The main pages by name. */
export async function pages() {
  const [organization] = (await must("GET", "/organizations?limit=1&order_by=-created_at")).data;
  const [user] = await must("GET", "/users?limit=1&order_by=-last_active_at");
  const invitation = (await must("GET", `/organizations/${organization.id}/invitations?status=pending&limit=1`)).data[0];
  return {
    overview: "/local",
    users: "/local/users",
    user: `/local/users/${user.id}`,
    "new-user": "/local/users/new",
    organizations: "/local/organizations",
    organization: `/local/organizations/${organization.id}`,
    "new-organization": "/local/organizations/new",
    inbox: "/local/inbox",
    requests: "/local/requests",
    limits: "/local/limits",
    faults: "/local/faults",
    "nothing-found": "/local/users?search=nobody",
  };
}

export async function isAccessible(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((rules) => window.axe.run({ runOnly: rules }), RULES);
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n    ${failureSummary.replaceAll("\n", "\n    ")}`),
  );
  assert.deepEqual(found, [], `${name} is not accessible:\n  ${found.join("\n  ")}`);
}

export async function fits(page, name) {
  for (const width of [375, 320]) {
    await page.setViewportSize({ width, height: 720 });
    const over = await page.evaluate(() => {
      const room = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= room) return [];
      const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > room);
      return wide.map((one) => one.outerHTML.slice(0, 120));
    });
    assert.deepEqual(over, [], `${name} is wider than ${width} px`);
  }
}

/** Writes a picture, if pictures are wanted. */
export async function picture(page, name, options = {}) {
  const folder = process.env.SCREENSHOTS;
  // Without the caret's own style, which the page's policy would refuse.
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`), caret: "initial", ...options });
}
