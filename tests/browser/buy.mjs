// Buying as people do: a guest pays cash on delivery, and somebody registers, signs in, keeps an address and orders
// without typing it again. With scripts, without, and by the keyboard alone, in English and Arabic. Steps and typed
// fields are counted. Needs KADE_TEST_URL and the folder of its mail (KADE_STATE).
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { axe_violations, done, equal, find_shops, ok, open_browser, open_page } from "./lib.mjs";

const base = process.env.KADE_TEST_URL;
const mails = process.env.KADE_STATE ? join(process.env.KADE_STATE, "mail") : "";
const browser = await open_browser();
const places = {
  en: { phone: "077 123 4567", address_line1: "1 Galle Road", city: "Colombo" },
  ar: { phone: "0770 123 4567", address_line1: "شارع السعدون 12", city: "الكرادة", region: true },
};

// The three ways to use a page: the pointer with and without scripts, and nothing but keys.
function hands(page, mode) {
  const focused = (selector) => page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector);
  const tab_to = async (selector) => {
    for (let i = 0; i < 160 && !(await focused(selector)); i += 1) await page.keyboard.press("Tab");
    if (!(await focused(selector))) throw new Error(`no way to ${selector} by keyboard on ${page.url()}`);
  };
  const settle = () => page.waitForLoadState("load");
  const keys = mode === "by keyboard";
  return {
    async go(selector, enter = "Enter") {
      const before = page.url();
      if (keys) {
        await tab_to(selector);
        await Promise.all([page.waitForURL((u) => u.href !== before, { waitUntil: "load" }), page.keyboard.press(enter)]);
      } else {
        await Promise.all([page.waitForURL((u) => u.href !== before, { waitUntil: "load" }), page.locator(selector).first().click()]);
      }
      await settle();
    },
    async type(name, text) {
      if (!keys) return page.fill(`[name="${name}"]`, text);
      await tab_to(`[name="${name}"]`);
      return page.keyboard.type(text);
    },
    async choose(name) {
      const options = await page.locator(`select[name="${name}"] option`).evaluateAll((all) => all.map((o) => o.value));
      if (!keys) return page.selectOption(`[name="${name}"]`, options[1]);
      await tab_to(`[name="${name}"]`);
      return page.keyboard.press("ArrowDown");
    },
  };
}

const open = (url, mode) =>
  open_page(browser, url, { context: { javaScriptEnabled: mode !== "without scripts", viewport: { width: 390, height: 800 }, reducedMotion: "reduce" } });

async function a_product_in_the_cart(page, h, home) {
  // Found from the page of what there is; sold out ones have no button.
  const links = await page.locator(".card-link").evaluateAll((all) => all.map((a) => a.href));
  for (const link of links.slice(0, 12)) {
    await page.goto(link);
    const button = page.locator('[data-test="buy"] button[type=submit]');
    if ((await button.count()) === 0 || (await button.first().isDisabled())) continue;
    await h.go('[data-test="buy"] button[type=submit]');
    return;
  }
  throw new Error(`nothing to buy on ${home}`);
}

