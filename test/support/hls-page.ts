/** A page that plays HLS with hls.js, or by what the browser has of its own, on another origin than the relay. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

const require = createRequire(import.meta.url);
const LIBRARY = readFileSync(require.resolve('hls.js/dist/hls.min.js'));

/** `problems` is what hls.js and the element complained of, `waits` when a sound that had begun stood still for want of more, in its seconds. */
const PAGE = `<!doctype html><link rel=icon href="data:,"><button>play</button><script src="/hls.js"></script><script>
const problems = [];
const waits = [];
document.querySelector('button').addEventListener('click', () => {
  const query = new URLSearchParams(location.search);
  const audio = new Audio();
  window.audio = audio;
  audio.crossOrigin = 'anonymous';
  audio.addEventListener('error', () => problems.push(audio.error.message));
  // A busy machine may make a player wait that has enough.
  const aheadSeconds = () => audio.buffered.end(audio.buffered.length - 1) - audio.currentTime;
  audio.addEventListener('waiting', () => {
    if (audio.currentTime > 0.5 && aheadSeconds() < 0.5) waits.push(audio.currentTime);
  });
  if (query.get('by') === 'browser') audio.src = query.get('link');
  else {
    const hls = new Hls();
    hls.on(Hls.Events.ERROR, (_name, { details, fatal, error }) => fatal && problems.push([details, error?.message]));
    hls.loadSource(query.get('link'));
    hls.attachMedia(audio);
  }
  audio.play();
});
</script>`;

/** @param link of the playlist @param by what it is played @returns the address of a page that plays it once its button was clicked */
export async function hlsPage(link: string, by: 'hls.js' | 'browser' = 'hls.js'): Promise<string> {
  const server = createServer(({ url }: IncomingMessage, answer: ServerResponse) => {
    const isLibrary = url === '/hls.js';
    answer.writeHead(200, { 'content-type': isLibrary ? 'text/javascript' : 'text/html' });
    answer.end(isLibrary ? LIBRARY : PAGE);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/?${new URLSearchParams({ link, by }).toString()}`;
}
