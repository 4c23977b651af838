// The page without a network: try again, and the pages that are at hand.
const place = document.querySelector("[data-seen]");
document.querySelector("[data-retry]").addEventListener("click", (event) => {
  event.preventDefault();
  location.reload();
});

const titled = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html").title;
const cache = await caches.open("seen");
const keys = (await cache.keys()).reverse().slice(0, 12);
for (const key of keys) {
  const link = document.createElement("a");
  link.href = key.url;
  link.dir = "auto";
  link.textContent = await titled(await cache.match(key));
  const item = document.createElement("li");
  item.append(link);
  place.querySelector("ul").append(item);
}
place.hidden = keys.length === 0;
