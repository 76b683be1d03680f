/** The programme's own Opus packets in pages of Ogg (RFC 7845): nothing is encoded anew. */
import { FRAME_SAMPLES } from '../../audio/frame.ts';
import { OPUS_HEAD, OggPageWriter, opusTags } from '../../audio/ogg-page.ts';
import { SILENCE } from '../../audio/opus-packet.ts';
import type { EncodedPage, Encoder, ProgrammeFrame } from './encoder.ts';

/** 100 ms. */
const PAGE_PACKETS = 5;

export class OggOpusEncoder implements Encoder {
  readonly #give: (page: EncodedPage) => void;
  readonly #writer: OggPageWriter;
  #packets: Uint8Array[] = [];
  #granule = 0;

  /** @param serial u32, of this stream alone */
  constructor(give: (page: EncodedPage) => void, title: string, serial: number) {
    this.#give = give;
    this.#writer = new OggPageWriter(serial);
    const head = this.#writer.write({ packets: [OPUS_HEAD], granule: 0, isFirst: true });
    const tags = this.#writer.write({ packets: [opusTags('Guildcast', [`TITLE=${title}`])], granule: 0 });
    give({ isHeader: true, samples: 0, bytes: Uint8Array.of(...head, ...tags) });
  }

  encode({ opus }: ProgrammeFrame): void {
    this.#packets.push(opus ?? SILENCE);
    if (this.#packets.length === PAGE_PACKETS) this.#givePage(false);
  }

  retract(): void {
    this.#packets.fill(SILENCE);
  }

  close(): void {
    this.#givePage(true);
  }

  #givePage(isLast: boolean): void {
    const packets = this.#packets;
    const samples = packets.length * FRAME_SAMPLES;
    this.#packets = [];
    this.#granule += samples;
    const bytes = this.#writer.write({ packets, granule: this.#granule, isLast });
    this.#give({ isHeader: false, samples, bytes });
  }
}
