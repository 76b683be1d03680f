import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LibopusCodec } from '../../src/audio/opus-codec.ts';
import { SILENCE } from '../../src/audio/opus-packet.ts';
import { HEARD_SPEAKERS } from '../../src/audio/speakers.ts';
import { levelled } from '../support/levelled.ts';
import { speechOf } from '../support/on-air.ts';
import { watched } from '../support/programme-quality.ts';
import { ProgrammeRun, type Talk } from '../support/programme-run.ts';
import { decoded, encoded, levelAt, tone } from '../support/sounds.ts';

let codec: LibopusCodec;
/** At the programme's loudness. */
let june: readonly Uint8Array[];
let allison: readonly Uint8Array[];
let carlo: readonly Uint8Array[];

beforeAll(async () => {
  codec = await LibopusCodec.load({ spares: 16 });
  const speeches = await Promise.all([speechOf('june'), speechOf('allison'), speechOf('carlo')]);
  const [a, b, c] = speeches.map(({ frames }) => levelled(codec, frames.slice(0, 300), -16));
  june = a ?? [];
  allison = b ?? [];
  carlo = c ?? [];
});

afterAll(() => codec.close());

/** Sends for two seconds, and says nothing. */
function silent(ssrc: number): Talk {
  return { ssrc, packets: Array<Uint8Array>(100).fill(SILENCE) };
}

describe('how many there may be', () => {
  test('eight are heard at once, and one more when one of them falls silent', async () => {
    const run = new ProgrammeRun(codec);
    const hums = Array.from({ length: 9 }, (_, index) =>
      encoded(codec, tone({ hz: 1000 + 250 * index, dbfs: -20, seconds: 3 }), 1),
    );
    hums.forEach((packets, index) => {
      run.talk({ ssrc: index, packets: index === 2 ? packets.slice(0, 60) : packets });
    });
    await run.run(150);
    const heard = decoded(codec, run.packets, 1);
    const during = (index: number, from: number, to: number) =>
      levelAt(1000 + 250 * index, heard.subarray(from * 960, to * 960));
    const loudness = hums.map((_, index) => during(index, 20, 58));
    expect(loudness[8]).toBeLessThan(Math.min(...loudness.slice(0, 8)) - 20);
    expect(run.programme.counts.displaced).toBeGreaterThan(50);
    expect(run.programme.counts.displaced).toBeLessThan(75);
    expect(during(8, 80, 148)).toBeGreaterThan(during(2, 80, 148) + 20);
    expect(run.programme.counts).toMatchObject({ unready: 0 });
  });

  test('who sends nothing but silence takes nobody else from the air', async () => {
    const run = new ProgrammeRun(codec);
    for (let ssrc = 1; ssrc <= HEARD_SPEAKERS; ssrc += 1) run.talk(silent(ssrc));
    run.talk({ ssrc: 100, packets: june, from: 10 });
    await run.run(100);
    expect(run.programme.counts).toMatchObject({ displaced: 0 });
    expect(run.programme.counts.passed).toBeGreaterThan(80);
  });

  test('who finds no decoder ready loses nothing by waiting for it', async () => {
    const few = await LibopusCodec.load({ spares: 2 });
    const played = new Set<Uint8Array>();
    const run = new ProgrammeRun(watched(few, (opus) => played.add(opus)));
    const hum = encoded(codec, tone({ hz: 300, dbfs: -20, seconds: 1 }), 1);
    const hums = [1, 2, 3, 4].map((ssrc) => ({ ssrc, packets: hum.map((packet) => packet.slice()) }));
    await run.talk(...hums).run(20);
    expect(run.programme.counts.unready).toBeGreaterThan(0);
    expect(hums.map(({ packets }) => played.has(packets[0]!))).toEqual([true, true, true, true]);
    few.close();
  });

  test('a newcomer takes the place of who was silent longest, and of nobody who speaks', async () => {
    const run = new ProgrammeRun(codec);
    // All who are known, with the first three of those below; who goes on sending does not make room.
    for (let ssrc = 101; ssrc <= 129; ssrc += 1) run.talk(silent(ssrc));
    const known = (): number[] => run.programme.speakers.filter((ssrc) => ssrc < 100);
    run.talk({ ssrc: 1, packets: june.slice(0, 10) }, { ssrc: 2, packets: june.slice(0, 30) });
    run.talk(
      { ssrc: 3, packets: carlo },
      { ssrc: 4, packets: allison, from: 60 },
      { ssrc: 5, packets: carlo, from: 61 },
    );
    await run.run(63);
    expect(known()).toEqual([3, 4, 5]);
    run.talk({ ssrc: 6, packets: june.slice(0, 2), from: 63 });
    await run.run(3);
    expect(known()).toEqual([3, 4, 5]);
    expect(run.programme.counts.displaced).toBe(4);
  });

  test('who has been silent for a minute is forgotten', async () => {
    const run = new ProgrammeRun(codec).talk({ ssrc: 1, packets: june.slice(0, 10) });
    await run.run(2900);
    expect(run.programme.speakers).toEqual([1]);
    await run.run(200);
    expect(run.programme.speakers).toEqual([]);
  });
});
