/** The endpoints that one podcast is sent to, each once: however many clients name it, nobody is sent a multiple. */
import type { Audience, Destination } from '../udp/datagram-sender.ts';
import type { Endpoint } from './udp-session.ts';

interface Use {
  readonly destination: Destination;
  clients: number;
}

export class Destinations {
  readonly #audience: Audience;
  readonly #uses = new Map<string, Use>();

  constructor(audience: Audience) {
    this.#audience = audience;
  }

  get size(): number {
    return this.#audience.size;
  }

  /** @returns what takes the endpoint out again, unless another client uses it still; may be called again */
  add({ address, port }: Endpoint): () => void {
    const name = `${address} ${port}`;
    const use = this.#uses.get(name) ?? { destination: this.#audience.add(address, port), clients: 0 };
    use.clients += 1;
    this.#uses.set(name, use);
    let isAdded = true;
    return () => {
      if (!isAdded) return;
      isAdded = false;
      use.clients -= 1;
      if (use.clients > 0) return;
      this.#audience.remove(use.destination);
      this.#uses.delete(name);
    };
  }

  publish(datagram: Uint8Array): void {
    this.#audience.publish(datagram);
  }

  /** Throws away what has not been sent. @returns how many datagrams that were */
  retract(): number {
    return this.#audience.retract();
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#audience.close();
  }
}
