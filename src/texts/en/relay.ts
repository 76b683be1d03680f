/** What the relay says to people, in English, which is the language of its own sentences. */

interface RelayRefusal {
  /** A REST error of the contract, or `unreachable`. */
  readonly code: string;
  /** In English. */
  readonly message: string;
}

interface RelayEnding {
  /** A WebSocket close code. */
  readonly code: number;
  /** In English. */
  readonly reason: string;
}

export const relay = {
  refused: ({ code, message }: RelayRefusal) =>
    code === 'capacity' ? `${message} Try again when another podcast has ended.` : message,
  ended: ({ reason }: RelayEnding) => reason,
};
