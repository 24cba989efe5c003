// The service worker's listeners and its cache: with start.js the only JavaScript here that is written by hand. It decides
// nothing about data; sync is Rust, started only when an event asks for it, so that a navigation never waits for it.
//
// The build puts two things above this text: BUILD ({id, wasm, files: [[path, sha256], ...]}) and workerGlue(). Listeners are registered while this script is first evaluated, as the browser demands.

const CACHE_PREFIX = "tidemark-";
const CACHE = CACHE_PREFIX + BUILD.id;
const SHELL = "/";
const FILES = new Map(BUILD.files);

// --- Install: all files of this build, or none. -----------------------------------------------------------------

self.addEventListener("install", (event) => event.waitUntil(precache()));

async function precache() {
  // Everything is fetched and checked before anything is stored. A failed install is tried again by the browser, and
  // the build before this one goes on serving.
  const responses = await Promise.all([...FILES].map(async ([path, digest]) => [path, await obtain(path, digest)]));
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(responses.map(([path, response]) => cache.put(path, response)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

// A file that did not change since an older build is taken from that build's cache.
async function obtain(path, digest) {
  const stored = await caches.match(path, { ignoreVary: true });
  return (stored && (await checked(stored, digest))) ?? (await fetched(path, digest));
}

async function fetched(path, digest) {
  // A name with a hash in it may come from the browser's own cache, all others are asked for anew.
  const cache = path.startsWith("/assets/") ? "default" : "no-cache";
  const response = await checked(await fetch(path, { cache }), digest);
  if (!response) {
    throw new Error(`${path} is not the file of build ${BUILD.id}`);
  }
  return response;
}

// The response again if its bytes are those of this build, else null: a captive portal's page, or another build's file.
async function checked(response, digest) {
  if (!response.ok) {
    return null;
  }
  const bytes = await response.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  if (Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") !== digest) {
    return null;
  }
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding"); // the bytes are unpacked
  headers.delete("Content-Length");
  return new Response(bytes, { headers });
}

// --- Activate: comes when no page of the build before is open, or when the person agreed. -------------------------

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function takeOver() {
  const isFirst = (await olderCaches()).length === 0;
  await dropOlderCaches();
  if (isFirst) {
    // The page that installed us is of this very build; later builds wait for a navigation.
    await self.clients.claim();
  }
}

async function olderCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(CACHE_PREFIX) && name !== CACHE);
}

// An open page may still ask for a file of the build that it was loaded from.
async function dropOlderCaches() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.length === 0) {
    await Promise.all((await olderCaches()).map((name) => caches.delete(name)));
  }
}

// --- Fetch: the shell and its files from the cache; everything else is not ours. ----------------------------------

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/v1/")) {
    return;
  }
  if (FILES.has(url.pathname)) {
    event.respondWith(fromCache(CACHE, url.pathname, request));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(fromCache(undefined, url.pathname, request)); // of an older build
  } else if (request.mode === "navigate" && !url.pathname.split("/").pop().includes(".")) {
    event.respondWith(fromCache(CACHE, SHELL, request)); // every screen is the same page
    event.waitUntil(dropOlderCaches());
  }
});

async function fromCache(cacheName, path, request) {
  // The network stands in for a file that the browser evicted.
  return (await caches.match(path, { cacheName, ignoreVary: true })) ?? fetch(request);
}

// --- Sync: the engine runs when an event asks for it, once for all events that ask meanwhile. ---------------------

self.addEventListener("sync", (event) => event.waitUntil(sync({ isLastChance: event.lastChance })));
self.addEventListener("periodicsync", (event) => event.waitUntil(sync({ pulls: true })));

self.addEventListener("message", (event) => {
  switch (event.data) {
    case "SKIP_WAITING": // the person agreed to the new version
      event.waitUntil(self.skipWaiting());
      break;
    case "KICK": // a page that goes out of sight has something unsent
      event.waitUntil(sync({}));
      break;
  }
});

let asked = null; // what the events want that the next run shall do
let running = null;

function sync({ pulls = false, isLastChance = false }) {
  asked = { pulls: pulls || asked?.pulls, isLastChance: isLastChance || asked?.isLastChance };
  running ??= runAll().finally(() => (running = null));
  return running;
}

// An event that comes during a run may be about something that the run has not seen.
async function runAll() {
  while (asked) {
    const { pulls, isLastChance } = asked;
    asked = null;
    await run(Boolean(pulls), Boolean(isLastChance));
  }
}

let started = null;

async function run(pulls, isLastChance) {
  try {
    started ??= startWorker();
    await (await started).tidemark_worker_sync(pulls, isLastChance);
  } catch (error) {
    asked = null; // what came meanwhile fails with it, and the browser calls again
    if (error instanceof Error) {
      started = null; // it could not start, or died; the next event gets a fresh one
    }
    throw error;
  }
}

// The wasm lies in the cache with all other files of the build; the network stands in for one that the browser evicted.
async function startWorker() {
  const stored = await caches.match(BUILD.wasm, { cacheName: CACHE, ignoreVary: true });
  const file = stored ?? (await fetched(BUILD.wasm, FILES.get(BUILD.wasm)));
  const module = await WebAssembly.compile(await file.arrayBuffer());
  const glue = workerGlue();
  glue.initSync({ module });
  return glue;
}
