// The audit's report, as whoever gets the file opens it: from the disk, on a desk and on a phone, and on paper.

import assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { barriers, overflows } from "./looks.mjs";

const report = pathToFileURL(process.env.REPORT).href;

/** Opens it; says how long that took, since ten thousand findings are to open at once. */
async function read(page) {
  const began = performance.now();
  await page.goto(report);
  return Math.round(performance.now() - began);
}

/** Nobody is shut out, nothing is wider than the screen, and nothing but the file itself is asked for. */
export async function isWell(page, scheme) {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  const took = await read(page);
  const findings = await page.evaluate(() => [...document.querySelectorAll("h2 .count")].reduce((sum, { textContent }) => sum + Number(textContent), 0));
  const wrong = [];
  for (const [width, height] of [[1280, 860], [375, 760], [320, 640]]) {
    await page.setViewportSize({ width, height });
    // Thousands of rows take axe a while, and a narrow page has no others.
    const found = [...(await overflows(page)), ...(width === 1280 ? await barriers(page) : [])];
    wrong.push(...found.map((text) => `report, ${width} px, ${scheme}: ${text}`));
    if (width === 1280) await picture(page, scheme === "dark" ? "report-dark" : "report");
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(asked, [report]);
  console.log(`browser: the report of ${findings} findings opened in ${took} ms, ${scheme}`);
}

/** A click on a column's name sorts, what is typed filters, and both are said to a screen reader. */
export async function isSearched(page) {
  await page.setViewportSize({ width: 1280, height: 860 });
  await read(page);
  const section = page.locator("section.rule", { has: page.getByRole("searchbox") }).first();
  const sentences = () => section.locator("tbody tr:visible td:first-child").allInnerTexts();
  const head = section.getByRole("columnheader").first();
  const before = await sentences();
  for (const [way, sign] of [["ascending", 1], ["descending", -1]]) {
    await head.getByRole("button").click();
    assert.equal(await head.getAttribute("aria-sort"), way);
    const { compare } = new Intl.Collator("en", { numeric: true });
    assert.deepEqual(await sentences(), [...before].sort((one, other) => sign * compare(one, other)));
  }
  const wanted = before.at(-1);
  await section.getByRole("searchbox").fill(wanted.toUpperCase());
  const found = await sentences();
  assert.ok(found.length > 0 && found.length < before.length && found.every((text) => text.includes(wanted)), `${found.length} of ${before.length}`);
  await section.getByRole("searchbox").fill("nobody is called this");
  assert.deepEqual(await sentences(), []);
}

/** Without its script it is whole, and it prints: the fields that filter stay away, and pages come out. */
export async function isPrinted(page) {
  await read(page);
  assert.equal(await page.getByRole("searchbox").count(), 0);
  const rows = await page.locator("section.rule tbody tr").count();
  const pdf = await page.pdf({ format: "A4" });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.ok(pages > rows / 40, `${rows} rows on ${pages} pages`);
}

async function picture(page, name) {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`), caret: "initial" });
}
