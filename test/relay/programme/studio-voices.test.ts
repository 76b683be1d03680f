import { afterAll, beforeAll, expect, test } from 'vitest';
import { LibopusCodec } from '../../../src/audio/opus-codec.ts';
import { Programme } from '../../../src/audio/programme.ts';
import { NonceWriter } from '../../../src/protocol/nonce.ts';
import { writeAudioPacket } from '../../../src/protocol/packet.ts';
import { seal } from '../../../src/protocol/sealing.ts';
import { Studio } from '../../../src/relay/programme/studio.ts';
import { encoded, inBothEars, tone } from '../../support/sounds.ts';

const KEY = new Uint8Array(32).fill(3);
const PROGRAMMES = [1, 2, 3, 4];

let codec: LibopusCodec;
beforeAll(async () => {
  codec = await LibopusCodec.load();
});
afterAll(() => codec.close());

test('many voices that begin in the same moment, in many programmes, all find a decoder', async () => {
  const engines: Programme[] = [];
  const studio = new Studio({
    makeEngine() {
      const engine = new Programme({ codec });
      engines.push(engine);
      return engine;
    },
    random: () => 5,
    isReady: () => codec.isFull,
  });
  for (const programme of PROGRAMMES)
    studio.take({ type: 'start', job: programme, start: { key: KEY, ssrc: programme } }, 0);
  const hum = tone({ hz: 300, dbfs: -20, seconds: 0.4 });
  const voices = [encoded(codec, hum, 1), encoded(codec, inBothEars(hum), 2)];
  const nonces = new NonceWriter(1);
  const sealed = (ssrc: number, sequence: number): Uint8Array => {
    const nonce = nonces.next({ ssrc, sequence, timestamp: sequence * 960 }, new Uint8Array(24));
    return writeAudioPacket(nonce, seal(voices[ssrc % 2]![sequence]!, nonce, KEY));
  };
  for (let frame = 0; frame < 10; frame += 1) {
    for (const programme of PROGRAMMES) {
      for (let ssrc = 0; ssrc < 8; ssrc += 1) studio.receive(programme, sealed(ssrc, frame), frame * 20);
    }
    // A round more while something is due, as the worker has them: in between the codec makes new ones.
    while (studio.run((frame + 1) * 20) === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
  }
  expect(engines.map(({ counts }) => counts.unready)).toEqual([0, 0, 0, 0]);
  expect(engines.every(({ counts }) => counts.mixed > 5)).toBe(true);
});
