// Copyable numbers: a button appears beside [data-copy] (whose value is the button's label, data-copied the answer).
for (const item of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button is-quiet";
  button.textContent = item.dataset.copy;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(item.textContent.trim());
    button.textContent = item.dataset.copied;
    setTimeout(() => (button.textContent = item.dataset.copy), 4000);
  });
  item.after(button);
}
