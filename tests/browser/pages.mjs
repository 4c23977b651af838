// Every public page in English and Arabic: what the browser sees, with and without scripts, wide and narrow,
// light and dark, by keyboard. Needs KADE_TEST_URL.
import { mkdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { axe_violations, done, equal, find_pages, find_shops, ok, open_browser, open_page } from "./lib.mjs";

const base = process.env.KADE_TEST_URL;
const limits = { home: 14, category: 20, product: 16, 404: 14 }; // KB of HTML, gzip
// `./dev test full` keeps a picture of every page in every width and scheme, for people to look at.
const pictures = process.env.KADE_TEST_FULL === "1" ? `${process.env.KADE_TEST_SRC}/build/pictures` : "";
if (pictures) mkdirSync(pictures, { recursive: true });
const browser = await open_browser();

async function look(shop, { name, url, status }) {
  const label = `${shop.lang} ${name}`;
  const page = await open_page(browser, url, { context: { viewport: { width: 1280, height: 900 } } });
  equal(`${label}: answers ${status}`, status, page.answer.status());
  await page.waitForLoadState("networkidle");
  const seen = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    dir: document.documentElement.dir,
    h1: document.querySelectorAll("h1").length,
    title: document.title,
    robots: document.querySelector("meta[name=robots]")?.content,
    broken: [...document.images].filter((i) => i.complete && i.naturalWidth === 0).map((i) => i.src),
    ids: [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i),
    left: document.body.innerText.match(/\[\[.*?\]\]|\{\{.*?\}\}|[\u001e\u001f]/)?.[0] ?? "",
  }));
  ok(seen.lang === shop.lang && seen.dir === shop.dir, `${label}: html says ${shop.lang} ${shop.dir}`, JSON.stringify(seen));
  ok(seen.h1 === 1 && seen.title.length > 0, `${label}: one h1 and a title`, JSON.stringify(seen));
  equal(`${label}: search engines are told`, status === 200 ? "index,follow" : "noindex", seen.robots);
  equal(`${label}: no broken picture`, "", seen.broken.join(" "));
  equal(`${label}: no id twice`, "", seen.ids.join(" "));
  equal(`${label}: nothing of the template is left over`, "", seen.left);
  const noise = page.complaints.filter((c) => !(status !== 200 && /status of 404/.test(c)));
  equal(`${label}: the console is silent under the policy`, "", noise.join("\n"));
  const html = gzipSync(await page.answer.body()).length / 1024;
  ok(html <= limits[name], `${label}: at most ${limits[name]} KB of HTML`, `${html.toFixed(1)} KB`);
  const loads = await page.evaluate(() => performance.getEntriesByType("resource").filter((r) => r.initiatorType !== "img").map((r) => r.name));
  const foreign = loads.filter((u) => new URL(u).origin !== new URL(url).origin);
  ok(loads.length <= 14 && foreign.length === 0, `${label}: few requests, none to others`, `${loads.length}: ${foreign}`);
  await page.leave();

  for (const width of [320, 1280]) {
    for (const scheme of ["light", "dark"]) {
      const view = await open_page(browser, url, { bypass: true, context: { viewport: { width, height: 800 }, colorScheme: scheme, reducedMotion: "reduce" } });
      equal(`${label}: axe finds nothing at ${width} px, ${scheme}`, "", await axe_violations(view));
      const over = await view.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      ok(over <= 0, `${label}: no sideways scroll at ${width} px, ${scheme}`, `${over} px too wide`);
      if (pictures) await view.screenshot({ path: `${pictures}/${shop.lang}-${name}-${width}-${scheme}.png`, fullPage: true });
      await view.leave();
    }
  }
  const forced = await open_page(browser, url, { bypass: true, context: { viewport: { width: 1280, height: 800 }, forcedColors: "active" } });
  equal(`${label}: axe finds nothing in forced colours`, "", await axe_violations(forced));
  await forced.leave();
}

