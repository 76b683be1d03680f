/** A Retract on its way to listeners, written once for all of them in the words of each lane (protocol.md §3, §4). */
import { writeEvent } from '../protocol/events.ts';
import { writeJsonEvent } from '../protocol/json-events.ts';
import { writeEventPacket } from '../protocol/packet.ts';

export class Retraction {
  readonly #ssrc: number;
  #packet: Uint8Array | undefined;
  #json: string | undefined;

  /** @param ssrc u32, as the listeners know it */
  constructor(ssrc: number) {
    this.#ssrc = ssrc;
  }

  /** `0 ‖ JSON`, of section 3. */
  get packet(): Uint8Array {
    return (this.#packet ??= writeEventPacket(writeEvent({ type: 'retract', ssrc: this.#ssrc })));
  }

  /** JSON text, of section 4. */
  get json(): string {
    return (this.#json ??= writeJsonEvent({ type: 'retract', ssrc: this.#ssrc }));
  }
}
