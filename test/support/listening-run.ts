/** Runs a listener's ears through simulated time: packets come by a simulated network, and a sound card asks for 20 ms at a time. */
import type { LibopusCodec } from '../../src/audio/opus-codec.ts';
import type { DecodedPacket, ReceivedPacket } from '../../web/sound/decoded-packet.ts';
import { type MakeDecoder, SpeakerDecoders } from '../../web/sound/speaker-decoders.ts';
import { Listening, type PlayedQuality } from '../../web/sound/listening.ts';
import { joined } from './sounds.ts';
import { type Arrival, type Speech, type SpeechNetworkFaults, speechNetwork } from './speech-network.ts';

const FRAME_MS = 20;

/** What a packet sounds like; mono. */
export type SoundOf = (packet: ReceivedPacket) => Float32Array;

export class ListeningRun {
  readonly listening = new Listening();
  /** Of the left ear, 20 ms each: the sound card's time goes on in the pace of the network's. */
  readonly heard: Float32Array[] = [];
  readonly qualities: PlayedQuality[] = [];
  /** When the card stood still, as when the page sleeps: neither renders nor moves its clock. */
  stoodStillMs = 0;
  readonly #arrivals: Iterator<Arrival>;
  readonly #decoders: SpeakerDecoders;
  #next: Arrival | undefined;
  #nowMs = 0;
  /** On the card's clock. */
  #arrivalMs = 0;

  constructor(make: MakeDecoder, speakers: readonly Speech[], faults: SpeechNetworkFaults = {}) {
    this.#decoders = new SpeakerDecoders(make, (packet) => this.listening.receive(packet, this.#arrivalMs));
    this.#arrivals = speechNetwork(speakers, faults);
    this.#take();
  }

  /** @param keepsSound whether `heard` is to be filled */
  run(ms: number, keepsSound = true): this {
    for (const endMs = this.#nowMs + ms; this.#nowMs < endMs; this.#nowMs += FRAME_MS) {
      this.#receiveUntil(this.#nowMs);
      const frame = this.listening.render(this.#cardMs(this.#nowMs));
      if (keepsSound) this.heard.push(frame.filter((_, index) => index % 2 === 0));
      if (this.#nowMs % 1000 === 0) this.qualities.push(this.listening.takeQuality());
    }
    return this;
  }

  /** Packets come, and nothing asks for sound. */
  standStill(ms: number): this {
    const cardMs = this.#cardMs(this.#nowMs);
    this.#nowMs += ms;
    this.#receiveUntil(this.#nowMs, cardMs);
    this.stoodStillMs += ms;
    return this;
  }

  get sound(): Float32Array {
    return joined(this.heard);
  }

  #cardMs(networkMs: number): number {
    return networkMs - this.stoodStillMs;
  }

  #receiveUntil(networkMs: number, cardMs?: number): void {
    for (let next = this.#next; next && next.atMs <= networkMs; next = this.#next) {
      const { ssrc, atMs, frame } = next;
      this.#arrivalMs = cardMs ?? this.#cardMs(atMs);
      this.#decoders.decode({ ssrc, ...frame, arrivedMs: atMs }, atMs);
      this.#take();
    }
  }

  #take(): void {
    const { value, done } = this.#arrivals.next();
    this.#next = done ? undefined : value;
  }
}

/** Without WebCodecs, and at once. */
export function decodingBy(codec: LibopusCodec): MakeDecoder {
  return (onDecoded) => {
    const decoder = codec.takeDecoder(1);
    if (!decoder) throw new Error('no decoder is ready');
    return decodingWith(({ opus }) => decoder.decode(opus).slice())(onDecoded, () => undefined);
  };
}

export function decodingWith(soundOf: SoundOf): MakeDecoder {
  return (onDecoded) => ({
    queued: 0,
    decode(packet, isHeard) {
      const decoded: DecodedPacket = { ...packet, pcm: soundOf(packet) };
      if (isHeard) onDecoded(decoded);
    },
    close: () => undefined,
  });
}
