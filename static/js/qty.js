// Quantity: the buttons post a step without scripts; here they change the number at once.
addEventListener("click", (event) => {
  const button = event.target.closest?.(".qty > button[name=step]");
  const input = button?.parentElement.querySelector("input[name=quantity]");
  if (!input || button.parentElement.dataset.live === undefined) return;
  event.preventDefault();
  const least = Number(input.min || 1);
  const most = Number(input.max || 9999);
  const now = Number.parseInt(input.value, 10) || least;
  input.value = String(Math.min(most, Math.max(least, now + Number(button.value))));
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
