// Nothing is cut off, laid over something else or wider than the screen: every kind of page, four shops, each
// language and so both directions, at 320, 768 and 1280 px. Needs KADE_TEST_URL; KADE_TEST_SHOTS keeps pictures.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { every_page } from "./crawl.mjs";
import { done, ok, open_browser, open_page } from "./lib.mjs";

const whole = process.env.KADE_TEST_FULL === "1";
const shots = process.env.KADE_TEST_SHOTS;
const quick = ["home", "category", "product"];
if (shots) mkdirSync(shots, { recursive: true });

// Runs in the page. Text boxes are compared with what clips them and with each other.
function look() {
  const faults = [];
  const name = (e) => `${e.tagName.toLowerCase()}.${[...e.classList].join(".")} "${e.textContent.trim().slice(0, 40)}"`;
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`${root.scrollWidth - root.clientWidth} px wider than the screen`);
  const hidden = (e) => e.closest(".vh, .skip, [hidden], [aria-hidden=true], .table thead, details:not([open]) > :not(summary)") || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const scrolls = (e) => e.closest(".cats-list, .is-shelf, .tiles.is-small, .gallery-main, .card-media, .compare-scroll, pre, .bar, .toasts, .zone-scroll");
  const texts = [];
  for (const e of document.body.querySelectorAll("a, p, h1, h2, h3, li, dt, dd, td, th, span, button, summary, label, b")) {
    const own = [...e.childNodes].filter((n) => n.nodeType === 3 && n.textContent.trim() !== "");
    if (own.length === 0 || hidden(e) || scrolls(e)) continue;
    const pinned = e.closest(".buy form"); // stays at the foot of a small screen, over what scrolls by
    const range = document.createRange();
    for (const n of own) {
      range.selectNodeContents(n);
      for (const box of range.getClientRects()) {
        if (box.width < 2 || box.height < 2) continue;
        texts.push({ e, box, pinned });
        for (let up = e; up && up !== document.body; up = up.parentElement) {
          const style = getComputedStyle(up);
          if (style.overflowX === "visible" && style.overflowY === "visible") continue;
          const edge = up.getBoundingClientRect();
          if (box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 3 || box.bottom > edge.bottom + 3) faults.push(`cut off by ${up.className}: ${name(e)}`);
          break;
        }
        if (box.left < -1 || box.right > root.clientWidth + 1) faults.push(`outside the screen: ${name(e)}`);
      }
    }
  }
  texts.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < texts.length; i += 1) {
    const a = texts[i];
    for (let k = i + 1; k < texts.length && texts[k].box.top < a.box.bottom; k += 1) {
      const b = texts[k];
      if (a.pinned !== b.pinned || a.e === b.e || a.e.contains(b.e) || b.e.contains(a.e)) continue;
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (wide > 4 && high > 0.35 * Math.min(a.box.height, b.box.height)) faults.push(`${name(a.e)} lies over ${name(b.e)}`);
    }
  }
  return [...new Set(faults)];
}

const browser = await open_browser();
for (const { shop, lang, name, url } of await every_page()) {
  if (!whole && !quick.includes(name)) continue;
  const page = await open_page(browser, url, { context: { viewport: { width: 320, height: 900 }, reducedMotion: "reduce" } });
  for (const width of whole ? [320, 768, 1280] : [320, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(() => document.fonts.ready);
    const faults = await page.evaluate(look);
    ok(faults.length === 0, `${shop} ${lang} ${name}: everything fits at ${width} px`, faults.join("\n"));
    if (shots) await page.screenshot({ path: join(shots, `${shop}-${lang}-${name}-${width}.png`) });
  }
  await page.leave();
}
await browser.close();
done();
