/** Writes one speaker's Opus frames into an Ogg file, each at its place in time, without decoding them. */
import { EncodedAudioPacketSource, EncodedPacket, FilePathTarget, OggOutputFormat, Output } from 'mediabunny';
import { OPUS_HEAD } from '../audio/ogg-page.ts';
import { opusSamples } from '../audio/opus-packet.ts';

const SAMPLE_RATE = 48_000;
/** How long a frame is held back so that one that was overtaken can still go in front of it. */
const REORDER_SAMPLES = SAMPLE_RATE / 5;

/**
 * Little is lost when the program dies, and players seek well. It also keeps every page below 255 segments: mediabunny
 * 1.61 writes a wrong granule position when a packet ends at exactly the last segment of a page.
 */
const PAGE_SECONDS = 0.5;

/** Packets of pure silence by their length in samples, longest first: CELT, full band, mono, no energy (RFC 6716 §3.1). */
const SILENCES = [
  // Six frames of 20 ms in one packet (code 3, constant size).
  { samples: 5760, packet: Uint8Array.of(0xfb, 6, ...Array.from({ length: 6 }, () => [0xff, 0xfe]).flat()) },
  { samples: 960, packet: Uint8Array.of(0xf8, 0xff, 0xfe) },
  { samples: 480, packet: Uint8Array.of(0xf0, 0xff, 0xfe) },
  { samples: 240, packet: Uint8Array.of(0xe8, 0xff, 0xfe) },
  { samples: 120, packet: Uint8Array.of(0xe0, 0xff, 0xfe) },
] as const;

interface PlacedFrame {
  readonly opus: Uint8Array;
  readonly sample: number;
}

/** The gaps between frames are filled with coded silence, so that every player keeps the time. */
export class OggTrack {
  /** Frames that came after their place had been written. */
  late = 0;
  readonly #output: Output;
  readonly #source = new EncodedAudioPacketSource('opus');
  readonly #held: PlacedFrame[] = [];
  #newest = 0;
  #written = 0;
  /** Writes happen in order, one after the other. */
  #writing: Promise<void>;

  /** @param path of the file; an existing one is replaced */
  constructor(path: string) {
    const format = new OggOutputFormat({ maximumPageDuration: PAGE_SECONDS });
    this.#output = new Output({ format, target: new FilePathTarget(path) });
    this.#output.addAudioTrack(this.#source);
    this.#writing = this.#output.start();
  }

  /**
   * Takes a frame; it reaches the file a little later.
   * @param sample its place, in samples of 48 kHz since the recording began
   */
  add(opus: Uint8Array, sample: number): void {
    const index = this.#held.findLastIndex((frame) => frame.sample <= sample) + 1;
    this.#held.splice(index, 0, { opus, sample });
    this.#newest = Math.max(this.#newest, sample);
    this.#release(this.#newest - REORDER_SAMPLES);
  }

  /** Nothing comes before this place any more: the silence up to it is written now, and not all at once later. */
  advance(sample: number): void {
    this.#fillUpTo(Math.min(sample, this.#held[0]?.sample ?? sample));
  }

  /** Writes what is held, then silence up to `endSample`, and finishes the file. @throws when the disk does */
  async finish(endSample: number): Promise<void> {
    this.#release(Number.POSITIVE_INFINITY);
    this.#fillUpTo(endSample);
    await this.#writing;
    await this.#output.finalize();
  }

  #release(upToSample: number): void {
    while (this.#held[0] && this.#held[0].sample <= upToSample) {
      const { opus, sample } = this.#held.shift()!;
      // Within half the shortest silence it is the same place: rounding, not lateness.
      if (sample < this.#written - 60) {
        this.late += 1;
      } else {
        this.#fillUpTo(sample);
        this.#write(opus, opusSamples(opus));
      }
    }
  }

  #fillUpTo(sample: number): void {
    for (const silence of SILENCES) {
      while (this.#written + silence.samples <= sample) this.#write(silence.packet, silence.samples);
    }
  }

  #write(data: Uint8Array, samples: number): void {
    const packet = new EncodedPacket(data, 'key', this.#written / SAMPLE_RATE, samples / SAMPLE_RATE);
    this.#written += samples;
    this.#writing = this.#writing.then(() => this.#source.add(packet, DECODER));
    // Reported by `finish`, which awaits the same promise.
    this.#writing.catch(() => {});
  }
}

const DECODER = {
  decoderConfig: {
    codec: 'opus',
    numberOfChannels: 2,
    sampleRate: SAMPLE_RATE,
    description: OPUS_HEAD,
  },
};
