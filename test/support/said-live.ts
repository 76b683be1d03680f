/** Somebody in a call who talks on and on, and what of it should be heard at any moment. */
import { onTestFinished } from 'vitest';
import type { Person } from '../../simulator/person.ts';
import { frameMs, type Speech } from '../../simulator/speech.ts';
import { LibopusCodec } from '../../src/audio/opus-codec.ts';
import type { HeardSound } from './heard-sound.ts';
import { speechOf } from './on-air.ts';
import { type Search, foundIn } from './searching.ts';
import { decoded } from './sounds.ts';

/** Seven seconds of a speech in which nobody breathes for long. */
const FROM = 14;
const FRAMES = 340;
const SAMPLES_PER_MS = 48;
/** How much later something may be heard. */
const LATEST_MS = 1500;
/** Root of the mean square: in less, a piece of voice is not to be told from another. */
const QUIETEST = 0.01;

export interface SaidLive {
  /** @param atMs of `performance.now()` @returns mono, 48 kHz */
  from(atMs: number, lengthMs: number): Float32Array;
  stop(): void;
}

/** A piece of what was said, and where it was heard. */
export interface FoundPiece {
  /** 1 for the same sound. */
  readonly likeness: number;
  /** How much louder it was heard than it was said: a factor. */
  readonly gain: number;
  readonly delayMs: number;
  /** When it had been heard to its end, of `performance.now()`. */
  readonly heardMs: number;
}

/** Begins now; ends with the test at the latest. */
export async function sayLive(person: Person): Promise<SaidLive> {
  const speech = await speechOf('allison');
  const said = await soundOf(speech);
  const speaking = person.speak(speech, { from: FROM, frames: FRAMES, loop: true });
  onTestFinished(() => speaking.stop());
  while (speaking.spoken === 0) await new Promise(setImmediate);
  const startMs = performance.now() - (speaking.spoken - 1) * frameMs;
  return {
    from(atMs, lengthMs) {
      const first = Math.round((atMs - startMs) * SAMPLES_PER_MS);
      return new Float32Array(lengthMs * SAMPLES_PER_MS).map(
        (_, index) => said[(first + index) % said.length] ?? 0,
      );
    },
    stop: () => speaking.stop(),
  };
}

/** As it sounds where it follows on itself. */
async function soundOf({ frames }: Speech): Promise<Float32Array> {
  const codec = await LibopusCodec.load({ spares: 1 });
  const round = frames.slice(FROM, FROM + FRAMES);
  const rounds = decoded(codec, [...round, ...round], 1);
  codec.close();
  return rounds.subarray(rounds.length / 2);
}

/** Where a piece is looked for: `startSamples` from the beginning of what was heard. */
interface Place extends Search {
  readonly saidMs: number;
  readonly startSamples: number;
}

/**
 * Every piece that was said within a time of `performance.now()`, and where it was heard. Shorter ones tell more of a sound in
 * which frames are missing; of longer ones it is surer where they are.
 */
export async function piecesOf(
  said: SaidLive,
  heard: HeardSound,
  fromMs: number,
  toMs: number,
  pieceMs = 500,
): Promise<FoundPiece[]> {
  const pieces: Place[] = [];
  for (let saidMs = fromMs; saidMs + pieceMs <= toMs; saidMs += pieceMs) {
    const piece = said.from(saidMs, pieceMs);
    if (powerOf(piece) < QUIETEST ** 2) continue;
    const startSamples = Math.max(0, Math.round((saidMs - heard.startMs) * SAMPLES_PER_MS));
    const end = startSamples + piece.length + LATEST_MS * SAMPLES_PER_MS;
    pieces.push({ saidMs, startSamples, said: piece, heard: heard.samples.subarray(startSamples, end) });
  }
  const found = await foundIn(pieces);
  return pieces.map((piece, index) => {
    const { correlation = 0, delaySamples = 0 } = found[index] ?? {};
    const place = piece.heard.subarray(delaySamples, delaySamples + piece.said.length);
    const gain = Math.sqrt(powerOf(place) / powerOf(piece.said));
    const delayMs = heard.startMs + (piece.startSamples + delaySamples) / SAMPLES_PER_MS - piece.saidMs;
    return { likeness: correlation, gain, delayMs, heardMs: piece.saidMs + delayMs + pieceMs };
  });
}

function powerOf(sound: Float32Array): number {
  return sound.reduce((sum, sample) => sum + sample ** 2, 0) / (sound.length || 1);
}
