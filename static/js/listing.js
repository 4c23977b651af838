// Lists that filter themselves: after a change only the list is swapped (htmx). The filters stay open, what was
// unfolded stays unfolded, and the new count is said aloud.
let open = false;
let unfolded = [];

document.addEventListener("htmx:before:swap", () => {
  open = document.querySelector(".filters")?.open ?? false;
  unfolded = [...document.querySelectorAll(".facet-rest")].map((part) => part.open && part.parentElement.firstElementChild.textContent);
});
document.addEventListener("htmx:after:swap", () => {
  const filters = document.querySelector(".filters");
  if (filters && open) filters.open = true;
  for (const part of document.querySelectorAll(".facet-rest")) if (unfolded.includes(part.parentElement.firstElementChild.textContent)) part.open = true;
  const said = document.querySelector("#list-said");
  const count = document.querySelector("#listing .page-count");
  if (said && count) said.textContent = count.textContent;
});
