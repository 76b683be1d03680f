import { expect, test } from 'vitest';
import { AAC_SILENCE, loadAacCodec } from '../../../src/relay/encoding/aac-codec.ts';

test('The packet of silence is what the encoder makes of silence that goes on', async () => {
  const stream = (await loadAacCodec()).open();
  const packets = Array.from({ length: 9 }, () => stream.encode(new Float32Array(2 * 1024)));
  stream.free();
  expect(packets.slice(3)).toEqual(packets.slice(3).map(() => AAC_SILENCE));
});
