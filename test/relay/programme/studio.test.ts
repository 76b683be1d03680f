import { describe, expect, test } from 'vitest';
import { noProgrammeCounts } from '../../../src/audio/programme.ts';
import { NonceWriter, readRtpMetadata, type RtpMetadata } from '../../../src/protocol/nonce.ts';
import { nonceOf, writeAudioPacket } from '../../../src/protocol/packet.ts';
import { open, seal } from '../../../src/protocol/sealing.ts';
import { readPacketRecords } from '../../../src/relay/media-threads/packet-records.ts';
import type { ProgrammeEngine, SpeakerFrame } from '../../../src/relay/programme/programme-engine.ts';
import { Studio } from '../../../src/relay/programme/studio.ts';

const KEY = new Uint8Array(32).fill(3);
const OTHER_KEY = new Uint8Array(32).fill(4);
/** 20 ms of Opus, as far as its first byte says. */
const opusOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(`\xfc${text}`, 'latin1'));
const textOf = (opus: Uint8Array | undefined): string | undefined =>
  opus && Buffer.from(opus.subarray(1)).toString('latin1');

/** Keeps what it is told; each frame says how many were received since the last. */
class HandEngine implements ProgrammeEngine {
  readonly received: (SpeakerFrame & { nowMs: number })[] = [];
  readonly retracted: number[] = [];
  readonly ticks: number[] = [];
  isBroken = false;
  isClosed = false;

  receive(frame: SpeakerFrame, nowMs: number): void {
    if (this.isBroken) throw new Error('broken engine');
    this.received.push({ ...frame, nowMs });
  }

  retract(ssrc: number): void {
    this.retracted.push(ssrc);
  }

  tick(nowMs: number): Uint8Array {
    this.ticks.push(nowMs);
    return opusOf(`${this.received.length} received`);
  }

  close(): void {
    this.isClosed = true;
  }
}

function makeStudio() {
  const engines: HandEngine[] = [];
  let drawn = 0;
  const studio = new Studio({
    makeEngine() {
      const engine = new HandEngine();
      engines.push(engine);
      return engine;
    },
    random: () => (drawn += 0x3fff_ffff) >>> 0,
  });
  const nonces = new NonceWriter(1);
  function packet(rtp: RtpMetadata | undefined, text: string, key = KEY): Uint8Array {
    const nonce = rtp ? nonces.next(rtp, new Uint8Array(24)) : crypto.getRandomValues(new Uint8Array(24));
    if (!rtp) nonce[0] = 1;
    return writeAudioPacket(nonce, seal(opusOf(text), nonce, key));
  }
  function send(programme: number, packets: readonly Uint8Array[], atMs: number): void {
    for (const one of packets) studio.receive(programme, one, atMs);
  }
  const engineOf = (index: number): HandEngine => {
    const engine = engines[index];
    if (!engine) throw new Error('no such engine');
    return engine;
  };
  return { studio, engines, engineOf, packet, send };
}

interface Made extends RtpMetadata {
  readonly programme: number;
  readonly generation: number;
  readonly text: string | undefined;
}

function madeIn(studio: Studio, key = KEY): Made[] {
  const made: Made[] = [];
  readPacketRecords(studio.report()?.records ?? new ArrayBuffer(0), (programme, generation, packet) => {
    const rtp = readRtpMetadata(nonceOf(packet));
    if (!rtp) throw new Error('a frame without RTP');
    const opus = open(packet.subarray(25), nonceOf(packet), key);
    made.push({ ...rtp, programme, generation, text: textOf(opus) });
  });
  return made;
}

const START = { type: 'start', job: 7, start: { key: KEY, ssrc: 99 } } as const;

