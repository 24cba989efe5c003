// The way out, should a build's service worker ever do harm: an operator puts this file in the place of `sw.js`. It gives
// back everything that the worker holds, the cached builds and itself. What people have logged lies in IndexedDB, which
// is not touched: the next good build finds all of it.

const CACHE_PREFIX = "tidemark-";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(giveBack()));

async function giveBack() {
  const ours = (await caches.keys()).filter((name) => name.startsWith(CACHE_PREFIX));
  await Promise.all(ours.map((name) => caches.delete(name)));
  await self.registration.unregister();
  if (ours.length > 0) {
    // Pages of the harmful build load anew, from the network. The page registers this worker again; then there is no
    // cache any more, and it ends here.
    const pages = await self.clients.matchAll({ type: "window" });
    await Promise.all(pages.map((page) => page.navigate(page.url).catch(() => null)));
  }
}
