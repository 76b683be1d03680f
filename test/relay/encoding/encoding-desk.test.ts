import { expect, test } from 'vitest';
import { loadSpeech, speechFiles } from '../../../simulator/speech.ts';
import { decoded, matchOf, pieceOf } from '../../support/decoded.ts';
import { bytesOf, EncodingRun, KEY } from '../../support/encoding-run.ts';
import { coarse, decodedByFfmpeg } from '../../support/ffmpeg.ts';
import { ProgrammePackets } from '../../support/programme-packets.ts';

const FRAME_MS = 20;
const speech = await loadSpeech(speechFiles.allison);

test.each([
  { format: 'mp3', container: 'mp3', likeness: 0.98 },
  { format: 'opus', container: 'ogg', likeness: 0.99 },
] as const)('what goes in comes out as $format', async ({ format, container, likeness }) => {
  const run = await EncodingRun.make();
  run.start(1, format);
  const packets = new ProgrammePackets(KEY, 5);
  const frames = speech.frames.slice(100, 350);
  for (const opus of frames) {
    run.send(1, [packets.next(opus)]);
    run.advance(FRAME_MS);
  }
  await run.stop(1);
  expect(run.faults).toEqual([]);
  const sound = decodedByFfmpeg(bytesOf(run.pages), container);
  const said = await decoded(frames.map((opus, index) => ({ timestamp: index * 960, opus })));
  // The delay of an encoder is no multiple of what is compared.
  const piece = pieceOf(said, 1, 0.5);
  const matches = Array.from({ length: 10 }, (_, shift) => matchOf(piece, coarse(sound.subarray(2 * shift))));
  expect(Math.max(...matches.map((match) => match.likeness))).toBeGreaterThan(likeness);
});