const typed_fields = (page) =>
  page.locator('[data-test="details"]').evaluate((form) =>
    [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((e) => e.checkVisibility() && !e.disabled).length);

async function fill_address(h, place, lang) {
  // In the order of the country's form, as keys go forward only.
  await h.type("name", lang === "ar" ? "زينب علي" : "Nimal Perera");
  await h.type("phone", place.phone);
  if (place.region) {
    await h.choose("region");
    await h.type("city", place.city);
    await h.type("address_line1", place.address_line1);
  } else {
    await h.type("address_line1", place.address_line1);
    await h.type("city", place.city);
  }
}

async function looked_at(page, label, mode) {
  if (mode !== "with scripts") return;
  const view = await browser.newContext({ bypassCSP: true, storageState: await page.context().storageState(), viewport: { width: 320, height: 800 }, reducedMotion: "reduce" });
  const copy = await view.newPage();
  await copy.goto(page.url(), { waitUntil: "load" });
  equal(`${label}: axe finds nothing`, "", await axe_violations(copy));
  const over = await copy.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  ok(over <= 0, `${label}: no sideways scroll at 320 px`, `${over} px too wide`);
  await view.close();
}

async function guest_buys(shop, mode) {
  const label = `${shop.lang}, ${mode}: a guest`;
  const page = await open(shop.home, mode);
  const h = hands(page, mode);
  const steps = [];
  const step = () => steps.push(new URL(page.url()).pathname);
  await a_product_in_the_cart(page, h, shop.home);
  step();
  await looked_at(page, `${shop.lang} cart`, mode);
  await h.go('[data-test="checkout"]');
  step();
  const fields = await typed_fields(page);
  ok(fields <= 7, `${label} sees at most 7 fields`, String(fields));
  await looked_at(page, `${shop.lang} checkout`, mode);
  await fill_address(h, places[shop.lang], shop.lang);
  await h.go('[data-test="go-on"]');
  step();
  ok(page.url().includes("/checkout/pay"), `${label} comes to the review`, page.url());
  await looked_at(page, `${shop.lang} review`, mode);
  const total = await page.locator('#review [data-test="total"]').textContent();
  await h.go('[data-test="place"]');
  ok(steps.length === 3 && page.url().includes("/done/"), `${label} buys cash on delivery in 3 steps`, `${steps} ${page.url()}`);
  const number = await page.locator('[data-test="number"]').textContent();
  equal(`${label} pays what was shown`, total, await page.locator('[data-test="total"]').textContent());
  await looked_at(page, `${shop.lang} confirmation`, mode);
  await page.goBack();
  await page.goto(new URL(steps[0], shop.home).href);
  ok((await page.locator('[data-test="cart-line"]').count()) === 0, `${label} has an empty cart afterwards`);
  ok(number.trim().length > 3, `${label} is told the number`, number);
  equal(`${label}: the console is silent under the policy`, "", page.complaints.join("\n"));
  await page.leave();
}

// Totals follow the place, the way of delivery and a code, without a new page.
async function totals_are_live(shop) {
  const page = await open(shop.home, "with scripts");
  const h = hands(page, "with scripts");
  await a_product_in_the_cart(page, h, shop.home);
  await h.go('[data-test="checkout"]');
  await page.fill('[name="name"]', "Nimal");
  const url = page.url();
  const total = page.locator("#summary [data-test=total]");
  const before = await total.textContent();
  await page.locator('[data-test="country"]').click();
  await page.selectOption("#country", "US");
  await page.waitForFunction((t) => document.querySelector("#summary [data-test=total]").textContent !== t, before);
  ok((await page.locator("#address label").allTextContents()).some((t) => t.includes("ZIP")), `${shop.lang}: another country brings its fields`);
  await page.fill("#city", "Reno");
  await page.locator("#postcode").focus();
  await page.locator('[data-test="not-served"]').waitFor({ timeout: 5000 }).catch(() => {});
  ok((await page.locator('[data-test="not-served"]').count()) === 1, `${shop.lang}: a place nobody delivers to is named at once`);
  await page.selectOption("#country", "LK");
  await page.waitForFunction((t) => document.querySelector("#summary [data-test=total]").textContent === t, before);
  equal(`${shop.lang}: nothing typed is lost on the way, and the page is the same`, `Nimal ${url}`, `${await page.inputValue("#name")} ${page.url()}`);
  await fill_address(h, places[shop.lang], shop.lang);
  await h.go('[data-test="go-on"]');
  const ways = page.locator("input[name=shipping_method]");
  if ((await ways.count()) > 1) {
    const was = await page.locator("#review [data-test=total]").textContent();
    await ways.nth(1).check();
    await page.waitForFunction((t) => document.querySelector("#review [data-test=total]").textContent !== t, was);
    ok(await ways.nth(1).isChecked(), `${shop.lang}: another way of delivery changes the total in place`);
  }
  await page.locator(".checkout-code > summary").click();
  await page.fill("#code", "NOBODY-KNOWS-IT");
  await page.keyboard.press("Enter");
  await page.locator('[data-test="code-refused"]').waitFor({ timeout: 5000 }).catch(() => {});
  ok((await page.locator('[data-test="code-refused"]').count()) === 1 && page.url().includes("/checkout/pay"), `${shop.lang}: a code is answered at the review`, page.url());
  await page.leave();
}

// The last letter to an address, once it is written: its link of a kind.
async function link_from_mail(to, kind) {
  for (let i = 0; i < 150; i += 1) {
    const files = readdirSync(mails).filter((f) => f.endsWith(".eml")).map((f) => join(mails, f)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    for (const file of files.slice(0, 20)) {
      const text = readFileSync(file, "utf8").replace(/=\r?\n/g, "").replace(/=3D/g, "=");
      const found = text.includes(to) && text.match(new RegExp(`https?://[^\\s"<>]*/${kind}/[A-Za-z0-9_-]+`));
      if (found) return new URL(found[0]).pathname;
    }
    await new Promise((r) => setTimeout(r, 100));
  }
  throw new Error(`no letter with /${kind}/ to ${to}`);
}

async function somebody_joins_and_orders(shop, mode) {
  const label = `${shop.lang}, ${mode}: somebody`;
  const email = `${shop.lang}-${mode.replaceAll(" ", "-")}-${process.pid}@buyer.example`;
  const page = await open(new URL("/register", shop.home).href, mode);
  const h = hands(page, mode);
  const at = (path) => page.goto(new URL(path, shop.home).href, { waitUntil: "load" });
  await h.type("name", "Ann Buyer");
  await h.type("email", email);
  await h.type("password", "seven quiet lamps");
  await looked_at(page, `${shop.lang} register`, mode);
  await h.go('[data-test="submit"]');
  await at(await link_from_mail(email, "verify"));
  await h.go("main form button[type=submit]");
  await at("/account");
  if (page.url().includes("/login")) {
    await looked_at(page, `${shop.lang} login`, mode);
    await h.type("email", email);
    await h.type("password", "seven quiet lamps");
    await h.go('[data-test="submit"]');
  }
  ok(new URL(page.url()).pathname.endsWith("/account"), `${label} registers and signs in`, page.url());
  await looked_at(page, `${shop.lang} account`, mode);
  await at("/account/addresses/new");
  await looked_at(page, `${shop.lang} new address`, mode);
  const name = page.locator('[name="name"]');
  if ((await name.inputValue()) === "") await h.type("name", "Ann Buyer");
  const place = places[shop.lang];
  await h.type("phone", place.phone);
  if (place.region) {
    await h.choose("region");
    await h.type("city", place.city);
    await h.type("address_line1", place.address_line1);
  } else {
    await h.type("address_line1", place.address_line1);
    await h.type("city", place.city);
  }
  await h.go('[data-test="submit"]');
  await page.goto(shop.home, { waitUntil: "load" });
  await a_product_in_the_cart(page, h, shop.home);
  await h.go('[data-test="checkout"]'); // click one
  ok(page.url().includes("/checkout/pay"), `${label} types nothing: the kept address is used`, page.url());
  await h.go('[data-test="place"]'); // click two
  ok(page.url().includes("/done/"), `${label} orders in two clicks from the cart`, page.url());
  equal(`${label}: the console is silent under the policy`, "", page.complaints.join("\n"));
  await page.leave();
}

async function attempt(name, what) {
  try {
    await what();
  } catch (e) {
    ok(false, name, e.stack ?? String(e));
  }
}

// Both shops at once: they share nothing but the browser.
async function all_ways(shop) {
  for (const mode of ["with scripts", "without scripts", "by keyboard"]) {
    await attempt(`${shop.lang}, ${mode}: a guest buys`, () => guest_buys(shop, mode));
    if (mails) await attempt(`${shop.lang}, ${mode}: somebody joins and orders`, () => somebody_joins_and_orders(shop, mode));
  }
}
const shops = await find_shops(browser, base);
await Promise.all([...shops.map(all_ways), attempt("totals are live", () => totals_are_live(shops[0]))]);
await browser.close();
done();
