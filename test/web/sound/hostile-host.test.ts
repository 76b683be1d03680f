import fc from 'fast-check';
import { expect, test } from 'vitest';
import { opusSamples } from '../../../src/audio/opus-packet.ts';
import { HEARD_SPEAKERS } from '../../../src/audio/speakers.ts';
import type { ReceivedPacket } from '../../../web/sound/decoded-packet.ts';
import { Listening } from '../../../web/sound/listening.ts';
import { SpeakerDecoders } from '../../../web/sound/speaker-decoders.ts';
import { speechPacket } from '../../support/speech-network.ts';

const FRAME_MS = 20;

/** Of a thousand sources, with places that jump, wrap and go back, and whatever bytes. */
const HOSTILE = fc.record({
  ssrc: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 1000 })),
  sequence: fc.oneof(fc.constantFrom(0, 1, 0x7fff, 0x8000, 0xffff), fc.nat(0xffff)),
  timestamp: fc.oneof(
    fc.constantFrom(0, 1, 960, 2 ** 31, 2 ** 32 - 960, 2 ** 32 - 1),
    fc.nat({ max: 2 ** 32 - 1 }),
  ),
  opus: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Uint8Array.of(0xf8, ...bytes)),
  ),
});

/** Decoders that make a full-scale square of every packet, and keep what is in them. */
function hear(packets: readonly Omit<ReceivedPacket, 'arrivedMs'>[]): Listening {
  const listening = new Listening();
  let nowMs = 0;
  let open = 0;
  let mostOpen = 0;
  const decoders = new SpeakerDecoders(
    (onDecoded) => {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      return {
        queued: 0,
        decode: (packet, isHeard) => {
          const pcm = new Float32Array(opusSamples(packet.opus)).map((_, index) => (index & 32 ? 1 : -1));
          if (isHeard) onDecoded({ ...packet, pcm });
        },
        close: () => (open -= 1),
      };
    },
    (packet) => listening.receive(packet, nowMs),
  );
  for (const packet of packets) {
    decoders.decode({ ...packet, arrivedMs: nowMs }, nowMs);
    decoders.closeIdle(nowMs);
    const sound = listening.render(nowMs);
    expect(sound.every((sample) => Math.abs(sample) <= 1)).toBe(true);
    nowMs += FRAME_MS;
  }
  expect(mostOpen).toBeLessThanOrEqual(HEARD_SPEAKERS);
  return listening;
}

test('whatever a host sends, no more than eight are decoded, and what comes out is sound within ±1', () => {
  fc.assert(
    fc.property(fc.array(HOSTILE, { maxLength: 150 }), (packets) => void hear(packets)),
    { numRuns: 40 },
  );
});

test('after a thousand sources that send nonsense one who speaks is heard', () => {
  const nonsense = Array.from({ length: 1000 }, (_, index) => ({
    ssrc: index,
    sequence: (index * 7919) & 0xffff,
    timestamp: (index * 2 ** 23) >>> 0,
    opus: speechPacket(index),
  }));
  // Its numbers come round in the middle of it.
  const speech = Array.from({ length: 100 }, (_, index) => ({
    ssrc: 5000,
    sequence: (0xffce + index) & 0xffff,
    timestamp: (2 ** 32 - 50 * 960 + index * 960) >>> 0,
    opus: speechPacket(index),
  }));
  const listening = hear([...nonsense, ...speech]);
  expect(listening.takeLevels().map(({ ssrc }) => ssrc)).toContain(5000);
  expect(listening.takeQuality().lostShare).toBeLessThan(1);
});
