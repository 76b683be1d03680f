import { EventEmitter } from 'node:events';
import { pino } from 'pino';
import { beforeAll, describe, expect, test } from 'vitest';
import { LibopusCodec, type OpusCodec } from '../../../src/audio/opus-codec.ts';
import { SILENCE } from '../../../src/audio/opus-packet.ts';
import type { Beat } from '../../../src/bot/audience/metronome.ts';
import { type Listener, type Player, Tuner } from '../../../src/bot/audience/tuner.ts';
import type { HeardFrame } from '../../../src/client/podcast-listener.ts';
import type { Ending } from '../../../src/client/relay-socket.ts';
import { EndedError } from '../../../src/client/relay-socket.ts';

const FIRST_SEQUENCE = 65_530;
const SSRC = 7;

/** A listener that hears what the test says, and a clock that the test turns. */
class Studio {
  readonly listener = new EventEmitter() as EventEmitter & Listener;
  readonly guilds: number[] = [];
  readonly logLines: string[] = [];
  readonly tuner: Tuner;
  isClosed = 0;
  listenersClosed = 0;
  nowMs = 1000;
  #beats = new Set<Beat>();

  constructor(codec?: OpusCodec) {
    Object.assign(this.listener, {
      setGuilds: (guilds: number) => void this.guilds.push(guilds),
      close: () => {
        this.listenersClosed += 1;
        return Promise.resolve();
      },
    });
    this.tuner = new Tuner({
      podcastId: 4711,
      listener: this.listener,
      beats: {
        follow: (beat) => {
          this.#beats.add(beat);
          return () => this.#beats.delete(beat);
        },
      },
      nowMs: () => this.nowMs,
      codec: () => codec,
      log: pino({ level: 'debug' }, { write: (line: string) => void this.logLines.push(line) }),
      onClosed: () => (this.isClosed += 1),
    });
  }

  get beating(): number {
    return this.#beats.size;
  }

  /** Frame number `index` of the programme comes now. */
  comes(index: number, opus: Uint8Array = word(index), ssrc = SSRC): void {
    const rtp = { sequence: (FIRST_SEQUENCE + index) % 2 ** 16, timestamp: (index * 960) >>> 0, ssrc };
    this.listener.emit('frame', { opus, rtp } satisfies HeardFrame);
  }

  /** 20 ms pass. */
  beat(): void {
    this.nowMs += 20;
    for (const beat of this.#beats) beat(this.nowMs);
  }

  /** These frames come on time, one every 20 ms, and as many beats more. */
  run(from: number, frames: number, beatsMore = 10, opus: (index: number) => Uint8Array = word): void {
    for (let index = from; index < from + frames; index += 1) {
      this.comes(index, opus(index));
      this.beat();
    }
    for (let beat = 0; beat < beatsMore; beat += 1) this.beat();
  }
}

/** 20 ms of CELT whose bytes are this frame's own. */
function word(index: number): Uint8Array {
  return Buffer.from(`\xfcframe ${index}`, 'latin1');
}

function fail(): never {
  throw new Error('broken');
}

class Recorder implements Player {
  /** `frame 3`, `skip`, `rest`, in order; rests in a row are one. */
  readonly played: string[] = [];
  readonly frames: Buffer[] = [];
  readonly endings: Ending[] = [];

  play(opus: Buffer): void {
    this.frames.push(opus);
    this.played.push(opus.toString('latin1', 1));
  }

  skip(): void {
    this.played.push('skip');
  }

  rest(): void {
    if (this.played.at(-1) !== 'rest') this.played.push('rest');
  }

