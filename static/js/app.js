// Entry of the shop's scripts. Each part improves something that already works without it; none is needed.
// What only some pages have is fetched only there.
import "./forms.js";
import "./menus.js";
import "./theme.js";

const has = (selector) => document.querySelector(selector) !== null;
if (has("[data-gallery]")) import("./gallery.js");
if (has("[data-more]")) import("./more.js");
if (has("[data-facets]")) {
  import("./listing.js");
  import("./more.js");
}
document.querySelector("form[data-suggest] input")?.addEventListener("focus", () => import("./combobox.js"), { once: true });
if (has(".qty")) import("./qty.js");
if (has("[data-copy]")) import("./copy.js");
if (has("[data-recent], [data-compare], [data-compare-list]")) import("./recent.js");
if (has("[data-seen]") && "caches" in globalThis) import("./offline.js");

// A page at hand when there is no network: after everything else, and not for who said no.
if ("serviceWorker" in navigator && !document.cookie.includes("memory=off"))
  addEventListener("load", () => setTimeout(() => navigator.serviceWorker.register("/sw.js").catch(() => {}), 2500));
if (has("[data-reveal]")) import("./reveal.js");
