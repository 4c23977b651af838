// Appearance: the choice shows at once; the same form is sent in the background, so the server remembers it.
for (const form of document.querySelectorAll("[data-theme-form]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
    document.documentElement.dataset.theme = event.submitter.value;
    for (const button of form.elements) {
      if (button === event.submitter) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  });
}
