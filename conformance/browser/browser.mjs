// The browser, and what must never happen in it.

import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const url = process.env.CLERK_LOCAL_URL;

/** What went wrong on any page so far. */
const troubles = [];

export function assertCalm(step) {
  if (troubles.length > 0) throw new Error(`${step}:\n  ${troubles.splice(0).join("\n  ")}`);
}

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: FLAGS });
}

/** A window with a profile of its own. `refused` lists statuses that are expected in it. */
export async function open(browser, options = {}, refused = []) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  context.setDefaultTimeout(8_000);
  const page = await context.newPage();
  const trouble = (text) => troubles.push(`${page.url()}: ${text}`);
  page.on("pageerror", (error) => trouble(`uncaught ${error}`));
  page.on("crash", () => trouble("the page crashed"));
  page.on("console", (message) => {
    // An expected refusal is also written to the console.
    const expected = refused.some((status) => message.text().includes(`status of ${status}`));
    if (["error", "warning"].includes(message.type()) && !expected) trouble(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== url && !["data:", "file:"].includes(protocol)) trouble(`asks ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && !refused.includes(response.status())) {
      trouble(`${response.status()} for ${response.request().method()} ${response.url()}`);
    }
  });
  page.on("requestfailed", (request) => {
    // What a page asks for by itself ends when the page is left.
    const isLeft = request.failure()?.errorText === "net::ERR_ABORTED" && !request.isNavigationRequest();
    if (!isLeft) trouble(`${request.url()} failed: ${request.failure()?.errorText}`);
  });
  return page;
}
