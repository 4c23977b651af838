// The service worker: pages seen before open without a network, others say so in their language, and nothing of
// somebody with a session is kept. Needs KADE_TEST_URL.
import { createServer, request } from "node:http";
import { done, ok, open_browser, open_page } from "./lib.mjs";

// A way to the shop that can be cut: a browser's own "offline" does not reach its workers.
const to = new URL(process.env.KADE_TEST_URL);
const way = createServer((asked, answer) => {
  const on = request({ host: to.hostname, port: to.port, path: asked.url, method: asked.method, headers: asked.headers }, (got) => {
    answer.writeHead(got.statusCode, got.headers);
    got.pipe(answer);
  });
  on.on("error", () => answer.destroy());
  asked.pipe(on);
});
await new Promise((resolve) => way.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${way.address().port}`;
const browser = await open_browser();
const page = await open_page(browser, `${base}/`);
const product = await page.locator(".card-link").first().evaluate((a) => a.href);
await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
await page.goto(product);
await page.waitForLoadState("networkidle");
const kept = await page.evaluate(() => caches.open("seen").then((c) => c.keys()).then((all) => all.map((k) => k.url)));
ok(kept.includes(product), "a product that was opened is kept", kept.join(" "));
await page.context().addCookies([{ name: "session", value: "A".repeat(43), url: base }]);
await page.goto(`${base}/preferences`);
const personal = await page.evaluate(() => caches.open("seen").then((c) => c.keys()).then((all) => all.map((k) => k.url).filter((u) => u.includes("preferences"))));
ok(personal.length === 0, "a page that is not for everybody is not kept", personal.join(" "));
way.close();
way.closeAllConnections();
await page.goto(product);
ok((await page.locator('[data-test="product"]').count()) === 1, "it opens without a network");
await page.goto(`${base}/si/c/there-was-no-time-to-look`);
ok((await page.locator('[data-test="offline"]').count()) === 1 && (await page.locator("html").getAttribute("lang")) === "si", "a page not seen says so in its language", page.url());
await page.waitForFunction(() => document.querySelectorAll("[data-seen] a").length > 0).catch(() => {});
ok((await page.locator("[data-seen] a").count()) > 0, "and lists what can be read");
await page.leave();
await browser.close();
done();
