/** The one table of WebSocket close codes: code, documents and clients read it (protocol.md §5). */

export interface CloseCode {
  readonly code: number;
  readonly name: string;
  /** `no`: the same request fails again. `later`: after a pause. `yes`: with the usual backoff. `at-once`: right now. */
  readonly reconnect: 'no' | 'later' | 'yes' | 'at-once';
  /** What the peer is told when nothing more exact is known. */
  readonly sentence: string;
}

export const CLOSE = {
  missingAuth: {
    code: 4000,
    name: 'missing auth',
    reconnect: 'no',
    sentence: 'The authentication headers client_id and client_secret are missing.',
  },
  invalidAuth: {
    code: 4001,
    name: 'invalid auth',
    reconnect: 'no',
    sentence: 'The account is unknown or its secret is wrong.',
  },
  invalidPayload: {
    code: 4002,
    name: 'invalid payload',
    reconnect: 'no',
    sentence: 'The message is not of this contract.',
  },
  senderDisconnected: {
    code: 4003,
    name: 'sender disconnected',
    reconnect: 'no',
    sentence: 'The host left: the podcast is over.',
  },
  senderAlreadyConnected: {
    code: 4004,
    name: 'sender already connected',
    reconnect: 'later',
    sentence: 'This podcast has a sender already.',
  },
  senderTimeout: {
    code: 4005,
    name: 'sender timeout',
    reconnect: 'no',
    sentence: 'No sender connected in time.',
  },
  unknownPodcast: {
    code: 4006,
    name: 'unknown podcast',
    reconnect: 'no',
    sentence: 'There is no podcast of that id.',
  },
  unverifiedAddress: {
    code: 4007,
    name: 'unverified address',
    reconnect: 'yes',
    sentence: 'The UDP address could not be confirmed.',
  },
  tooSlow: {
    code: 4008,
    name: 'too slow',
    reconnect: 'yes',
    sentence: 'This listener cannot keep up with the live audio.',
  },
  capacity: {
    code: 4009,
    name: 'capacity',
    reconnect: 'later',
    sentence: 'A limit of this relay is reached.',
  },
  goingAway: {
    code: 4010,
    name: 'going away',
    reconnect: 'at-once',
    sentence: 'This relay is shutting down; reconnect.',
  },
} as const satisfies Record<string, CloseCode>;

const byCode = new Map<number, CloseCode>(Object.values(CLOSE).map((close) => [close.code, close]));

/** The table's row for a close code seen on a socket; undefined for codes of RFC 6455 §7.4.1 and of strangers. */
export function closeOf(code: number): CloseCode | undefined {
  return byCode.get(code);
}

/**
 * A peer broke a rule of the contract.
 * The message says the rule and the numbers; `close` is what its socket is closed with.
 */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly close: CloseCode;

  constructor(close: CloseCode, message: string = close.sentence) {
    super(message);
    this.close = close;
  }
}

/** @param what the peer sent instead of what the contract asks for: `an empty message` */
export function invalidPayload(what: string): ContractError {
  return new ContractError(CLOSE.invalidPayload, `This is ${what}.`);
}
