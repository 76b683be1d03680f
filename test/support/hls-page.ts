/** A page that plays HLS with hls.js, on another origin than the relay. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

const require = createRequire(import.meta.url);
const LIBRARY = readFileSync(require.resolve('hls.js/dist/hls.min.js'));

/** `problems` is what hls.js complained of. */
const PAGE = `<!doctype html><link rel=icon href="data:,"><button>play</button><script src="/hls.js"></script><script>
const problems = [];
document.querySelector('button').addEventListener('click', () => {
  const audio = new Audio();
  const hls = new Hls();
  window.hls = hls;
  window.audio = audio;
  hls.on(Hls.Events.ERROR, (_name, { details, fatal, error }) => problems.push([details, fatal, error?.message]));
  hls.loadSource(new URLSearchParams(location.search).get('link'));
  hls.attachMedia(audio);
  audio.play();
});
</script>`;

/** @param link of the playlist. @returns the address of a page that plays it once its button was clicked */
export async function hlsPage(link: string): Promise<string> {
  const server = createServer(({ url }: IncomingMessage, answer: ServerResponse) => {
    const isLibrary = url === '/hls.js';
    answer.writeHead(200, { 'content-type': isLibrary ? 'text/javascript' : 'text/html' });
    answer.end(isLibrary ? LIBRARY : PAGE);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/?${new URLSearchParams({ link }).toString()}`;
}
