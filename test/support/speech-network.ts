/**
 * A simulated network for streams of speech: lost, late, doubled, overtaken, from a sender whose clock is off; by a seed.
 *
 * Speakers are lists of Opus packets, one for each 20 ms of their own clock; what comes out are arrivals in the order of
 * time. Both are iterated lazily, so hours of speech take no memory:
 *
 *     const ann = { ssrc: 1, packets: talkSpurts({ lengthMs: 60_000, speechMs: 3000, pauseMs: 1500 }), driftPpm: 200 };
 *     for (const { atMs, ssrc, frame } of speechNetwork([ann], { seed: 7, loss: 0.05, jitterMs: 40 })) …
 */
import { Random } from '../../simulator/random.ts';
import { type BufferedFrame } from '../../src/audio/jitter-buffer.ts';
import { opusSamples, SILENCE } from '../../src/audio/opus-packet.ts';

const FRAME_MS = 20;
const SAMPLES_PER_MS = 48;
/** Discord's clients end their speech with so many frames of silence. */
const SILENCE_FRAMES = 5;

export interface Speech {
  readonly ssrc: number;
  /** What is sent, one after the other; `undefined` is 20 ms in which nothing is. A packet lasts as long as its Opus says. */
  readonly packets: Iterable<Uint8Array | undefined>;
  /** When the first of them is sent, ms of the network's clock. 0 when absent. */
  readonly startMs?: number;
  /** How much faster the sender's clock goes than the network's, parts per million. */
  readonly driftPpm?: number;
  /** u16 */
  readonly firstSequence?: number;
  /** u32, 48 kHz */
  readonly firstTimestamp?: number;
  /** The RTP time stands still where nothing is sent, as some clients have it; else it runs on. */
  readonly isClockStopped?: boolean;
}

export interface SpeechNetworkFaults {
  /** The same seed, the same network. */
  readonly seed?: number;
  /** The share of packets that never come, 0 … 1. */
  readonly loss?: number;
  /** How many packets are lost in a row on average, 1 or more: the two states of Gilbert's model. */
  readonly lossBurst?: number;
  /** The share of packets that come twice, 0 … 1; the second has a delay of its own. */
  readonly duplicates?: number;
  readonly delayMs?: number;
  /** Up to so much more delay, uniform and independent for each packet: with 20 or more, packets overtake each other. */
  readonly jitterMs?: number;
  /** More delay by the time of sending, e.g. a stall: `(ms) => Math.max(0, 5000 - ms)` brings 5 s of packets at once. */
  readonly moreDelayMs?: (sentMs: number) => number;
}

export interface Arrival {
  readonly atMs: number;
  readonly sentMs: number;
  readonly ssrc: number;
  readonly frame: BufferedFrame;
}

interface Sent {
  readonly sentMs: number;
  readonly ssrc: number;
  readonly frame: BufferedFrame;
}

/** What arrives from all speakers, earliest first; at the same time, in the order of sending. */
export function* speechNetwork(
  speakers: readonly Speech[],
  faults: SpeechNetworkFaults = {},
): Generator<Arrival, void, undefined> {
  const path = new Path(faults);
  const streams = speakers.map((speech) => send(speech));
  const heads = streams.map((stream) => stream.next().value ?? undefined);
  for (;;) {
    const earliest = earliestOf(heads);
    const sent = heads[earliest];
    yield* path.arrivalsUntil(sent?.sentMs ?? Infinity);
    if (!sent) return;
    path.carry(sent);
    heads[earliest] = streams[earliest]?.next().value ?? undefined;
  }
}

export interface TalkSpurts {
  /** How long it goes on. */
  readonly lengthMs: number;
  readonly speechMs: number;
  /** Without a packet; the five frames of silence come before it, unless `isCutOff`. */
  readonly pauseMs: number;
  /** The speech just stops, as on a client that dies. */
  readonly isCutOff?: boolean;
  /** The speech, by the number of the packet; a small packet of 20 ms when absent. */
  readonly opus?: (index: number) => Uint8Array;
}

