// "Load more": the next page's cards are added to the list and focus goes to the first of them.
addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-more]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const list = document.querySelector(link.dataset.more);
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const cards = [...next.querySelectorAll(`${link.dataset.more} > *`)];
    list.append(...cards);
    document.querySelector("#pager").replaceWith(next.querySelector("#pager"));
    const range = next.querySelector(".list-range");
    if (range) document.querySelector(".list-range").textContent = range.textContent;
    cards[0]?.querySelector(".card-link")?.focus({ preventScroll: true });
  } catch {
    location.href = link.href;
  }
});
