import { describe, expect, test } from 'vitest';
import { NaiveProgrammeListener } from '../../support/naive-programme.ts';
import { startTestRelay } from '../../support/test-relay.ts';
import { udpHost } from '../../support/udp-on-air.ts';

const SILENCE = Buffer.from('f8fffe', 'hex');

describe.each(['websocket', 'udp'] as const)('the programme over %s', (audio) => {
  test('comes without a gap: one SSRC, sequence +1, timestamp +960, true silence while nobody speaks', async () => {
    const relay = await startTestRelay();
    const { hello } = await udpHost(relay);
    const listener = await NaiveProgrammeListener.open(relay.socketUrl, hello.podcast_id, audio);
    const frames = await listener.frames(50);
    const [first] = frames;
    if (!first) throw new Error('nothing came');
    for (const [index, { ssrc, sequence, timestamp, opus }] of frames.entries()) {
      expect(ssrc).toBe(first.ssrc);
      expect(sequence).toBe((first.sequence + index) % 2 ** 16);
      expect(timestamp).toBe((first.timestamp + 960 * index) % 2 ** 32);
      expect(opus).toEqual(SILENCE);
    }
    expect(relay.count('programme-frames')).toBeGreaterThanOrEqual(50);
  });
});
