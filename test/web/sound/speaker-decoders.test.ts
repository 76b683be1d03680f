import { expect, test } from 'vitest';
import type { ReceivedPacket } from '../../../web/sound/decoded-packet.ts';
import { SpeakerDecoders } from '../../../web/sound/speaker-decoders.ts';
import { speechPacket } from '../../support/speech-network.ts';

/** Decoders that say what they were asked, and let nothing out by themselves. */
class Decoding {
  /** What each decoder was given: sequences, those that were not to be heard in brackets. */
  readonly given: string[][] = [];
  readonly fail: (() => void)[] = [];
  closed = 0;
  queued = 0;
  readonly decoders = new SpeakerDecoders(
    (_onDecoded, onFailed) => {
      const given: string[] = [];
      this.given.push(given);
      this.fail.push(onFailed);
      const queuedNow = (): number => this.queued;
      return {
        get queued() {
          return queuedNow();
        },
        decode: ({ sequence }, isHeard) => given.push(isHeard ? String(sequence) : `(${sequence})`),
        close: () => {
          this.closed += 1;
        },
      };
    },
    () => undefined,
  );
}

function packet(ssrc: number, sequence: number, opus = speechPacket(sequence)): ReceivedPacket {
  return { ssrc, sequence, timestamp: (sequence * 960) >>> 0, opus, arrivedMs: 0 };
}

test('eight are decoded at once; another when one of them has been silent for a moment', () => {
  const { decoders, given } = new Decoding();
  for (let ssrc = 1; ssrc <= 9; ssrc += 1) decoders.decode(packet(ssrc, 1), 0);
  expect(given).toHaveLength(8);
  expect(decoders.dropped.displaced).toBe(1);
  for (let ssrc = 2; ssrc <= 8; ssrc += 1) decoders.decode(packet(ssrc, 2), 300);
  decoders.decode(packet(9, 2), 300);
  expect(given).toHaveLength(9);
  expect(decoders.count).toBe(8);
});

test('a speaker who is silent for some seconds has no decoder any more', () => {
  const decoding = new Decoding();
  decoding.decoders.decode(packet(1, 1), 0);
  decoding.decoders.closeIdle(4000);
  expect(decoding.decoders.count).toBe(1);
  decoding.decoders.closeIdle(6000);
  expect(decoding.decoders.count).toBe(0);
  expect(decoding.closed).toBe(1);
});

test('a decoder that fails is replaced at the next packet', () => {
  const { decoders, given, fail } = new Decoding();
  decoders.decode(packet(1, 1), 0);
  fail[0]?.();
  decoders.decode(packet(1, 2), 20);
  expect(given).toEqual([['1'], ['2']]);
  expect(decoders.dropped.failed).toBe(1);
});

test('a packet that was overtaken is decoded in its place, and those after it once more', () => {
  const { decoders, given } = new Decoding();
  for (const sequence of [65_534, 65_535, 1, 2, 0, 3]) decoders.decode(packet(1, sequence), 0);
  expect(given).toEqual([['65534', '65535', '1', '2', '(65534)', '(65535)', '0', '1', '2', '3']]);
});

test('a packet that comes twice is decoded once', () => {
  const { decoders, given } = new Decoding();
  for (const sequence of [1, 2, 2, 1, 3]) decoders.decode(packet(1, sequence), 0);
  expect(given).toEqual([['1', '2', '3']]);
});

test('a numbering that begins anew is taken as it is', () => {
  const { decoders, given } = new Decoding();
  for (const sequence of [1000, 1001, 5, 6]) decoders.decode(packet(1, sequence), 0);
  expect(given).toEqual([['1000', '1001', '5', '6']]);
});

test('what is not Opus is dropped and counted', () => {
  const { decoders } = new Decoding();
  decoders.decode(packet(1, 1, new Uint8Array()), 0);
  decoders.decode(packet(1, 2, Uint8Array.of(0xff, 0x3f, 0)), 0);
  expect(decoders.dropped).toEqual({ displaced: 0, malformed: 2, overflow: 0, failed: 0 });
});

test('a decoder that swallows packets is left for a new one, and what was in it is counted', () => {
  const decoding = new Decoding();
  decoding.decoders.decode(packet(1, 1), 0);
  decoding.queued = 50;
  decoding.decoders.decode(packet(1, 2), 20);
  decoding.queued = 0;
  decoding.decoders.decode(packet(1, 3), 40);
  expect(decoding.given).toEqual([['1'], ['2', '3']]);
  expect(decoding.closed).toBe(1);
  expect(decoding.decoders.dropped.overflow).toBe(50);
});
