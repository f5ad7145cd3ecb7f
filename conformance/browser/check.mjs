// Clicks through the pages of a local Clerk in a real browser, and opens a report of the audit. Whatever the browser complains of is a failure.

import { assertCalm, launch, open, url } from "./browser.mjs";
import { Receiver } from "./clerk.mjs";
import * as journey from "./journey.mjs";
import * as keyboard from "./keyboard.mjs";
import * as looks from "./looks.mjs";
import * as report from "./report.mjs";
import * as safety from "./safety.mjs";
import * as webhooks from "./webhooks.mjs";

const began = Date.now();
const receiver = await new Receiver().start();
const browser = await launch();
const page = await open(browser);
const home = `${url}/local`;
let current = page;

async function step(name, run) {
  try {
    await run();
    assertCalm(name);
  } catch (error) {
    await current.screenshot({ path: process.env.ON_FAILURE, fullPage: true, caret: "initial" }).catch(() => {});
    console.error(`browser: ${name} failed at ${current.url()} (see ${process.env.ON_FAILURE})`);
    console.error(await current.locator("main").innerText().catch(() => "no page"));
    throw error;
  }
}

/** Another window, as whoever has the cookie or has not. */
async function inWindow(options, refused, run) {
  current = await open(browser, options, refused);
  await run(current);
  await current.context().close();
  current = page;
}

try {
  await step("enter through the address of local open", async () => {
    await page.goto(process.env.LOCAL_OPEN);
    await page.waitForURL(home);
  });
  await step("add a webhook endpoint", () => webhooks.addAnEndpoint(page, receiver));
  const storageState = await page.context().storageState();

  await step("accept an invitation", () => journey.acceptAnInvitation(page, receiver));
  await step("decline an invitation", () => journey.declineAnInvitation(page, receiver));
  await step("repeat a delivery that failed", () => webhooks.repeatADelivery(page, receiver));
  await step("change and remove a member", () => journey.changeAMember(page));
  await step("switch a fault on and off", () => journey.switchAFault(page));
  await step("remove the fault", () => journey.removeTheFault(page));
  await step("watch the log of requests", () => journey.watchTheLog(page));
  await step("look at a request", () => journey.lookAtARequest(page));
  await step("see limits in use", () => journey.seeLimitsInUse(page));
  await step("lift the limits", () => journey.liftTheLimits(page));
  await step("invite and accept by keyboard", () => keyboard.inviteByKeyboard(page, home));
  await step("invite without JavaScript", () =>
    inWindow({ storageState, javaScriptEnabled: false }, [], (plain) => keyboard.inviteWithoutScript(plain, home)),
  );
  await step("no entry without the cookie", () => inWindow({}, [401], safety.locked));
  await step("no form without its token", () => inWindow({ storageState }, [403], safety.forged));
  await step("markup is text", () => safety.inert(page));

  await page.goto(home);
  await step("fill all pages", () => journey.fillThePages(page, receiver));
  const pages = await looks.pages(page);
  for (const colorScheme of ["light", "dark"]) {
    await inWindow({ storageState, colorScheme }, [], (window) =>
      step(`pages in ${colorScheme}`, () => looks.areWell(window, colorScheme, pages)),
    );
  }
  await inWindow({ storageState }, [], (window) => step("questions", () => looks.areAsked(window, pages)));
  await page.goto(home);
  await step("remove the webhook endpoint", () => webhooks.removeTheEndpoint(page, receiver));
  for (const colorScheme of ["light", "dark"]) {
    await inWindow({ colorScheme }, [], (window) => step(`report in ${colorScheme}`, () => report.isWell(window, colorScheme)));
  }
  await inWindow({}, [], (window) => step("search the report", () => report.isSearched(window)));
  await inWindow({ javaScriptEnabled: false }, [], (window) => step("print the report", () => report.isPrinted(window)));
  console.log(`browser: all pages are well, ${Math.round((Date.now() - began) / 1000)} s`);
} catch (error) {
  console.error(error.stack);
  process.exitCode = 1;
} finally {
  await browser.close();
  receiver.stop();
}
