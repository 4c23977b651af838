// Gallery: thumbnails slide the strip instead of jumping the page; a picture opens large in a dialog.
for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const strip = gallery.querySelector(".gallery-main");
  const thumbs = [...gallery.querySelectorAll(".gallery-thumbs a")];
  const mark = (id) => {
    for (const thumb of thumbs) {
      if (thumb.hash === `#${id}`) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    }
  };
  for (const thumb of thumbs) {
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      const picture = document.getElementById(thumb.hash.slice(1));
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const way = picture.getBoundingClientRect().x - strip.getBoundingClientRect().x;
      strip.scrollBy({ left: way, behavior: calm ? "instant" : "smooth" });
      mark(picture.id);
    });
  }
  const seen = new IntersectionObserver(
    (entries) => entries.forEach((entry) => entry.isIntersecting && mark(entry.target.id)),
    { root: strip, threshold: 0.6 },
  );
  for (const picture of strip.children) seen.observe(picture);

  gallery.addEventListener("click", (event) => {
    const link = event.target.closest("[data-zoom]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const dialog = document.createElement("dialog");
    dialog.className = "zoom";
    dialog.setAttribute("aria-label", link.querySelector("img").alt || gallery.getAttribute("aria-label"));
    const image = link.querySelector("picture").cloneNode(true); // the formats it knows, as wide as the window
    for (const part of image.children) if (part.srcset) part.sizes = "100vw";
    image.lastElementChild.src = link.href;
    image.lastElementChild.loading = "eager";
    const close = document.createElement("button");
    close.className = "icon-button";
    close.textContent = "\u00d7";
    close.setAttribute("aria-label", gallery.dataset.close);
    for (const part of [image, close]) part.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      link.focus();
    });
    dialog.append(image, close);
    document.body.append(dialog);
    dialog.showModal();
  });
}