  over(ending: Ending): void {
    this.endings.push(ending);
  }
}

function playing(studio: Studio, percent = 100): Recorder {
  const player = new Recorder();
  studio.tuner.add(player, percent);
  return player;
}

function wordsOf({ played }: Recorder): string[] {
  return played.filter((what) => what.startsWith('frame'));
}

describe('a tuner', () => {
  test('gives each frame once, in order, to everybody who plays', () => {
    const studio = new Studio();
    const players = [playing(studio), playing(studio), playing(studio)];
    studio.run(0, 100);
    const all = Array.from({ length: 100 }, (_, index) => `frame ${index}`);
    for (const player of players) expect(wordsOf(player)).toEqual(all);
    expect(players[0]?.frames[50]).toBe(players[2]?.frames[50]);
  });

  test('leaves a gap where a frame is missing, and rests when nothing comes', () => {
    const studio = new Studio();
    const player = playing(studio);
    studio.run(0, 20, 0);
    studio.beat();
    studio.run(21, 20);
    expect(wordsOf(player)).toHaveLength(40);
    const gap = player.played.indexOf('frame 19');
    expect(player.played.slice(gap, gap + 3)).toEqual(['frame 19', 'skip', 'frame 21']);
    expect(player.played.at(-1)).toBe('rest');
  });

  test('plays nothing any more of what the host takes back', () => {
    const studio = new Studio();
    const player = playing(studio);
    studio.run(0, 20, 0);
    for (let index = 20; index < 30; index += 1) studio.comes(index, Buffer.from('\xfcsecret', 'latin1'));
    studio.listener.emit('retracted', 99);
    for (let beat = 0; beat < 20; beat += 1) studio.beat();
    expect(player.played.filter((played) => played.includes('secret'))).toEqual([]);
    studio.run(60, 20);
    expect(player.played).toContain('frame 79');
  });

  test('begins anew with a programme that was made anew', () => {
    const studio = new Studio();
    const player = playing(studio);
    studio.run(0, 20);
    for (let index = 5; index < 25; index += 1) {
      studio.comes(index, word(1000 + index), SSRC + 1);
      studio.beat();
    }
    for (let beat = 0; beat < 10; beat += 1) studio.beat();
    expect(wordsOf(player).slice(20)).toEqual(
      Array.from({ length: 20 }, (_, index) => `frame ${1005 + index}`),
    );
  });

  test('tells the relay how many guilds play, and stops listening with the last', () => {
    const studio = new Studio();
    const [one, other] = [playing(studio), playing(studio, 50)];
    studio.tuner.remove(one);
    expect(studio.isClosed).toBe(0);
    studio.tuner.remove(other);
    studio.tuner.remove(other);
    expect(studio.guilds).toEqual([1, 2, 1]);
    expect([studio.isClosed, studio.listenersClosed, studio.beating]).toEqual([1, 1, 0]);
  });

  test('tells everybody when the podcast is over, once', async () => {
    const studio = new Studio();
    const players = [playing(studio), playing(studio, 50)];
    const ending = { code: 4003, reason: 'The host left.' };
    studio.listener.emit('ended', ending);
    for (const { endings } of players) expect(endings).toEqual([ending]);
    expect([studio.isClosed, studio.listenersClosed, studio.beating]).toEqual([1, 1, 0]);
    await expect(studio.tuner.listening()).rejects.toThrow(EndedError);
  });

  test('lets a player go that fails, whatever it does at its end; the others play on', () => {
    const studio = new Studio();
    const good = playing(studio);
    const bad = playing(studio);
    Object.assign(bad, { play: fail, over: fail });
    studio.run(0, 30);
    expect(wordsOf(good)).toHaveLength(30);
    expect(studio.tuner.players).toBe(1);
    expect(studio.logLines).toHaveLength(2);
  });
});

describe('the volume of a tuner', () => {
  let codec: OpusCodec;
  let tone: Uint8Array[];

  beforeAll(async () => {
    codec = await LibopusCodec.load({ spares: 12 });
    const encoder = codec.takeEncoder(2)!;
    tone = Array.from({ length: 60 }, (_, frame) => {
      const pcm = new Float32Array(1920);
      for (let sample = 0; sample < 960; sample += 1) {
        const value = 0.7 * Math.sin((2 * Math.PI * 440 * (frame * 960 + sample)) / 48_000);
        pcm.fill(value, 2 * sample, 2 * sample + 2);
      }
      return encoder.encode(pcm).slice();
    });
  });

  /** Peak and RMS of the last half of what was played. */
  function loudness({ frames }: Recorder): { peak: number; rms: number } {
    const decoder = codec.takeDecoder(2)!;
    const sounds = frames.map((frame) => decoder.decode(frame).slice()).slice(frames.length / 2, -5);
    decoder.free();
    const samples = sounds.flatMap((sound) => [...sound]);
    const energy = samples.reduce((sum, sample) => sum + sample * sample, 0);
    return {
      peak: Math.max(...samples.map(Math.abs)),
      rms: Math.sqrt(energy / samples.length),
    };
  }

  test('is the bytes as they came at 100 %, a tenth at 10 %, and as loud as can be without clipping at 200 %', async () => {
    const studio = new Studio(codec);
    const [asSent, tenth, double] = [playing(studio), playing(studio, 10), playing(studio, 200)];
    studio.run(0, 60, 10, (index) => tone[index]!);
    expect(asSent.frames.every((frame, index) => Buffer.compare(frame, tone[index]!) === 0)).toBe(true);
    const { rms } = loudness(asSent);
    expect(loudness(tenth).rms).toBeCloseTo(rms / 10, 2);
    expect(loudness(double).rms).toBeGreaterThan(rms * 1.15);
    expect(loudness(double).peak).toBeLessThan(1);
  });

  test('is worked out once for all who have it, and let go with the last', () => {
    const studio = new Studio(codec);
    const [one, other] = [playing(studio, 50), playing(studio, 50)];
    studio.run(0, 60, 10, (index) => tone[index]!);
    expect(one.frames.length).toBeGreaterThan(50);
    for (const [index, frame] of one.frames.entries()) expect(other.frames[index]).toBe(frame);
    studio.tuner.add(one, 100);
    studio.tuner.add(other, 100);
    studio.run(60, 20, 5);
    expect(wordsOf(one).at(-1)).toBe('frame 79');
  });

  test('that cannot be worked out is silent there alone, and logged once', () => {
    const broken: OpusCodec = {
      takeDecoder: (channels) => codec.takeDecoder(channels),
      takeEncoder: () => ({ channels: 2, encode: fail, setIndependent: () => {}, free: () => {} }),
      close: () => {},
    };
    const studio = new Studio(broken);
    const [asSent, half] = [playing(studio), playing(studio, 50)];
    studio.run(0, 20, 10, (index) => tone[index]!);
    expect(asSent.frames).toHaveLength(20);
    expect(new Set(half.played)).toEqual(new Set(['rest', 'skip']));
    expect(studio.logLines).toHaveLength(1);
  });

  test('lets silence be silence, and what is no Opus be missing', () => {
    const studio = new Studio(codec);
    const player = playing(studio, 50);
    studio.run(0, 10, 0, (index) => tone[index]!);
    studio.run(10, 10, 0, () => SILENCE);
    studio.run(20, 10, 5, () => Buffer.from('\xfcno opus at all', 'latin1'));
    expect(player.frames.filter((frame) => frame.length === 3).length).toBeGreaterThanOrEqual(5);
    expect(player.played.filter((played) => played === 'skip').length).toBeGreaterThan(0);
  });
});
