import { expect, test } from 'vitest';
import { bytesOf } from '../../support/encoding-run.ts';
import { KeepingSink, makeScene } from '../../support/encodings-scene.ts';
import { decodedByFfmpeg } from '../../support/ffmpeg.ts';

test('a podcast is encoded on a real thread, before it is on air and after', async () => {
  const { encodings, channel, asker, goOnAir, hub } = makeScene();
  const sinks = { mp3: new KeepingSink(), opus: new KeepingSink() };
  encodings.want(channel, 'mp3', asker, sinks.mp3);
  encodings.want(channel, 'opus', asker, sinks.opus);
  await sinks.opus.has(12);
  goOnAir();
  await sinks.opus.has(20);
  await sinks.mp3.has(20);
  const { CLOSE } = await import('../../../src/protocol/close-codes.ts');
  hub.end(channel, CLOSE.senderDisconnected);
  await sinks.opus.ended();
  await sinks.mp3.ended();
  const ogg = decodedByFfmpeg(Buffer.concat([...sinks.opus.headers, bytesOf(sinks.opus.pages)]), 'ogg');
  expect(ogg).toHaveLength(2 * (sinks.opus.samples - 312));
  const mp3 = decodedByFfmpeg(bytesOf(sinks.mp3.pages), 'mp3');
  expect(mp3).toHaveLength(2 * sinks.mp3.samples);
});
