/** Receives and decodes a podcast, apart from the page. */
self.addEventListener('message', () => undefined);
