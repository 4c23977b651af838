// Entry of the shop's scripts. Each part improves something that already works without it; none is needed.
// What only some pages have is fetched only there.
import "./forms.js";
import "./menus.js";
import "./theme.js";

const has = (selector) => document.querySelector(selector) !== null;
if (has("[data-gallery]")) import("./gallery.js");
if (has("[data-more]")) import("./more.js");
if (has(".qty")) import("./qty.js");
if (has("[data-copy]")) import("./copy.js");
