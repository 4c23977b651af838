// Suggestions under the search box, after the combobox pattern of ARIA's authoring practices: arrows, Home, End,
// Enter, Escape; the list is the server's fragment. Slow or failed is silent: the form works without.
const form = document.querySelector("form[data-suggest]");
const box = form.querySelector("input[name=q]");
const panel = document.createElement("div");
const said = document.createElement("p");
let wanted = 0;
let typed = box.value;

panel.className = "suggest-panel";
panel.hidden = true;
said.className = "vh";
said.setAttribute("role", "status");
form.append(panel, said);
for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-haspopup", "listbox"]]) box.setAttribute(name, value);

const options = () => [...panel.querySelectorAll("[role=option]")];
const current = () => panel.querySelector("[aria-selected=true]");

function close() {
  panel.hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

function open() {
  panel.hidden = false;
  box.setAttribute("aria-expanded", "true");
  box.setAttribute("aria-controls", panel.querySelector("[role=listbox]").id);
}

function choose(option) {
  current()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  box.value = option ? option.dataset.value : typed;
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
}

async function ask() {
  const turn = ++wanted;
  const words = box.value.trim();
  typed = box.value;
  if (words.length < 2) return close();
  await new Promise((done) => setTimeout(done, 120));
  if (turn !== wanted) return;
  try {
    const answer = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: words })}`, { headers: { Accept: "text/html" } });
    const text = answer.ok ? await answer.text() : "";
    if (turn !== wanted || document.activeElement !== box) return;
    panel.innerHTML = text;
  } catch {
    panel.replaceChildren();
  }
  said.textContent = panel.querySelector("[data-said]")?.textContent ?? "";
  if (options().length > 0) open();
  else close();
}

box.addEventListener("input", ask);
box.addEventListener("blur", () => setTimeout(close, 150));
box.addEventListener("keydown", (event) => {
  const list = options();
  const at = list.indexOf(current());
  if (event.key === "Escape" && !panel.hidden) {
    choose(null);
    close();
  } else if (event.key === "Enter" && !panel.hidden && at >= 0) {
    location.assign(list[at].dataset.href);
  } else if (event.key === "ArrowDown" && list.length > 0) {
    if (panel.hidden) open();
    choose(list[at + 1] ?? null);
  } else if (event.key === "ArrowUp" && list.length > 0) {
    if (panel.hidden) open();
    choose(at < 0 ? list.at(-1) : (list[at - 1] ?? null));
  } else if (!panel.hidden && at >= 0 && event.key === "Home") {
    choose(list[0]);
  } else if (!panel.hidden && at >= 0 && event.key === "End") {
    choose(list.at(-1));
  } else {
    return;
  }
  event.preventDefault();
});
panel.addEventListener("mousedown", (event) => event.preventDefault());
panel.addEventListener("click", ({ target }) => {
  const option = target.closest("[role=option]");
  if (option) location.assign(option.dataset.href);
});
if (document.activeElement === box && box.value !== box.defaultValue) ask();
