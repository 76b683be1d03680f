import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LibopusCodec } from '../../src/audio/opus-codec.ts';
import { expect, onTestFinished, test } from 'vitest';
import { openInChromium } from '../support/browser.ts';
import { bestCorrelation, foundPieces } from '../support/correlation.ts';
import { heardSound, hearsSound } from '../support/heard-sound.ts';
import { speechOf } from '../support/on-air.ts';
import { decoded } from '../support/sounds.ts';

const SECONDS = 3;
const POLICY = "default-src 'self'; img-src http:";

/** Says at what it began to play. */
const CONTEXT_SCRIPT = `
document.querySelector('button').addEventListener('click', async () => {
  const context = new AudioContext({ sampleRate: 48000 });
  const said = await context.decodeAudioData(await (await fetch('/said.wav')).arrayBuffer());
  const source = new AudioBufferSourceNode(context, { buffer: said });
  const gain = new GainNode(context, { gain: 0.25 });
  source.connect(gain).connect(context.destination);
  const at = context.currentTime + 0.5;
  source.start(at);
  window.startedAt = () => {
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    return performanceTime + 1000 * (at - contextTime);
  };
});`;

const ELEMENT_SCRIPT = `
document.querySelector('button').addEventListener('click', () => {
  const audio = new Audio('/said.wav');
  audio.volume = 0.5;
  audio.play();
});`;

const TROUBLE_SCRIPT = `
fetch('https://elsewhere.invalid/').catch(() => undefined);
console.error('a word of woe');
document.body.setAttribute('style', 'color: red');
new Image().src = 'http://localhost:9/';
setTimeout(() => { throw new Error('a fall'); });`;

async function speech(): Promise<Float32Array> {
  const { frames } = await speechOf('allison');
  const codec = await LibopusCodec.load({ spares: 1 });
  onTestFinished(() => codec.close());
  return decoded(codec, frames.slice(0, SECONDS * 50), 1);
}

function asWav(samples: Float32Array): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(3, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(48_000, 24);
  head.writeUInt32LE(192_000, 28);
  head.writeUInt16LE(4, 32);
  head.writeUInt16LE(32, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}

/** A page with a button, a strict policy, and one script. @returns its address */
async function pageWith(script: string, said: Float32Array = new Float32Array()): Promise<string> {
  const files = new Map<string, [string, string | Buffer]>([
    ['/', ['text/html', '<!doctype html><button>play</button><script src="/script.js"></script>']],
    ['/script.js', ['text/javascript', script]],
    ['/said.wav', ['audio/wav', asWav(said)]],
    ['/favicon.ico', ['image/png', '']],
  ]);
  const server = createServer(({ url }: IncomingMessage, answer: ServerResponse) => {
    const [type, body] = files.get(url ?? '') ?? ['text/plain', ''];
    answer.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(body);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('What a page plays through an AudioContext is heard as it was, at the moment it came out', async () => {
  const said = await speech();
  const listening = await openInChromium(await pageWith(CONTEXT_SCRIPT, said));
  await listening.page.click('button');
  await hearsSound(listening, 2);
  const heard = await heardSound(listening);
  const piece = said.subarray(24_000, 72_000);
  const { correlation, delaySamples } = bestCorrelation(heard.samples, piece);
  expect(correlation).toBeGreaterThan(0.999);
  const cameOutMs = heard.startMs + (delaySamples - 24_000) / 48;
  const pageNowMs = await listening.evaluate<number>('performance.now()');
  const startedMs = performance.now() - pageNowMs + (await listening.evaluate<number>('startedAt()'));
  expect(Math.abs(cameOutMs - startedMs)).toBeLessThan(60);
  expect(await listening.complaints()).toEqual([]);
});

test('What an audio element plays is heard, too', async () => {
  const said = await speech();
  const listening = await openInChromium(await pageWith(ELEMENT_SCRIPT, said));
  await listening.page.click('button');
  await hearsSound(listening, 1.5);
  const heard = await heardSound(listening);
  const pieces = foundPieces(heard.samples, said.subarray(0, 48_000), 0.5);
  expect(pieces.map(({ correlation }) => correlation > 0.99)).toEqual([true, true]);
  expect(await listening.complaints()).toEqual([]);
});

test('Errors, exceptions, forbidden things and requests to elsewhere are complaints', async () => {
  const listening = await openInChromium(await pageWith(TROUBLE_SCRIPT));
  await expect.poll(() => listening.complaints()).toContain('exception: a fall');
  const complaints = (await listening.complaints()).join('\n');
  expect(complaints).toContain('console: a word of woe');
  expect(complaints).toContain('forbidden: connect-src: https://elsewhere.invalid/');
  expect(complaints).toContain('forbidden: style-src');
  expect(complaints).toContain('request to elsewhere: http://localhost:9/');
});