async function spacing(shop, { name, url }) {
  // WCAG 1.4.12: a reader's own spacing must not cut words off.
  const page = await open_page(browser, url, { bypass: true, context: { viewport: { width: 320, height: 800 }, reducedMotion: "reduce" } });
  await page.addStyleTag({ content: "*{line-height:1.5!important;word-spacing:.16em!important}" + (shop.lang === "ar" ? "" : "*{letter-spacing:.12em!important}") + "p{margin-block-end:2em!important}" });
  await page.evaluate(() => document.fonts.ready);
  const cut = await page.evaluate(() => [...document.querySelectorAll("a,button,h1,h2,h3,p,label,summary")]
    .filter((e) => !e.closest(".vh,.skip,.card-media,.blank,[aria-hidden=true],.cats-list") && !e.matches(".vh,.skip,.blank") && e.checkVisibility())
    .filter((e) => getComputedStyle(e).overflow !== "visible" && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
    .map((e) => `${e.tagName}.${e.className}`));
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  ok(cut.length === 0 && over <= 0, `${shop.lang} ${name}: a reader's own text spacing cuts nothing off`, `${over} px too wide; ${cut}`);
  await page.leave();
}

async function without_scripts(shop, { name, url, status }) {
  const label = `${shop.lang} ${name} without scripts`;
  const page = await open_page(browser, url, { context: { javaScriptEnabled: false, viewport: { width: 390, height: 800 } } });
  equal(`${label}: answers ${status}`, status, page.answer.status());
  ok(await page.locator("h1").isVisible(), `${label}: the heading shows`);
  await page.locator(".prefs > summary").click();
  ok(await page.locator(".prefs .menu-panel").isVisible(), `${label}: the preferences open`);
  await page.locator('button[name=theme][value="dark"]').click();
  await page.waitForLoadState();
  equal(`${label}: dark is chosen by a form and comes back to the page`, `dark ${url}`, `${await page.locator("html").getAttribute("data-theme")} ${page.url()}`);
  await page.locator("#q").fill("lamp");
  await page.locator(".find-go").click();
  await page.waitForLoadState();
  ok(new URL(page.url()).pathname.endsWith("/search") && page.url().includes("q=lamp"), `${label}: search is a plain form`, page.url());
  await page.leave();
}

async function by_keyboard(shop, { name, url }) {
  const label = `${shop.lang} ${name} by keyboard`;
  const page = await open_page(browser, url, { context: { viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" } });
  await page.keyboard.press("Tab");
  const skip = page.locator(".skip").first();
  ok((await skip.evaluate((e) => e === document.activeElement)) && (await skip.boundingBox()).height > 20, `${label}: the first stop is a visible skip link`);
  await page.keyboard.press("Enter");
  equal(`${label}: it goes to the content`, "main", await page.evaluate(() => document.activeElement.id));
  await page.goto(url);
  let stops = 0;
  const lost = [];
  let reached = false;
  for (; stops < 400; stops += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const style = getComputedStyle(e);
      const after = getComputedStyle(e, "::after");
      const box = e.getBoundingClientRect();
      const x = Math.min(Math.max(box.x + box.width / 2, 1), innerWidth - 1);
      const y = Math.min(Math.max(box.y + Math.min(box.height / 2, 20), 1), innerHeight - 1);
      const top = document.elementFromPoint(x, y);
      const shown = style.outlineStyle !== "none" || after.outlineStyle !== "none";
      return { id: e.id, name: `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 30)}`, shown, free: !top || e.contains(top) || top.contains(e) || !!top.closest(".card,.tile,.find,label") };
    });
    if (!at) break;
    if (at.id === "q") reached = true;
    if (!at.shown || !at.free) lost.push(`${at.name} ${at.shown ? "covered" : "no outline"}`);
  }
  ok(reached, `${label}: search is reached`);
  ok(stops > 5 && stops < 400, `${label}: the last stop leaves the page, no trap`, `${stops} stops`);
  equal(`${label}: focus is seen at each of the stops`, "", lost.slice(0, 5).join("\n"));
  await page.leave();
}

// A product is found and opened without scripts, and by the keyboard alone: from the home page through the search.
async function journeys(shop) {
  const off = await open_page(browser, shop.home, { context: { javaScriptEnabled: false, viewport: { width: 390, height: 800 } } });
  const word = (await off.locator(".card-link").first().textContent()).trim().split(/\s+/)[0];
  await off.locator("#q").fill(word);
  await off.locator(".find-go").click();
  await off.locator(".card-link").first().click();
  await off.waitForLoadState();
  ok((await off.locator('[data-test="product"]').count()) === 1, `${shop.lang}: without scripts a product is found and opened`, off.url());
  await off.leave();
  const keys = await open_page(browser, shop.home, { context: { viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" } });
  const focused = (selector) => keys.evaluate((s) => document.activeElement?.matches(s) ?? false, selector);
  const tab_to = async (selector, most) => {
    for (let i = 0; i < most && !(await focused(selector)); i += 1) await keys.keyboard.press("Tab");
    return focused(selector);
  };
  const searched = await tab_to("#q", 20);
  await keys.keyboard.type(word);
  await keys.keyboard.press("Enter");
  await keys.waitForURL(/search/);
  await keys.waitForLoadState();
  const reached = await tab_to(".card-link", 150);
  await keys.keyboard.press("Enter");
  await keys.waitForURL(/\/p\//, { timeout: 10000 }).catch(() => {});
  ok(searched && reached && (await keys.locator('[data-test="product"]').count()) === 1, `${shop.lang}: by keyboard a product is found and opened`, keys.url());
  await keys.leave();
}

// What scripts add: filters swap the list in place and keep focus, menus close by Escape, a picture opens large.
async function enhanced(shop, pages) {
  const url_of = (name) => pages.find((p) => p.name === name)?.url;
  let page = await open_page(browser, url_of("category"), { context: { viewport: { width: 1280, height: 900 } } });
  const apply = page.locator("#facets-apply");
  if ((await apply.count()) > 0) {
    await page.locator("#price-max").fill("999999");
    await apply.click();
    await page.waitForURL(/price_max=999999/);
    await page.waitForFunction(() => document.querySelectorAll("#listing").length === 1);
    equal(`${shop.lang} category: a filter swaps the list and keeps focus`, "facets-apply", await page.evaluate(() => document.activeElement.id));
    equal(`${shop.lang} category: the swap is silent under the policy`, "", page.complaints.join("\n"));
  }
  await page.locator(".prefs > summary").click();
  await page.keyboard.press("Escape");
  ok(await page.evaluate(() => !document.querySelector(".prefs").open && document.activeElement.matches(".prefs > summary")), `${shop.lang} category: Escape closes a menu and gives focus back`);
  await page.leave();
  page = await open_page(browser, url_of("product"), { context: { viewport: { width: 390, height: 800 } } });
  const picture = page.locator(".gallery-main a").first();
  if ((await picture.count()) > 0) {
    await page.waitForLoadState("networkidle");
    await picture.click();
    ok(await page.locator("dialog.zoom[open] img").isVisible(), `${shop.lang} product: a picture opens in a dialog`);
    await page.keyboard.press("Escape");
    ok(await picture.evaluate((e) => document.activeElement === e), `${shop.lang} product: closing it gives focus back`);
  }
  await page.leave();
}

async function languages(shop, pages) {
  for (const { name, url } of pages.filter((p) => p.status === 200)) {
    const page = await open_page(browser, url);
    const links = await page.locator(".prefs a[hreflang]").evaluateAll((all) => all.map((a) => ({ lang: a.hreflang, href: a.href })));
    ok(links.length >= 2, `${shop.lang} ${name}: offers its languages`, JSON.stringify(links));
    for (const { lang, href } of links) {
      const answer = await page.goto(href);
      equal(`${shop.lang} ${name}: the same page in ${lang}`, `200 ${lang}`, `${answer.status()} ${await page.locator("html").getAttribute("lang")}`);
    }
    await page.leave();
  }
}

async function weights(url) {
  const page = await open_page(browser, url);
  await page.waitForLoadState("networkidle");
  const names = await page.evaluate(() => performance.getEntriesByType("resource").map((r) => r.name));
  const size = async (pattern) => {
    let sum = 0;
    for (const name of names.filter((n) => pattern.test(new URL(n).pathname))) sum += gzipSync(await (await page.request.get(name)).body()).length;
    return sum / 1024;
  };
  const css = await size(/\.css$/);
  const js = await size(/\.js$/);
  ok(css > 1 && css <= 14, "style sheets are at most 14 KB", `${css.toFixed(1)} KB`);
  ok(js > 1 && js <= 22, "scripts are at most 22 KB", `${js.toFixed(1)} KB`);
  await page.leave();
}

for (const shop of await find_shops(browser, base)) {
  const pages = await find_pages(browser, shop);
  for (const page of pages) {
    await look(shop, page);
    await spacing(shop, page);
    await without_scripts(shop, page);
    await by_keyboard(shop, page);
  }
  await journeys(shop);
  await enhanced(shop, pages);
  await languages(shop, pages);
}
await weights(new URL("/", base).href);
await browser.close();
done();
