// Service worker: a page of the shop when there is no network. It answers only when the network does not, keeps
// what everybody may see (Cache-Control: public, which no page of a signed-in visitor has), and nothing else.
/* global kade */
const SHELL = `shell ${JSON.stringify(kade.assets)}`;
const SEEN = "seen";
const FILES = "files";
const MOST = { [SEEN]: 30, [FILES]: 120 };

addEventListener("install", (event) => {
  const pages = Object.values(kade.offline);
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([...pages, ...kade.assets])).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (name) => ![SHELL, SEEN, FILES].includes(name);
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => clients.claim()));
});

async function remember(name, request, answer) {
  const cache = await caches.open(name);
  await cache.delete(request);
  await cache.put(request, answer);
  const keys = await cache.keys();
  for (const key of keys.slice(0, Math.max(0, keys.length - MOST[name]))) await cache.delete(key);
}

const is_public = (answer) => answer.status === 200 && answer.type === "basic" && /(^|[\s,])public\b/.test(answer.headers.get("Cache-Control") ?? "");

// The page from the network; without one, as it was seen last; else the offline page in its language.
async function page(event) {
  const { request } = event;
  try {
    const answer = await fetch(request);
    if (is_public(answer)) event.waitUntil(remember(SEEN, request.url, answer.clone()));
    return answer;
  } catch {
    const first = new URL(request.url).pathname.split("/")[1];
    const seen = await caches.open(SEEN).then((cache) => cache.match(request.url));
    return seen ?? (await caches.match(kade.offline[first] ?? kade.offline[""])) ?? Response.error();
  }
}

// Files under hashed names never change: what is at hand is right.
async function file(event) {
  const { request } = event;
  const have = await caches.match(request);
  if (have) return have;
  const answer = await fetch(request);
  if (is_public(answer)) event.waitUntil(remember(FILES, request, answer.clone()));
  return answer;
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (/^\/(static|theme|media)\//.test(url.pathname)) event.respondWith(file(event));
});
