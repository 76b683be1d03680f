import { describe, expect, test } from 'vitest';
import { opusDurationMs, opusSamples } from '../../src/audio/opus-packet.ts';

describe('the duration of an Opus packet', () => {
  test.each([
    { what: 'silence of Discord', packet: [0xf8, 0xff, 0xfe], ms: 20 },
    { what: 'stereo CELT of 20 ms, as Discord sends', packet: [0xfc, 1, 2], ms: 20 },
    { what: 'CELT of 2.5 ms', packet: [0xe0, 1], ms: 2.5 },
    { what: 'SILK of 60 ms', packet: [0x18, 1], ms: 60 },
    { what: 'hybrid of 10 ms', packet: [0x60, 1], ms: 10 },
    { what: 'two frames of equal size', packet: [0xf9, 1, 1], ms: 40 },
    { what: 'two frames of unequal size', packet: [0xfa, 1, 1, 1], ms: 40 },
    { what: 'five frames', packet: [0xfb, 0x05, 1, 1], ms: 100 },
  ])('is $ms ms for $what', ({ packet, ms }) => {
    expect(opusDurationMs(Uint8Array.from(packet))).toBe(ms);
  });

  test('is nothing for a packet without a byte, or that counts frames it does not have', () => {
    expect(opusSamples(new Uint8Array())).toBe(0);
    expect(opusSamples(Uint8Array.of(0xfb))).toBe(0);
  });
});
