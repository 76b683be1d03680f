/** Encodings whose segments a test makes by hand, of the length that it wants, without the silence that stands before them. */
import type { CloseCode, ContractError } from '../../src/protocol/close-codes.ts';
import { AAC_PACKET_SAMPLES } from '../../src/relay/encoding/aac-codec.ts';
import { AAC_LEAD_SAMPLES } from '../../src/relay/encoding/aac-encoder.ts';
import { mediaSegment } from '../../src/relay/encoding/aac-fragments.ts';
import type { EncodedPage } from '../../src/relay/encoding/encoder.ts';
import type { Encodings, EncodingSink } from '../../src/relay/encoding/encodings.ts';
import type { Asker } from '../../src/relay/programme/programmes.ts';

const PACKET = Buffer.from('a packet');
/** What a run begins with. */
export const LEAD_PACKETS = AAC_LEAD_SAMPLES / AAC_PACKET_SAMPLES;

/** A segment of so many packets, 1024 samples each, that begins with that one. */
export function segmentOf(packets: number, firstPacket = LEAD_PACKETS): EncodedPage {
  const samples = packets * AAC_PACKET_SAMPLES;
  const bytes = mediaSegment(1, firstPacket * AAC_PACKET_SAMPLES, Array<Uint8Array>(packets).fill(PACKET));
  return { isHeader: false, samples, bytes };
}

export class HandEncodings implements Encodings {
  /** Who wants one now. */
  readonly sinks = new Map<EncodingSink, Asker>();
  /** How often one was wanted. */
  begun = 0;
  /** What whoever wants one is told from now on. */
  refusal: Error | undefined;
  #packets = LEAD_PACKETS;

  want(_channel: unknown, _format: unknown, asker: Asker, sink: EncodingSink): () => void {
    if (this.refusal) throw this.refusal;
    this.begun += 1;
    this.sinks.set(sink, asker);
    this.beginAnew();
    return () => this.sinks.delete(sink);
  }

  /** As when the podcast is over, or closed to those who listen. */
  end(close: CloseCode): void {
    const sinks = [...this.sinks.keys()];
    this.sinks.clear();
    for (const sink of sinks) sink.end(close);
  }

  /** As when there is no programme to be had, once the podcast is on air. */
  refuse(error: ContractError): void {
    for (const asker of this.sinks.values()) asker.refuse(error);
  }

  /** As when the encoder died. */
  beginAnew(): void {
    this.#packets = LEAD_PACKETS;
    for (const sink of this.sinks.keys()) sink.header(Buffer.from('a header'));
  }

  /** As when somebody goes off air. */
  retract(): void {
    for (const sink of this.sinks.keys()) sink.retract();
  }

  /** The next segment is there. */
  give(packets = 187): void {
    for (const sink of this.sinks.keys()) sink.page(segmentOf(packets, this.#packets));
    this.#packets += packets;
  }

  /** The next segment is never there. */
  lose(packets = 187): void {
    this.#packets += packets;
  }
}
