/*
 * Opens the application's pages while the server is away; what was written in them is in the page's own storage.
 * The server always goes first, so that nobody sees an old version of a page while it can be reached.
 * The build puts VERSION and FILES above.
 */
/* global VERSION, FILES */

const CACHE = `storyweave-${VERSION}`
/** The one page behind every address of the application. */
const PAGE = '/'

self.addEventListener('install', (event) => event.waitUntil(fill()))
self.addEventListener('activate', (event) => event.waitUntil(dropOthers()))
self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== self.location.origin) return
  if (mode === 'navigate') event.respondWith(page(event.request))
  else if (FILES.includes(pathname)) event.respondWith(keptFile(event.request))
})

async function fill() {
  const cache = await caches.open(CACHE)
  await cache.addAll([new Request(PAGE, { headers: { accept: 'text/html' } }), ...FILES])
}

async function dropOthers() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))
}

/** What a proxy answers in place of a server that is away. */
const AWAY = [502, 503, 504]

async function page(request) {
  const answer = await fetch(request).catch(() => undefined)
  if (answer !== undefined && !AWAY.includes(answer.status)) return answer
  return (await caches.match(PAGE, { ignoreVary: true })) ?? answer ?? Response.error()
}

/** Names with a hash never change what they mean; the others only with a new VERSION. */
async function keptFile(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request)
}
