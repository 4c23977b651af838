// Products looked at before: the list stays on this device, the page only asks for their cards. Compare links carry
// what is being compared in this tab.
const read = (store, key) => {
  try {
    return JSON.parse(store.getItem(key)) ?? [];
  } catch {
    return [];
  }
};
const write = (store, key, list) => {
  try {
    store.setItem(key, JSON.stringify(list));
  } catch {
    /* a full or closed store: nothing is remembered */
  }
};
const off = document.cookie.includes("memory=off");
const here = document.querySelector("[data-product]")?.dataset.product;
const seen = off ? [] : read(localStorage, "recent");
if (here && !off) write(localStorage, "recent", [here, ...seen.filter((slug) => slug !== here)].slice(0, 12));

const place = document.querySelector("[data-recent]");
const others = seen.filter((slug) => slug !== here).slice(0, 8);
if (place && others.length > 0) {
  const answer = await fetch(`${place.dataset.recent}?items=${encodeURIComponent(others.join(","))}`).catch(() => null);
  if (answer?.ok) {
    place.insertAdjacentHTML("beforeend", await answer.text());
    place.hidden = place.querySelector(".card") === null;
  }
}

const table = document.querySelector("[data-compare-list]");
if (table) write(sessionStorage, "compare", (new URLSearchParams(location.search).get("items") ?? "").split(",").filter(Boolean));
const link = document.querySelector("[data-compare]");
const list = read(sessionStorage, "compare").filter((slug) => slug !== link?.dataset.compare);
if (link && list.length > 0) {
  const url = new URL(link.href);
  url.searchParams.set("items", [...list.slice(0, 3), link.dataset.compare].join(","));
  link.href = url;
}
