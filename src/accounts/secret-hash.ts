/** Hashes account secrets with scrypt, a few at a time, and compares them in constant time (RFC 7914). */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AccountsBusyError } from './account-store.ts';

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** The work of one hash: `128 × cost × blockSize` bytes of memory, `parallelization` times over. */
export interface ScryptCost {
  /** N, a power of two. */
  readonly cost: number;
  /** r */
  readonly blockSize: number;
  /** p */
  readonly parallelization: number;
}

/** 16 MiB and some 40 ms. The secrets are 256 random bits: this only has to make a stolen file worthless. */
const SCRYPT_COST: ScryptCost = { cost: 16_384, blockSize: 8, parallelization: 1 };

/** A salted hash with the cost it was made at, so that the cost can be raised later and old hashes still verify. */
export interface SecretHash extends ScryptCost {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** Each computation holds 16 MiB and one of the four threads that file and DNS calls need as well. */
const COMPUTATIONS_AT_ONCE = 2;
/** About two seconds of work; whoever waits longer has given up. */
const COMPUTATIONS_WAITING = 64;

export class SecretHasher {
  readonly #cost: ScryptCost;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(cost: ScryptCost = SCRYPT_COST) {
    this.#cost = cost;
  }

  async hash(secret: string): Promise<SecretHash> {
    const salt = randomBytes(SALT_BYTES);
    return { ...this.#cost, salt, hash: await this.#derive(secret, salt, this.#cost) };
  }

  /**
   * Whether this is the secret. Without a stored hash it computes one all the same, which matches nothing.
   * @throws AccountsBusyError when too many computations wait already
   */
  async matches(secret: string, stored: SecretHash | undefined): Promise<boolean> {
    const expected = stored ?? {
      ...this.#cost,
      salt: Buffer.alloc(SALT_BYTES),
      hash: Buffer.alloc(HASH_BYTES),
    };
    const computed = await this.#derive(secret, expected.salt, expected);
    return timingSafeEqual(computed, expected.hash);
  }

  async #derive(
    secret: string,
    salt: Uint8Array,
    { cost, blockSize, parallelization }: ScryptCost,
  ): Promise<Buffer> {
    await this.#turn();
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        scrypt(secret, salt, HASH_BYTES, { cost, blockSize, parallelization }, (error, key) => {
          if (error) reject(error);
          else resolve(key);
        });
      });
    } finally {
      // A turn is handed on as it is, so that nobody who comes now can slip in before those who wait.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < COMPUTATIONS_AT_ONCE) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= COMPUTATIONS_WAITING) {
      throw new AccountsBusyError(`${COMPUTATIONS_WAITING} verifications wait already: that is the most.`);
    }
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
