/** A page of a few lines that plays a sound which is known: what the ears of the tests are tried on. */
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { LibopusCodec } from '../../src/audio/opus-codec.ts';
import { speechOf } from './on-air.ts';
import { decoded } from './sounds.ts';

const SECONDS = 3;
const POLICY = "default-src 'self'; img-src http:";

/** `startedAt()` is when it came out, as `performance.now()` of the page counts. */
export const CONTEXT_SCRIPT = `
document.querySelector('button').addEventListener('click', async () => {
  const context = new AudioContext({ sampleRate: 48000 });
  const said = await context.decodeAudioData(await (await fetch('/said.wav')).arrayBuffer());
  const source = new AudioBufferSourceNode(context, { buffer: said });
  const gain = new GainNode(context, { gain: 0.25 });
  source.connect(gain).connect(context.destination);
  const at = context.currentTime + 0.5;
  source.start(at);
  // Not by getOutputTimestamp, on which Firefox may stand still for ever.
  window.startedAt = () => performance.now() + 1000 * (at - context.currentTime);
});`;

export const ELEMENT_SCRIPT = `
document.querySelector('button').addEventListener('click', () => {
  const audio = new Audio('/said.wav');
  audio.volume = 0.5;
  audio.play();
});`;

/** Three seconds of a voice, mono, 48 kHz. */
export async function someSpeech(): Promise<Float32Array> {
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
export async function pageWith(script: string, said: Float32Array = new Float32Array()): Promise<string> {
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
