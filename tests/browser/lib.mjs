// Shared by the browser tests: TAP on standard output, one browser, the pages to look at.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const state = { n: 0, bad: 0 };

export function ok(pass, name, why = "") {
  state.n += 1;
  if (!pass) state.bad += 1;
  console.log(`${pass ? "ok" : "not ok"} ${state.n} - ${name}`);
  if (!pass && why) for (const line of String(why).split("\n").slice(0, 12)) console.log(`# ${line}`);
  return pass;
}

export function equal(name, wanted, got) {
  return ok(wanted === got, name, `wanted: ${wanted}\ngot:    ${got}`);
}

export function done() {
  console.log(`1..${state.n}`);
  process.exitCode = state.bad === 0 && state.n > 0 ? 0 : 1;
}

export const flags = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-first-run", "--disable-quic", "--disable-dev-shm-usage",
];
export const chrome = process.env.CHROME_PATH || "/usr/bin/chromium";
export const open_browser = () => chromium.launch({ executablePath: chrome, args: flags });

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Violations of a page as text, "" when there are none.
export async function axe_violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((t) => globalThis.axe.run(document, { runOnly: t }), tags);
  return found.violations
    .map((v) => `${v.id}: ${v.help}\n${v.nodes.slice(0, 3).map((n) => `  ${n.target} ${n.any[0]?.message ?? ""}`).join("\n")}`)
    .join("\n");
}

// A page in its own context; everything the browser complains about is collected in page.complaints.
export async function open_page(browser, url, options = {}) {
  const context = await browser.newContext({ bypassCSP: options.bypass ?? false, ...options.context });
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && page.complaints.push(`${m.type()}: ${m.text()}`));
  page.on("pageerror", (e) => page.complaints.push(`error: ${e.message}`));
  page.answer = await page.goto(url, { waitUntil: "load" });
  page.leave = () => context.close();
  return page;
}

// The shops: an English one at base and an Arabic one, which is named, linked from the first or the demo's.
export async function find_shops(browser, base) {
  const shops = [{ lang: "en", dir: "ltr", home: new URL("/", base).href }];
  const page = await open_page(browser, shops[0].home);
  const linked = await page.locator('.prefs a[hreflang="ar"]').first().getAttribute("href", { timeout: 2000 }).catch(() => null);
  await page.leave();
  const souk = new URL(base);
  souk.hostname = "souk.localhost";
  const home = process.env.KADE_TEST_URL_AR || (linked ? new URL(linked, base).href : souk.href);
  shops.push({ lang: "ar", dir: "rtl", home });
  return shops;
}

// Home, a category, a product and a page that is not there.
export async function find_pages(browser, shop) {
  const page = await open_page(browser, shop.home);
  const href = async (selector) => {
    const found = await page.locator(selector).first().getAttribute("href", { timeout: 5000 }).catch(() => null);
    return found && new URL(found, shop.home).href;
  };
  const pages = [
    { name: "home", url: shop.home, status: 200 },
    { name: "category", url: (await href(".cats-list a:not(.cats-all)")) ?? (await href(".tile-link")), status: 200 },
    { name: "product", url: await href(".card-link"), status: 200 },
    { name: "404", url: new URL(`${shop.home.replace(/\/$/, "")}/p/there-is-no-such-product`).href, status: 404 },
  ];
  await page.leave();
  for (const p of pages) if (!p.url) ok(false, `${shop.lang} ${p.name}: found from the home page`, `${shop.home} links none`);
  return pages.filter((p) => p.url);
}