/** Speech and pauses by turns, for `Speech.packets`. */
export function* talkSpurts(spurts: TalkSpurts): Generator<Uint8Array | undefined, void, undefined> {
  const { lengthMs, speechMs, pauseMs, isCutOff = false, opus = speechPacket } = spurts;
  const silenceMs = isCutOff ? 0 : SILENCE_FRAMES * FRAME_MS;
  const periodMs = speechMs + silenceMs + pauseMs;
  for (let ms = 0, index = 0; ms < lengthMs; ms += FRAME_MS) {
    const placeMs = ms % periodMs;
    if (placeMs < speechMs) yield opus(index++);
    else yield placeMs < speechMs + silenceMs ? SILENCE.slice() : undefined;
  }
}

/** Speech without a pause, for `Speech.packets`. */
export function* continuousSpeech(
  lengthMs: number,
  opus = speechPacket,
): Generator<Uint8Array, void, undefined> {
  for (let index = 0; index * FRAME_MS < lengthMs; index += 1) yield opus(index);
}

/** 20 ms by its first byte (CELT, one frame), then its number: tells packets apart, decodes to no particular sound. */
export function speechPacket(index: number): Uint8Array {
  return Uint8Array.of(0xf8, 1, index >>> 24, index >>> 16, index >>> 8, index);
}

function* send(speech: Speech): Generator<Sent, void, undefined> {
  const { ssrc, startMs = 0, driftPpm = 0, isClockStopped = false } = speech;
  let sequence = speech.firstSequence ?? 0;
  let timestamp = speech.firstTimestamp ?? 0;
  let senderMs = 0;
  for (const opus of speech.packets) {
    const samples = opus ? opusSamples(opus) : FRAME_MS * SAMPLES_PER_MS;
    if (opus) {
      const sentMs = startMs + senderMs / (1 + driftPpm / 1e6);
      yield { sentMs, ssrc, frame: { sequence, timestamp, opus } };
      sequence = (sequence + 1) & 0xffff;
    }
    if (opus || !isClockStopped) timestamp = (timestamp + samples) >>> 0;
    senderMs += samples / SAMPLES_PER_MS;
  }
}

function earliestOf(heads: readonly (Sent | undefined)[]): number {
  let earliest = 0;
  for (const [index, head] of heads.entries()) {
    if ((head?.sentMs ?? Infinity) < (heads[earliest]?.sentMs ?? Infinity)) earliest = index;
  }
  return earliest;
}

/** What is on its way. */
class Path {
  readonly #faults: SpeechNetworkFaults;
  readonly #random: Random;
  readonly #isLossy = new Map<number, boolean>();
  /** Earliest last. */
  readonly #underWay: Arrival[] = [];

  constructor(faults: SpeechNetworkFaults) {
    this.#faults = faults;
    this.#random = new Random(faults.seed ?? 1);
  }

  carry(sent: Sent): void {
    if (this.#isLost(sent.ssrc)) return;
    this.#delay(sent);
    if (this.#random.chance(this.#faults.duplicates ?? 0)) this.#delay(sent);
  }

  *arrivalsUntil(ms: number): Generator<Arrival, void, undefined> {
    for (let next = this.#underWay.at(-1); next && next.atMs <= ms; next = this.#underWay.at(-1)) {
      this.#underWay.pop();
      yield next;
    }
  }

  #delay(sent: Sent): void {
    const { delayMs = 0, jitterMs = 0, moreDelayMs } = this.#faults;
    const delay = delayMs + this.#random.next() * jitterMs + (moreDelayMs?.(sent.sentMs) ?? 0);
    const arrival = { ...sent, atMs: sent.sentMs + delay };
    const place = this.#underWay.findIndex(({ atMs }) => atMs <= arrival.atMs);
    this.#underWay.splice(place < 0 ? this.#underWay.length : place, 0, arrival);
  }

  /** A speaker's packets are lost by a chain of two states, whose stays are `lossBurst` long and `loss` of the time. */
  #isLost(ssrc: number): boolean {
    const { loss = 0, lossBurst = 1 } = this.#faults;
    if (lossBurst <= 1) return this.#random.chance(loss);
    const wasLost = this.#isLossy.get(ssrc) ?? false;
    const becomesLost = loss / (lossBurst * (1 - loss));
    const isLost = this.#random.chance(wasLost ? 1 - 1 / lossBurst : becomesLost);
    this.#isLossy.set(ssrc, isLost);
    return isLost;
  }
}
