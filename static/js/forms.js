// Forms: focus on the error summary, a busy button, no second post, errors cleared as they are mended.
document.querySelector("[data-summary]")?.focus();

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});

// A page that comes back from the browser's memory is ready to be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const busy of form.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  }
});

addEventListener("input", ({ target }) => {
  if (target.getAttribute("aria-invalid") === "true" && target.checkValidity()) target.removeAttribute("aria-invalid");
});
