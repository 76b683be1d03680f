/** Has the programmes of podcasts encoded, once for each podcast and format, and only while somebody wants it. */
import type { CloseCode } from '../../protocol/close-codes.ts';
import type { Channel } from '../channel.ts';
import type { Asker } from '../programme/programmes.ts';
import type { EncodedPage, Format } from './encoder.ts';

/** Who gets the pages of one encoding. */
export interface EncodingSink {
  /** Headers, first of all; again, with another stream behind them, when the encoding had to be begun anew. */
  header(bytes: Uint8Array): void;
  /** @param page of a shared encoding: its bytes may be kept and are never changed */
  page(page: EncodedPage): void;
  /** Throws away what has not gone out yet. @returns how many pages, over all listeners */
  retract(): number;
  /** The podcast is over: no page comes any more. */
  end(close: CloseCode): void;
}

/** Who wants an encoding: nobody proves an account for it, so that it is the address that counts. */
export type EncodingAsker = Omit<Asker, 'hasAccount'>;

export interface Encodings {
  /**
   * Has a podcast encoded until the result is called. Silence comes while the podcast is not on air, in the pace of the clock.
   * One who comes when it already runs gets the headers at once.
   * @throws ContractError (4009) when this relay encodes as many as it can
   */
  want(channel: Channel, format: Format, asker: EncodingAsker, sink: EncodingSink): () => void;
}
