/** A WebSocket of the relay: says why before it closes, in the words of its lane. */
import { WebSocket } from 'ws';
import { AccountsBusyError } from '../accounts/account-store.ts';
import { CLOSE, type CloseCode, ContractError } from '../protocol/close-codes.ts';
import { SPEAKER_NAME_MAX_CHARACTERS, SPEAKERS_MAX } from '../protocol/limits.ts';
import { AUDIO_PACKET_MAX_BYTES } from '../protocol/packet.ts';
import type { Retraction } from './retraction.ts';

/**
 * All that anybody may say, but for a long list of speakers; larger than any packet, so that one slightly too long is answered
 * with its length. What is longer would cost too much to read freely: before that, it is refused, or counted as a list.
 */
export const ORDINARY_MESSAGE_MAX_BYTES = 4096;

/** `{"ssrc": 4294967295, "name": ""}, `, as JSON with spaces is written. */
const SPEAKER_MAX_BYTES = 34;
/** `\u6728`, as JSON without other characters than those of ASCII is written. */
const CHARACTER_MAX_BYTES = 6;
/** What a list of speakers stands in. */
const ENVELOPE_MAX_BYTES = 64;

/** The longest list of speakers, however it is written. */
export const MESSAGE_MAX_BYTES =
  ENVELOPE_MAX_BYTES + SPEAKERS_MAX * (SPEAKER_MAX_BYTES + SPEAKER_NAME_MAX_CHARACTERS * CHARACTER_MAX_BYTES);

/** RFC 6455 §5.5: a control frame carries 125 bytes, two of them the code. */
const REASON_MAX_BYTES = 123;
/** RFC 6455 §7.4.1: what ws closes with when a message is above its maxPayload. */
const MESSAGE_TOO_BIG = 1009;

export class PeerSocket extends WebSocket {
  /** u32, 1 … 2³¹−1, of this connection alone while it lasts. */
  clientId = 0;
  /** Where it comes from, behind whatever proxies are trusted. */
  address = '';
  /** Told of every close that the relay decides on. */
  onDismissal: ((close: CloseCode, sentence: string) => void) | undefined;
  /** Told when the closing begins, whoever began it: no audio may follow a close frame. */
  onClosing: (() => void) | undefined;
  /** Sends what the peer's lane says before a close frame. */
  sayFarewell: ((close: CloseCode, sentence: string) => void) | undefined;
  /** Tells a listener that asked for all events what was taken back. */
  sayRetracted: ((retraction: Retraction) => void) | undefined;
  /** Pings that this peer has left unanswered. */
  missedPings = 0;
  #isDismissed = false;

  /** Farewell, then close frame; only the first call counts. */
  dismiss(close: CloseCode, sentence: string = close.sentence): void {
    if (this.#isDismissed || this.readyState !== WebSocket.OPEN) return;
    this.#isDismissed = true;
    this.onDismissal?.(close, sentence);
    this.onClosing?.();
    this.sayFarewell?.(close, sentence);
    super.close(close.code, fitted(sentence));
  }

  /** Dismisses the peer for what it did; false for an error that is the relay's own. */
  dismissFor(error: unknown): boolean {
    if (error instanceof ContractError) this.dismiss(error.close, error.message);
    else if (error instanceof AccountsBusyError) this.dismiss(CLOSE.capacity, error.message);
    else return false;
    return true;
  }

  /** What ws itself calls: to answer a close frame, and for a message too big, for which the contract has a code. */
  override close(code?: number, reason?: string | Buffer): void {
    if (code === MESSAGE_TOO_BIG && reason === undefined) {
      const sizes = `${MESSAGE_MAX_BYTES} bytes: ${AUDIO_PACKET_MAX_BYTES} is the most`;
      return this.dismiss(CLOSE.invalidPayload, `This is a message of more than ${sizes}.`);
    }
    this.onClosing?.();
    super.close(code, reason);
  }
}

/** As much of a sentence as a close frame holds, cut between characters. */
function fitted(sentence: string): Buffer {
  const bytes = Buffer.alloc(REASON_MAX_BYTES);
  const { written } = new TextEncoder().encodeInto(sentence, bytes);
  return bytes.subarray(0, written);
}
