/** A programme as AAC in fragments of MP4, for HLS: each page is one whole segment. */
import {
  AAC_DELAY_PACKETS,
  AAC_PACKET_SAMPLES,
  AAC_SILENCE,
  type AacCodec,
  type AacStream,
} from './aac-codec.ts';
import { initSegment, mediaSegment } from './aac-fragments.ts';
import type { EncodedPage, Encoder, MakeEncoder, ProgrammeFrame } from './encoder.ts';

/**
 * What the first segments last, in packets: 8 s of silence that come at once, for a player stalls unless its buffer has more than
 * the longest segment and the time that it takes to ask for it. There are players that begin with the last three segments,
 * however long these are: so none is short.
 */
const LEAD_SEGMENTS_PACKETS = [125, 125, 125];
/** … and all the others: just below 4 s. */
const SEGMENT_PACKETS = 187;
/** The last so many packets of that silence are truly encoded: every encoder is given silence first (running-encoding.ts). */
const ENCODED_LEAD_PACKETS = 46;
const FLOATS_PER_PACKET = 2 * AAC_PACKET_SAMPLES;
const QUIET = new Float32Array(FLOATS_PER_PACKET);

/** So much is given at once when a stream begins, all of it silence: it is of the time before. */
export const AAC_LEAD_SAMPLES =
  LEAD_SEGMENTS_PACKETS.reduce((sum, packets) => sum + packets) * AAC_PACKET_SAMPLES;

/** No segment lasts longer. */
export const SEGMENT_SECONDS_MAX = 4;

/** Makes encoders once the codec is loaded, which the first one wanted begins: few podcasts are heard by HLS. */
export function aacEncoders(load: () => Promise<AacCodec>): MakeEncoder {
  let codec: AacCodec | undefined;
  let fault: Error | undefined;
  let loading: Promise<void> | undefined;
  return (give) => {
    loading ??= load().then(
      (loaded) => void (codec = loaded),
      (error: unknown) => void (fault = new Error('The AAC encoder does not load.', { cause: error })),
    );
    if (fault) throw fault;
    return codec && new AacEncoder(give, codec);
  };
}

export class AacEncoder implements Encoder {
  readonly #codec: AacCodec;
  readonly #give: (page: EncodedPage) => void;
  #stream: AacStream;
  /** How many packets of the stream are still of the time before what is wanted of it. */
  #early = AAC_DELAY_PACKETS;
  /** Of the next packet, as far as it has come. */
  readonly #pcm = new Float32Array(FLOATS_PER_PACKET);
  #floats = 0;
  /** Of the next segment. */
  #packets: Uint8Array[] = [];
  #segments = 0;
  #startSamples = 0;

  constructor(give: (page: EncodedPage) => void, codec: AacCodec) {
    this.#codec = codec;
    this.#give = give;
    this.#stream = codec.open();
    give({ isHeader: true, samples: 0, bytes: initSegment(codec.config) });
    const silentPackets = AAC_LEAD_SAMPLES / AAC_PACKET_SAMPLES - ENCODED_LEAD_PACKETS;
    for (let packet = 0; packet < silentPackets; packet += 1) this.#add(AAC_SILENCE);
  }

  encode({ pcm }: ProgrammeFrame): void {
    for (const sample of pcm) {
      // What is not a number ends an encoder; a crafted Opus packet can be millions of times too loud.
      this.#pcm[this.#floats] = sample >= -1 && sample <= 1 ? sample : Math.sign(sample) || 0;
      this.#floats += 1;
      if (this.#floats === FLOATS_PER_PACKET) this.#encodePacket();
    }
  }

  /** The codec itself holds sound, too, so another stream of it goes on; what the old one had not given yet is silence. */
  retract(): void {
    this.#pcm.fill(0, 0, this.#floats);
    this.#packets.fill(AAC_SILENCE);
    this.#beginAnew();
  }

  close(): void {
    for (let packet = 0; packet <= AAC_DELAY_PACKETS; packet += 1) this.#encodePacket();
    if (this.#packets.length > 0) this.#giveSegment();
    this.#stream.free();
  }

  #encodePacket(): void {
    const packet = this.#stream.encode(this.#pcm);
    this.#pcm.fill(0);
    this.#floats = 0;
    if (this.#early > 0) this.#early -= 1;
    else if (packet) this.#add(packet);
    else {
      this.#add(AAC_SILENCE);
      this.#beginAnew();
    }
  }

  /** Another stream goes on, as if silence had been said before. */
  #beginAnew(): void {
    const next = this.#codec.open();
    this.#stream.free();
    this.#stream = next;
    for (let fed = this.#early; fed < AAC_DELAY_PACKETS; fed += 1) this.#stream.encode(QUIET);
  }

  #add(packet: Uint8Array): void {
    this.#packets.push(packet);
    if (this.#packets.length === (LEAD_SEGMENTS_PACKETS[this.#segments] ?? SEGMENT_PACKETS))
      this.#giveSegment();
  }

  #giveSegment(): void {
    this.#segments += 1;
    const samples = this.#packets.length * AAC_PACKET_SAMPLES;
    const bytes = mediaSegment(this.#segments, this.#startSamples, this.#packets);
    this.#startSamples += samples;
    this.#packets = [];
    this.#give({ isHeader: false, samples, bytes });
  }
}
