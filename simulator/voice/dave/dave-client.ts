/** A call's member inside this process: one DAVE session (@snazzah/davey) that follows the voice server's signals. */
import { DAVESession } from '@snazzah/davey';
import { asList, asNumber, asObject, asText, type Json } from '../../json.ts';
import { VoiceOp } from '../opcodes.ts';
import type { VoiceSignal } from '../signal.ts';
import { tryRead } from './mls-codec.ts';

const protocolVersion = 1;
/** davey's MediaType.AUDIO and ProposalsOperationType.APPEND: const enums, which a stripped program cannot read. */
const audio = 0;
const append = 0;
const firstEpoch = 1;

/** How the client answers the voice server. */
export interface DaveReplies {
  keyPackage(payload: Buffer): void;
  commit(payload: Buffer): void;
  transitionReady(transitionId: number): void;
  invalid(): void;
}

/** A DAVE session with its enums as the numbers that they are. */
type Session = Omit<DAVESession, 'decrypt' | 'processProposals'> & {
  decrypt(userId: string, mediaType: number, packet: Buffer): Buffer;
  processProposals(
    operation: number,
    proposals: Buffer,
    recognizedUserIds: string[],
  ): { readonly commit?: Buffer; readonly welcome?: Buffer };
};

export class DaveClient {
  readonly #userId: string;
  readonly #channelId: string;
  readonly #replies: DaveReplies;
  readonly #session: Session;
  /** Who is in the call, as op 11 and 13 tell: only they may be added to the group. */
  readonly #others = new Set<string>();

  constructor(userId: string, channelId: string, replies: DaveReplies) {
    this.#userId = userId;
    this.#channelId = channelId;
    this.#replies = replies;
    this.#session = new DAVESession(protocolVersion, userId, channelId);
  }

  /** Whether frames can be sealed and opened. */
  get ready(): boolean {
    return this.#session.ready;
  }

  /** Applies for membership; the voice server answers with proposals once somebody else does too. */
  apply(): void {
    this.#replies.keyPackage(this.#session.getSerializedKeyPackage());
  }

  /** The frame sealed for the group, or as it is while there is no group. */
  seal(opus: Buffer): Buffer {
    return this.#session.ready ? this.#session.encryptOpus(opus) : opus;
  }

  /** The frame as its sender had it, or undefined if it cannot be opened. */
  open(senderId: string, payload: Buffer): Buffer | undefined {
    return tryRead(() => this.#session.decrypt(senderId, audio, payload));
  }

  receive(signal: VoiceSignal): void {
    if ('payload' in signal) this.#receiveMls(signal.op, signal.payload);
    else this.#receiveWord(signal.op, signal.data);
  }

  #receiveWord(op: number, data: Json): void {
    const word = asObject(data);
    if (op === VoiceOp.clientsConnect) {
      for (const id of asList(word['user_ids']).map(asText)) if (id !== undefined) this.#others.add(id);
    } else if (op === VoiceOp.clientDisconnect) {
      this.#others.delete(asText(word['user_id']) ?? '');
    } else if (op === VoiceOp.davePrepareEpoch && asNumber(word['epoch']) === firstEpoch) {
      this.#startOver();
    }
  }

  #receiveMls(op: number, payload: Buffer): void {
    if (op === VoiceOp.mlsExternalSender) this.#session.setExternalSender(payload);
    else if (op === VoiceOp.mlsProposals) this.#commit(payload);
    else if (op === VoiceOp.mlsAnnounceCommit)
      this.#follow(payload, (message) => this.#session.processCommit(message));
    else if (op === VoiceOp.mlsWelcome)
      this.#follow(payload, (message) => this.#session.processWelcome(message));
  }

  #commit(proposals: Buffer): void {
    // Proposals that were under way when this client started over are for an epoch that it has left behind.
    const answer = tryRead(() =>
      this.#session.processProposals(append, proposals.subarray(1), [...this.#others, this.#userId]),
    );
    if (!answer?.commit) return;
    const { commit, welcome } = answer;
    this.#replies.commit(welcome ? Buffer.concat([commit, welcome]) : commit);
  }

  #follow(payload: Buffer, process: (message: Buffer) => void): void {
    try {
      process(payload.subarray(2));
    } catch {
      this.#replies.invalid();
      this.#startOver();
      return;
    }
    this.#replies.transitionReady(payload.readUInt16BE(0));
  }

  #startOver(): void {
    this.#session.reinit(protocolVersion, this.#userId, this.#channelId);
    this.apply();
  }
}
