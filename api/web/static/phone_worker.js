// The worker of the quick report, and of nothing else: its page and what that needs open without a network. What is
// written is not its business: the page stores and sends the queue.
"use strict";
const NAME = "quick-report-1";
const PAGE = new URL("./", self.location).pathname;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isPage = request.mode === "navigate" && url.pathname === PAGE;
  if (request.method !== "GET" || url.origin !== self.location.origin || !(isPage || url.pathname.includes("/static/"))) return;
  const city = url.searchParams.get("city");  // each list has a page of its own
  const page = city ? `${PAGE}?city=${encodeURIComponent(city)}` : PAGE;
  event.respondWith(newest(request, isPage ? page : url.pathname, isPage));
});

async function newest(request, key, isPage) {
  const cache = await caches.open(NAME);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(key, answer.clone());
    // Whoever has signed out leaves no page behind.
    else if (isPage && (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403)) await cache.delete(PAGE, { ignoreSearch: true });
    return answer;
  } catch (error) {
    // Whoever opens the page without the name of a list means the one that was open before.
    const known = await cache.match(key) || (key === PAGE && await cache.match(PAGE, { ignoreSearch: true }));
    if (known) return known;
    throw error;
  }
}
