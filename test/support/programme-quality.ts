/** People who talk through a bad network into a programme, and how far what a listener hears is from what they said. */
import { setImmediate } from 'node:timers/promises';
import { Leveller } from '../../src/audio/leveller.ts';
import { type Channels, FRAME_SAMPLES } from '../../src/audio/frame.ts';
import type { OpusCodec, OpusDecoder } from '../../src/audio/opus-codec.ts';
import { Programme, type ProgrammeCounts } from '../../src/audio/programme.ts';
import { ramp } from '../../src/audio/voice-decoder.ts';
import { loudnessOfSound } from './levelled.ts';
import { decoded } from './sounds.ts';
import { logSpectralDistances, segmentalSnr } from './spectrum.ts';
import { type SpeechNetworkFaults, speechNetwork } from './speech-network.ts';

const FRAME_MS = 20;
/** Ticks come so much after packets are sent, where nobody's clock drifts. */
const PHASE_MS = 7;
/** Louder pieces are compared: −45 dBFS. */
const GATE_POWER = 10 ** -4.5;

export interface Conditions extends SpeechNetworkFaults {
  /** Each speaker's clock, parts per million. */
  readonly driftPpm?: readonly number[];
}

export interface Quality {
  /** dB */
  readonly segmentalSnr: number;
  /** Mean and 95th percentile, dB. */
  readonly spectralDistance: number;
  readonly spectralDistanceP95: number;
  /** From a packet's sending to the tick in which its sound goes out. */
  readonly delayP50Ms: number;
  readonly delayP95Ms: number;
  readonly lufs: number;
  /** Of what the listener's decoder makes: 1 is full scale. */
  readonly peak: number;
  readonly counts: ProgrammeCounts;
}

/** One packet of one speaker, known by its bytes' identity. */
interface Place {
  readonly speaker: number;
  readonly index: number;
}

/** What was decoded in which tick: the packet's number for each speaker. */
type Schedule = (number | undefined)[][];

/** @param speeches mono packets of 20 ms @param ticks how long it lasts */
export async function qualityOf(
  codec: OpusCodec,
  speeches: readonly (readonly Uint8Array[])[],
  ticks: number,
  conditions: Conditions,
): Promise<Quality> {
  const places = new Map<Uint8Array, Place>();
  speeches.forEach((packets, speaker) =>
    packets.forEach((opus, index) => places.set(opus, { speaker, index })),
  );
  const schedule: Schedule = speeches.map(() => []);
  const delays: number[] = [];
  const sentMs = new Map<Uint8Array, number>();
  let tick = 0;
  const programme = new Programme({
    codec: watched(codec, (opus) => {
      const place = places.get(opus);
      if (!place) return;
      schedule[place.speaker]![tick] = place.index;
      // What is taken in this tick goes out in the next.
      delays.push((tick + 1) * FRAME_MS + PHASE_MS - (sentMs.get(opus) ?? 0));
    }),
  });
  const speakers = speeches.map((packets, speaker) => ({
    ssrc: speaker + 1,
    packets,
    driftPpm: conditions.driftPpm?.[speaker] ?? 0,
  }));
  const arrivals = speechNetwork(speakers, conditions);
  let next = arrivals.next();
  const out: Uint8Array[] = [];
  for (; tick < ticks; tick++) {
    const nowMs = tick * FRAME_MS + PHASE_MS;
    for (; !next.done && next.value.atMs <= nowMs; next = arrivals.next()) {
      const { ssrc, frame, atMs } = next.value;
      sentMs.set(frame.opus, next.value.sentMs);
      programme.receive({ ssrc, ...frame }, atMs);
    }
    out.push(programme.tick(nowMs));
    if (tick % 8 === 0) await setImmediate();
  }
  programme.close();
  const heard = decoded(codec, out, 1);
  const said = saidBy(codec, speeches, schedule, ticks);
  const distances = logSpectralDistances(heard, said, GATE_POWER).toSorted((a, b) => a - b);
  const sortedDelays = delays.toSorted((a, b) => a - b);
  return {
    segmentalSnr: segmentalSnr(heard, said, GATE_POWER),
    spectralDistance: distances.reduce((sum, distance) => sum + distance, 0) / distances.length,
    spectralDistanceP95: distances[Math.floor(distances.length * 0.95)] ?? 0,
    delayP50Ms: sortedDelays[sortedDelays.length >> 1] ?? 0,
    delayP95Ms: sortedDelays[Math.floor(sortedDelays.length * 0.95)] ?? 0,
    lufs: loudnessOfSound(heard, 1),
    peak: heard.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0),
    counts: programme.counts,
  };
}

/** The codec, with somebody who looks on as packets are decoded. */
export function watched(codec: OpusCodec, onDecode: (opus: Uint8Array) => void): OpusCodec {
  return {
    takeEncoder: (channels) => codec.takeEncoder(channels),
    takeDecoder(channels: Channels) {
      const decoder = codec.takeDecoder(channels);
      if (!decoder) return undefined;
      const watching: OpusDecoder = {
        channels,
        decode(opus) {
          onDecode(opus);
          return decoder.decode(opus);
        },
        recover: (opus) => decoder.recover(opus),
        conceal: (samples) => decoder.conceal(samples),
        free: () => decoder.free(),
      };
      return watching;
    },
    close() {},
  };
}

/**
 * The sum of what was said, levelled, without loss, each frame in the tick in which the programme had its place: so a lost frame
 * counts as what it should have been, and the depth of the jitter buffers does not count.
 */
function saidBy(
  codec: OpusCodec,
  speeches: readonly (readonly Uint8Array[])[],
  schedule: Schedule,
  ticks: number,
): Float32Array {
  const said = new Float32Array(ticks * FRAME_SAMPLES);
  speeches.forEach((packets, speaker) => {
    const sound = levelledSoundOf(codec, packets);
    const played = placesOf(schedule[speaker] ?? [], ticks);
    played.forEach((index, tick) => {
      const at = (tick + 1) * FRAME_SAMPLES;
      if (index === undefined || at >= said.length) return;
      for (let sample = 0; sample < FRAME_SAMPLES; sample++)
        said[at + sample]! += sound[index * FRAME_SAMPLES + sample] ?? 0;
    });
  });
  return said;
}

/** Fills in which frames were missing: those right before the next one that came. */
function placesOf(decodedIn: readonly (number | undefined)[], ticks: number): (number | undefined)[] {
  const places: (number | undefined)[] = Array.from({ length: ticks }, (_, tick) => decodedIn[tick]);
  const first = places.findIndex((index) => index !== undefined);
  for (let tick = ticks - 2; tick > first; tick--) {
    const after = places[tick + 1];
    if (places[tick] === undefined && after !== undefined) places[tick] = after - 1;
  }
  return places;
}

function levelledSoundOf(codec: OpusCodec, packets: readonly Uint8Array[]): Float32Array {
  const sound = decoded(codec, packets, 1);
  const leveller = new Leveller();
  let before = 1;
  for (let start = 0; start < sound.length; start += FRAME_SAMPLES) {
    const frame = sound.subarray(start, start + FRAME_SAMPLES);
    leveller.hear(frame.slice(), 1);
    ramp(frame, 1, before, leveller.gain, FRAME_SAMPLES);
    before = leveller.gain;
  }
  return sound;
}
