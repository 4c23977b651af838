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
