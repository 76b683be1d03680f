/** Makes hostile datagrams and messages out of a seed: random, mutated valid, truncated, oversized, out of state. */
import nacl from 'tweetnacl';
import type { Random } from '../../simulator/random.ts';

/** Valid examples of everything that a stranger may have seen on the wire. */
export interface Examples {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** A datagram `nonce ‖ sealed` that was sent already. */
  readonly sentBefore: Buffer;
}

const DATAGRAM_MAX_BYTES = 2000;

export class HostileInput {
  readonly #random: Random;
  readonly #examples: Examples;

  constructor(random: Random, examples: Examples) {
    this.#random = random;
    this.#examples = examples;
  }

  datagram(): Buffer {
    return this.#oneOf([
      () => this.#bytes(this.#random.below(DATAGRAM_MAX_BYTES)),
      () => this.#mutated(this.#discovery()),
      () => this.#discovery(),
      () => this.#mutated(this.#audio()),
      () => this.#truncated(this.#audio()),
      () => this.#truncated(this.#discovery()),
      () => Buffer.concat([this.#audio(), this.#bytes(this.#random.below(DATAGRAM_MAX_BYTES))]),
      () => this.#examples.sentBefore,
      () => Buffer.alloc(this.#random.below(100)),
    ]);
  }

  /** A binary WebSocket message in place of `1 ‖ nonce ‖ sealed`. */
  packet(): Buffer {
    const packet = Buffer.concat([Buffer.of(1), this.#audio()]);
    return this.#oneOf([
      () => this.#mutated(packet),
      () => this.#truncated(packet),
      () => Buffer.concat([packet, this.#bytes(3000)]),
      () => this.#bytes(this.#random.below(DATAGRAM_MAX_BYTES)),
      () => Buffer.concat([Buffer.of(0), Buffer.from(this.event())]),
      () => packet,
    ]);
  }

  /** A text message in place of `{"t": code, "data": {…}}`. */
  event(): string {
    const value = (): unknown =>
      this.#oneOf<unknown>([
        () => this.#random.below(100_000),
        () => -1,
        () => null,
        () => '',
        () => '127.0.0.1',
        () => '::ffff:127.0.0.1',
        () => '999.1.1.1',
        () => 'x'.repeat(this.#random.below(500)),
        () => [1, 2, 3],
        () => ({ ip: {} }),
        () => Number.MAX_SAFE_INTEGER,
        () => 'ab'.repeat(16),
      ]);
    const event = {
      t: this.#random.below(11),
      data: {
        ip: value(),
        port: value(),
        cookie: value(),
        client_id: value(),
        speakers: this.#oneOf([value, () => [value()], () => [{ ssrc: value(), name: value() }]]),
      },
    };
    const json = JSON.stringify(event);
    return this.#oneOf([
      () => json,
      () => json.slice(0, this.#random.below(json.length)),
      () => JSON.stringify({ t: value(), data: value() }),
      () => JSON.stringify(value()),
      () => '{'.repeat(this.#random.below(2000)),
      () => this.#bytes(this.#random.below(200)).toString('latin1'),
    ]);
  }

  /** What stands behind the host in a URL. */
  path(): string {
    const id = this.#oneOf<string>([
      () => String(this.#random.below(2 ** 31)),
      () => '-1',
      () => '0x10',
      () => '1e9',
      () => '99999999999999999999',
      () => encodeURIComponent(this.#bytes(20).toString('latin1')),
      () => '',
    ]);
    const path = this.#oneOf(
      ['/', '/ws', '/listen', '/podcast', '/podcast/listen-key', '/../etc', '//', '/list'].map(
        (text) => () => text,
      ),
    );
    const rest = this.#oneOf(
      ['', '&events=all', '&audio=websocket', '&stream=programme', '&resume=x', '&key=y', '&id=2'].map(
        (text) => () => text,
      ),
    );
    return `${path}?id=${id}${rest}`;
  }

  #discovery(): Buffer {
    const request = Buffer.alloc(74);
    request.writeUInt16BE(1, 0);
    request.writeUInt16BE(70, 2);
    request.writeUInt32BE(this.#random.below(2 ** 32), 4);
    return request;
  }

  #audio(): Buffer {
    const nonce = this.#bytes(24);
    if (this.#random.chance(0.5)) nonce.set([0x80, 0x78]);
    const opus = this.#bytes(1 + this.#random.below(300));
    return Buffer.concat([
      nonce,
      nacl.secretbox(opus, nonce, this.#random.chance(0.5) ? this.#examples.key : this.#bytes(32)),
    ]);
  }

  #mutated(bytes: Buffer): Buffer {
    const mutated = Buffer.from(bytes);
    for (let change = this.#random.below(4); change >= 0; change--) {
      mutated[this.#random.below(mutated.length)]! ^= 1 << this.#random.below(8);
    }
    return mutated;
  }

  #truncated(bytes: Buffer): Buffer {
    return bytes.subarray(0, this.#random.below(bytes.length));
  }

  #bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let index = 0; index < length; index++) bytes[index] = this.#random.below(256);
    return bytes;
  }

  #oneOf<Choice>(makers: readonly (() => Choice)[]): Choice {
    return makers[this.#random.below(makers.length)]!();
  }
}
