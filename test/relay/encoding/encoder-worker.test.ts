import { execFileSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { loadSpeech, speechFiles } from '../../../simulator/speech.ts';
import { CLOSE } from '../../../src/protocol/close-codes.ts';
import { ENCODING_TRADE } from '../../../src/relay/encoding/encoding-threads.ts';
import { decoded, matchOf, pieceOf } from '../../support/decoded.ts';
import { bytesOf } from '../../support/encoding-run.ts';
import { KeepingSink, makeScene } from '../../support/encodings-scene.ts';
import { coarse, decodedByFfmpeg } from '../../support/ffmpeg.ts';
import { ProgrammePackets } from '../../support/programme-packets.ts';

test('a programme comes out of a real thread in every format for radios, from before it is on air until its end', async () => {
  const { encodings, channel, asker, goOnAir, hub, count } = makeScene();
  const sinks = { mp3: new KeepingSink(), opus: new KeepingSink() };
  encodings.want(channel, 'mp3', asker, sinks.mp3);
  encodings.want(channel, 'opus', asker, sinks.opus);
  // More than what comes at once: the clock alone goes on.
  await sinks.opus.has(15);
  const frames = (await loadSpeech(speechFiles.june)).frames.slice(100, 200);
  const packets = new ProgrammePackets(channel.podcast.key, 5);
  for (const opus of frames) hub.publishProgramme(channel, packets.next(opus));
  goOnAir();
  while (count('programme-frames') < 5) await new Promise(setImmediate);
  hub.end(channel, CLOSE.senderDisconnected);
  await Promise.all([sinks.opus.ended(), sinks.mp3.ended()]);
  const said = await decoded(frames.map((opus, index) => ({ timestamp: index * 960, opus })));
  const ogg = decodedByFfmpeg(Buffer.concat([...sinks.opus.headers, bytesOf(sinks.opus.pages)]), 'ogg');
  expect(ogg).toHaveLength(2 * (sinks.opus.samples - 312));
  expect(matchOf(pieceOf(said, 1, 0.5), coarse(ogg)).likeness).toBeGreaterThan(0.99);
  const mp3 = decodedByFfmpeg(bytesOf(sinks.mp3.pages), 'mp3');
  expect(mp3).toHaveLength(2 * sinks.mp3.samples);
  expect(matchOf(pieceOf(said, 1, 0.5), coarse(mp3)).likeness).toBeGreaterThan(0.85);
});

test('a real thread that is killed is replaced, and pages come again', async () => {
  const started: Worker[] = [];
  const { encodings, channel, asker, clock, count } = makeScene({
    encodingTrade: {
      ...ENCODING_TRADE,
      startWorker() {
        const worker = new Worker(new URL('../../../src/relay/encoding/encoder-worker.ts', import.meta.url));
        started.push(worker);
        return worker;
      },
    },
  });
  const sink = new KeepingSink();
  encodings.want(channel, 'opus', asker, sink);
  await sink.has(1);
  await started[0]?.terminate();
  expect(count('encoding-worker-lost')).toBe(1);
  const pages = sink.pages.length;
  clock.advance(1000);
  await sink.has(pages + 1);
  expect([started.length, sink.headers.length]).toEqual([2, 2]);
});

const BEGIN_THREAD = `
  import { Worker } from 'node:worker_threads';
  const worker = new Worker(new URL(process.argv[1]), { execArgv: [] });
  worker.on('error', (error) => { console.log(error.message); process.exit(); });
  worker.on('message', () => { console.log('encodes'); process.exit(); });
  const start = { key: new Uint8Array(32), format: 'opus', title: '' };
  worker.postMessage({ type: 'start', job: 1, start });
`;

test('a thread begins under nice, though its program may not take more of the machine than it was given', () => {
  const { href } = new URL('../../../src/relay/encoding/encoder-worker.ts', import.meta.url);
  // Root may, unless this is taken from it.
  const asAnybody = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-sys_nice'] : [];
  const words = [...asAnybody, 'nice', '-n', '10', process.execPath, '--input-type=module'];
  const [program, ...args] = [...words, '-e', BEGIN_THREAD, href];
  expect(execFileSync(program, args, { encoding: 'utf8', timeout: 30_000 })).toBe('encodes\n');
});
