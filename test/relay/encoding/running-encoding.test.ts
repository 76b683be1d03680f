import { expect, test } from 'vitest';
import { SILENCE } from '../../../src/audio/opus-packet.ts';
import type { ProgrammeFrame } from '../../../src/relay/encoding/encoder.ts';
import { EncodingDesk } from '../../../src/relay/encoding/encoding-desk.ts';
import { bytesOf, EncodingRun, KEY } from '../../support/encoding-run.ts';
import { ProgrammePackets } from '../../support/programme-packets.ts';

test('gives on nothing that is not 20 ms long: a stream of Opus would lose its time', async () => {
  const run = await EncodingRun.make();
  run.start(1, 'opus');
  const fortyMs = Buffer.from('f9aabb', 'hex');
  run.send(1, [new ProgrammePackets(KEY, 5).next(fortyMs)]);
  run.stop(1);
  expect(run.count('encoding-undecodable')).toBe(1);
  expect(bytesOf(run.pages).includes(fortyMs)).toBe(false);
});

test('decodes what another thread made with another decoder: each remembers what it heard', () => {
  let [taken, freed] = [0, 0];
  const decoder = {
    channels: 2 as const,
    decode: () => new Float32Array(2 * 960),
    recover: () => new Float32Array(0),
    conceal: () => new Float32Array(0),
    free: () => (freed += 1),
  };
  const encoder = {
    encode: ({ pcm }: ProgrammeFrame) => expect(pcm).toHaveLength(2 * 960),
    retract: () => undefined,
    close: () => undefined,
  };
  const desk = new EncodingDesk({
    decoders: { takeDecoder: () => ((taken += 1), decoder) },
    makers: { aac: () => encoder, mp3: () => encoder, opus: () => encoder },
  });
  const run = new EncodingRun(desk);
  run.start(1, 'mp3');
  for (const ssrc of [5, 6]) {
    const packets = new ProgrammePackets(KEY, ssrc);
    run.send(1, [packets.next(SILENCE), packets.next(SILENCE)]);
  }
  expect([run.faults, taken, freed]).toEqual([[], 2, 1]);
});
