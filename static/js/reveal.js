// Show and hide what is typed into a password field: a button below it, named by the field.
for (const field of document.querySelectorAll("[data-reveal]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "reveal";
  button.textContent = field.dataset.reveal;
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => {
    const show = field.type === "password";
    field.type = show ? "text" : "password";
    button.textContent = show ? field.dataset.conceal : field.dataset.reveal;
  });
  field.after(button);
  field.form?.addEventListener("submit", () => { field.type = "password"; });
}
