// The pages of every shop in each of its languages, as a shopper reaches them from the home page. Fetched without a
// browser: a name below localhost is asked for at the address of KADE_TEST_URL.
import { get } from "node:http";

export function fetch_page(url) {
  const { host, pathname, search } = new URL(url);
  const to = new URL(process.env.KADE_TEST_URL);
  return new Promise((resolve, reject) => {
    get({ host: to.hostname, port: to.port, path: pathname + search, headers: { host, accept: "text/html" } }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ status: answer.statusCode, body: Buffer.concat(parts) }));
    }).on("error", reject);
  });
}

const unescape = (text) => text.replaceAll("&amp;", "&").replaceAll("&quot;", '"').replaceAll("&#39;", "'");

// One page of each kind in each language of each shop: { shop, lang, name, url }.
export async function every_page() {
  const found = [];
  for (const shop of ["demo", "solar", "fresh", "souk"]) {
    const home = new URL("/", process.env.KADE_TEST_URL);
    home.hostname = `${shop}.localhost`;
    const first = String((await fetch_page(home)).body);
    const langs = [...first.matchAll(/<a class="menu-item" href="([^"]+)" lang="([a-z]+)"/g)].map((m) => ({ lang: m[2], at: new URL(unescape(m[1]), home).href }));
    if (langs.length === 0) langs.push({ lang: /<html lang="([a-z]+)"/.exec(first)[1], at: home.href });
    for (const { lang, at } of langs) {
      const html = String((await fetch_page(at)).body);
      const href = (pattern) => {
        const m = pattern.exec(html);
        return m && new URL(unescape(m[1]), at).href;
      };
      const base = at.replace(/\/$/, "");
      const product = href(/class="card-link" href="([^"]+)"/);
      const all = {
        home: at, categories: `${base}/c`, category: href(/href="([^"]*\/c\/[^"]+)"/), product, search: `${base}/search?q=a`,
        nothing: `${base}/search?q=zzzzzzzz`, brands: `${base}/brands`, deals: `${base}/deals`,
        compare: product && `${base}/compare?items=${product.split("/").pop()}`, text: href(/href="([^"]*\/pages\/[^"]+)"/), map: `${base}/sitemap`,
        preferences: `${base}/preferences`, offline: `${base}/offline`, missing: `${base}/p/there-is-no-such-product`,
      };
      for (const [name, url] of Object.entries(all)) if (url) found.push({ shop, lang, name, url });
    }
  }
  return found;
}