describe('a studio', () => {
  test('opens what a host sends, and hands it over with the time of its arrival', () => {
    const { studio, engineOf, packet, send } = makeStudio();
    studio.take(START, 1000);
    const rtp = { ssrc: 5, sequence: 65_535, timestamp: 0xffff_ffff };
    send(7, [packet(rtp, 'hello')], 1003);
    expect(engineOf(0).received).toEqual([{ ...rtp, opus: opusOf('hello'), nowMs: 1003 }]);
  });

  test('makes a frame when it is due, sealed, under its own SSRC, sequence +1, timestamp +960', () => {
    const { studio, engineOf } = makeStudio();
    studio.take(START, 1000);
    const made: Made[] = [];
    for (let nowMs = 1000; nowMs <= 1100; nowMs += 10) {
      studio.run(nowMs + 3);
      made.push(...madeIn(studio));
    }
    expect(made).toHaveLength(5);
    for (const [index, frame] of made.entries()) {
      expect(frame).toMatchObject({ programme: 7, generation: 0, ssrc: 99, text: '0 received' });
      expect(frame.sequence).toBe(((made[0]?.sequence ?? 0) + index) % 2 ** 16);
      expect(frame.timestamp).toBe(((made[0]?.timestamp ?? 0) + 960 * index) % 2 ** 32);
    }
    expect(engineOf(0).ticks).toEqual([1020, 1040, 1060, 1080, 1100]);
  });

  test('leaves the time that it stood still out of the stream, and says how much', () => {
    const { studio } = makeStudio();
    studio.take(START, 0);
    studio.run(20);
    const [before] = madeIn(studio);
    studio.run(1020);
    const report = studio.report();
    expect(report?.counts).toEqual(new Map([['programme-skipped', 49]]));
    studio.run(1040);
    const [after] = madeIn(studio);
    expect(after?.sequence).toBe(((before?.sequence ?? 0) + 2) % 2 ** 16);
    expect(after?.timestamp).toBe(((before?.timestamp ?? 0) + 51 * 960) % 2 ** 32);
  });

  test('makes one source, in order of arrival, of nonces that carry no RTP', () => {
    const { studio, engineOf, packet, send } = makeStudio();
    studio.take(START, 0);
    send(7, [packet(undefined, 'one')], 1000);
    send(7, [packet(undefined, 'two')], 1050);
    send(7, [packet(undefined, 'after a pause')], 3000);
    const { received, retracted } = engineOf(0);
    const [ssrc] = new Set(received.map((frame) => frame.ssrc));
    expect(received.map(({ sequence, timestamp }) => [sequence, timestamp])).toEqual([
      [1, 0],
      [2, 960],
      [3, 96_000],
    ]);
    studio.take({ type: 'retract', job: 7, ssrc: 1, generation: 1 }, 0);
    expect(retracted).toEqual([1, ssrc]);
  });

  test('marks what is made after a retraction, so that what was made before is known', () => {
    const { studio, engineOf } = makeStudio();
    studio.take(START, 0);
    studio.run(20);
    studio.take({ type: 'retract', job: 7, ssrc: 5, generation: 3 }, 21);
    studio.run(40);
    expect(madeIn(studio).map(({ generation }) => generation)).toEqual([0, 3]);
    expect(engineOf(0).retracted[0]).toBe(5);
  });

  test('passes over packets that do not open and programmes that are over, and reports what it took', () => {
    const { studio, engineOf, packet, send } = makeStudio();
    studio.take(START, 0);
    const rtp = { ssrc: 5, sequence: 1, timestamp: 1 };
    send(7, [packet(rtp, 'strange', OTHER_KEY)], 1);
    send(8, [packet(rtp, 'nobody')], 2);
    expect(studio.report()).toMatchObject({
      takenMessages: 1,
      counts: new Map([['programme-unopened', 1]]),
    });
    expect(studio.report()).toBeUndefined();
    studio.take({ type: 'stop', job: 7 }, 3);
    expect(engineOf(0).isClosed).toBe(true);
    expect(studio.run(1000)).toBeUndefined();
    expect(studio.report()).toMatchObject({ takenMessages: 1 });
    expect(studio.report()).toBeUndefined();
  });

  test('says what its engines have lost since the last time', () => {
    const losses = noProgrammeCounts();
    const studio = new Studio({ makeEngine: () => new HandEngine(), random: () => 1, losses });
    const reported = () => {
      studio.take({ type: 'stop', job: 1 }, 0);
      return studio.report()?.counts;
    };
    expect(reported()).toBeUndefined();
    losses.late = 3;
    losses.displaced = 1;
    expect(reported()).toEqual(
      new Map([
        ['programme-late', 3],
        ['programme-displaced', 1],
      ]),
    );
    losses.late = 5;
    expect(reported()).toEqual(new Map([['programme-late', 2]]));
    expect(reported()).toBeUndefined();
  });

  test('begins a programme anew whose engine fails, and the others notice nothing', () => {
    const { studio, engines, engineOf, packet, send } = makeStudio();
    studio.take(START, 0);
    studio.take({ ...START, job: 8, start: { key: KEY, ssrc: 100 } }, 0);
    engineOf(0).isBroken = true;
    const rtp = { ssrc: 5, sequence: 1, timestamp: 1 };
    send(7, [packet(rtp, 'one')], 1);
    send(8, [packet(rtp, 'one')], 1);
    expect(engines).toHaveLength(3);
    expect(engineOf(0).isClosed).toBe(true);
    studio.run(20);
    const report = studio.report();
    expect(report?.fault).toContain('broken engine');
    send(7, [packet(rtp, 'two')], 21);
    studio.run(40);
    expect(madeIn(studio).map(({ programme, text }) => [programme, text])).toEqual([
      [7, '1 received'],
      [8, '1 received'],
    ]);
  });
});
