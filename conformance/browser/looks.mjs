// Every main page in light, dark and on a phone: readable by everybody, and no wider than the screen.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { url } from "./browser.mjs";
import { must } from "./clerk.mjs";
import { card } from "./journey.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Those that the documentation shows. */
const PICTURES = [
  "event",
  "faults-dark",
  "invitation",
  "limits-dark",
  "mail",
  "organization",
  "organization-phone",
  "overview-phone",
  "request",
  "requests",
];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The main pages by name. */
export async function pages(page) {
  const first = async (path, link) => {
    await page.goto(url + path);
    return link.first().getAttribute("href");
  };
  const mail = await first("/local/inbox", page.locator(".mails a"));
  return {
    overview: "/local",
    users: "/local/users",
    user: await first("/local/users?search=macleod", page.locator("tbody a")),
    "new-user": "/local/users/new",
    organizations: "/local/organizations",
    organization: await first("/local/organizations", page.locator("tbody a")),
    "new-organization": "/local/organizations/new",
    inbox: "/local/inbox",
    mail,
    invitation: await first(mail, page.getByRole("link", { name: "Open the invitation" })),
    webhooks: "/local/webhooks",
    webhook: await first("/local/webhooks", page.locator(".rows a")),
    event: await first("/local/webhooks", page.locator("tr", { hasText: "organizationInvitation.created" }).getByRole("link")),
    requests: "/local/requests",
    request: await first("/local/requests", page.locator("a.request", { hasText: "POST" })),
    limits: "/local/limits",
    faults: "/local/faults",
    "nothing-found": "/local/users?search=nobody",
  };
}

/** Looks at all of them; says all that is wrong. */
export async function areWell(page, scheme, pages) {
  const wrong = [];
  for (const [name, path] of Object.entries(pages)) {
    // What is in use of the limits is soon free again.
    if (name === "limits") for (let count = 0; count < 20; count += 1) await must("GET", "/organizations?limit=1");
    await page.goto(url + path);
    for (const [width, height] of [[1280, 860], [375, 760], [320, 640]]) {
      await page.setViewportSize({ width, height });
      const found = await overflows(page);
      if (width > 320) {
        found.push(...(await barriers(page)));
        await picture(page, [name, scheme === "dark" && "dark", width === 375 && "phone"].filter(Boolean).join("-"));
      }
      wrong.push(...found.map((text) => `${name}, ${width} px, ${scheme}: ${text}`));
    }
  }
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
}

/** A question is beside its button, and on a phone at the foot of the screen. */
export async function areAsked(page, pages) {
  await page.goto(url + pages.organization);
  await card(page, "Members").getByText("Remove", { exact: true }).first().click();
  const wrong = [];
  for (const [width, height] of [[1280, 860], [375, 760]]) {
    await page.setViewportSize({ width, height });
    const answer = await page.getByRole("button", { name: "Remove member" }).boundingBox();
    if (answer.x < 0 || answer.x + answer.width > width) wrong.push("the answer is out of sight");
    wrong.push(...(await overflows(page)), ...(await barriers(page)));
  }
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
}

/** What axe finds. Where it is not sure of a contrast because the text has the color of its ground, it is found, too. */
export async function barriers(page) {
  await page.evaluate(axe);
  const { violations, incomplete } = await page.evaluate((rules) => window.axe.run({ runOnly: rules }), RULES);
  const invisible = incomplete.map(({ id, nodes }) => ({
    id,
    nodes: nodes.filter(({ any }) => any.some(({ data }) => data?.messageKey === "equalRatio")),
  }));
  return [...violations, ...invisible].flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n    ${failureSummary.replaceAll("\n", "\n    ")}`),
  );
}

/** What is wider than the screen. */
export function overflows(page) {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    // What is inside of something that scrolls by itself makes the page no wider.
    const scrolls = (one) => one && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement));
    const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > room);
    const found = wide.filter((one) => !scrolls(one.parentElement)).map((one) => one.outerHTML.slice(0, 120));
    return [`wider than the screen ${found.join("\n    ")}`];
  });
}

/** Writes a picture, if pictures are wanted. */
async function picture(page, name) {
  const folder = process.env.SCREENSHOTS;
  // Without the caret's own style, which the page's policy would refuse.
  const caret = "initial";
  if (folder && PICTURES.includes(name)) await page.screenshot({ path: path.join(folder, `${name}.png`), caret });
}
