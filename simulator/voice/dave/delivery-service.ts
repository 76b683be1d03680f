/**
 * Keeps the members of one call in one MLS group: collects key packages, proposes, and spreads the commit that wins.
 *
 * One batch of proposals is in flight at a time, and one transition. Proposals are never revoked: who leaves while being
 * added is added first and removed by the next batch.
 */
import { VoiceOp } from '../opcodes.ts';
import type { VoiceSignal } from '../signal.ts';
import { ExternalSender } from './external-sender.ts';
import {
  committers,
  expectedFrom,
  isBeingAdded,
  isComplete,
  proposeAdd,
  proposeRemove,
  takesUp,
  type EstablishedGroup,
  type Group,
} from './group.ts';
import { readSoundKeyPackage } from './key-package.ts';
import { tryRead, uint64 } from './mls-codec.ts';
import { readCommitWelcome, type CommitWelcome, type KeyPackage } from './mls-messages.ts';
import {
  announceCommit,
  executeTransition,
  prepareFirstEpoch,
  prepareImmediateTransition,
  spreadProposals,
  welcomeMember,
  type AddProposal,
  type Proposal,
} from './proposals.ts';
import { Roster } from './roster.ts';
import { Transition } from './transition.ts';

/** How long members may take to get ready for a transition before it is executed without them. */
const transitionTimeoutMs = 2000;
const highestTransitionId = 0xffff;

/** What the delivery service needs from the call around it. */
export interface DeliveryPort {
  /** Hands a signal to a member, in order. */
  send(userId: string, signal: VoiceSignal): void;
  /** Runs the action later; the result cancels it. */
  after(delayMs: number, action: () => void): () => void;
  /** Called whenever the group may have become settled. */
  changed(): void;
}

export class DeliveryService {
  readonly #groupId: Buffer;
  /** The server's own identity, which signs every proposal. */
  readonly sender: ExternalSender;
  readonly #port: DeliveryPort;
  #group: Group = { state: 'forming', proposed: [] };
  /** Who is in the call. */
  readonly #present = new Set<string>();
  /** Key packages of those who are still to be added. */
  readonly #packages = new Map<string, KeyPackage>();
  /** Members whose client has started over: their leaf is dead and must go before they are added again. */
  readonly #stale = new Set<string>();
  #lastTransitionId = 0;
  #cancelAdvance: (() => void) | undefined;
  /** How many key packages and commits were refused (late commits are ordinary; the rest are a client's fault). */
  refused = 0;

  /** @param channelId the call's channel: its snowflake is the group's id */
  constructor(channelId: string, port: DeliveryPort) {
    this.#groupId = uint64(BigInt(channelId));
    this.sender = new ExternalSender(this.#groupId);
    this.#port = port;
  }

  /** Op 25, which every newcomer must be sent once. */
  get externalSender(): VoiceSignal {
    return { op: VoiceOp.mlsExternalSender, payload: this.sender.package };
  }

  /** The group's epoch; 0 until it is established. */
  get epoch(): bigint {
    return this.#group.state === 'established' ? this.#group.epoch : 0n;
  }

  /** Whether everybody in the call is a member, nobody else is, and nothing is under way. Alone one is always settled. */
  get settled(): boolean {
    if (this.#present.size < 2) return true;
    return this.#stale.size === 0 && this.#packages.size === 0 && isComplete(this.#group, this.#present);
  }

  join(userId: string): void {
    this.#present.add(userId);
    this.#startOver(userId);
  }

  leave(userId: string): void {
    this.#present.delete(userId);
    this.#stale.delete(userId);
    this.#packages.delete(userId);
    const group = this.#group;
    if (group.state === 'forming') {
      if (group.proposed.some((proposal) => proposal.userId === userId)) this.#restart();
      return;
    }
    this.#ready(userId, group);
    this.#advanceSoon();
  }

  /** Op 26. */
  keyPackage(userId: string, payload: Buffer): void {
    const keyPackage = tryRead(() => readSoundKeyPackage(payload, uint64(BigInt(userId))));
    if (!keyPackage) {
      this.refused += 1;
      return;
    }
    this.#startOver(userId);
    this.#packages.set(userId, keyPackage);
    this.#advanceSoon();
  }

  /** Op 28. The first commit that covers everything proposed wins. */
  commit(userId: string, payload: Buffer): void {
    const message = tryRead(() => readCommitWelcome(payload));
    const group = this.#group;
    const expected = this.#mayCommit(userId, group) ? expectedFrom(userId, group) : [];
    if (
      !message ||
      !message.commit.groupId.equals(this.#groupId) ||
      !takesUp(message, { userId, proposals: expected }, group)
    ) {
      this.refused += 1;
      return;
    }
    this.#accept(userId, group, expected, message);
  }

  /** Op 23. */
  transitionReady(userId: string, transitionId: number): void {
    const group = this.#group;
    if (group.state === 'established' && group.transition?.id === transitionId) this.#ready(userId, group);
  }

  /** Op 31: the client could not follow and starts over; its new key package comes next. */
  invalid(userId: string): void {
    if (this.#group.state !== 'established') return;
    this.#startOver(userId);
    this.#ready(userId, this.#group);
    this.#advanceSoon();
  }

  /** Forgets everything and stops every timer. */
  close(): void {
    this.#cancelAdvance?.();
    if (this.#group.state === 'established') this.#group.transition?.cancelTimeout();
    this.#group = { state: 'forming', proposed: [] };
    this.#present.clear();
    this.#packages.clear();
  }

  /** A client with a fresh MLS session can use neither its old leaf nor an Add of its old key package. */
  #startOver(userId: string): void {
    const group = this.#group;
    this.#packages.delete(userId);
    if (group.state === 'forming') {
      if (group.proposed.some((proposal) => proposal.userId === userId)) this.#restart(userId);
      return;
    }
    if (group.roster.has(userId) || isBeingAdded(group, userId)) this.#stale.add(userId);
  }

  /** Gives up a group that is still forming: everybody in it, but for the one who has just started over, does so too. */
  #restart(exceptId?: string): void {
    const waiting = [...this.#packages.keys()].filter((userId) => userId !== exceptId);
    this.#packages.clear();
    this.#group = { state: 'forming', proposed: [] };
    for (const userId of waiting) this.#port.send(userId, prepareFirstEpoch);
  }

  #advanceSoon(): void {
    // Everything that happens in one turn of the event loop goes into one batch.
    this.#cancelAdvance ??= this.#port.after(0, () => {
      this.#cancelAdvance = undefined;
      this.#advance();
      this.#port.changed();
    });
  }

  #advance(): void {
    if (this.#group.state === 'established' && this.#committers(this.#group).length === 0) {
      this.#group.transition?.cancelTimeout();
      this.#stale.clear();
      this.#group = { state: 'forming', proposed: [] };
    }
    if (this.#group.state === 'forming') this.#proposeFirst(this.#group.proposed);
    else if (this.#group.batch.length === 0 && !this.#group.transition) this.#proposeNext(this.#group);
  }

  /** No group yet: everybody is told of everybody else, and whoever commits first founds the group. */
  #proposeFirst(proposed: readonly AddProposal[]): void {
    if (this.#packages.size < 2) return;
    const known = new Set(proposed.map((proposal) => proposal.userId));
    const fresh = [...this.#packages]
      .filter(([userId]) => !known.has(userId))
      .map(([userId, keyPackage]) => proposeAdd(this.sender, 0n, userId, keyPackage));
    const all = [...proposed, ...fresh];
    this.#group = { state: 'forming', proposed: all };
    for (const userId of this.#packages.keys()) {
      const news = (known.has(userId) ? fresh : all).filter((proposal) => proposal.userId !== userId);
      if (news.length > 0) this.#port.send(userId, spreadProposals(news));
    }
  }

  #proposeNext(group: EstablishedGroup): void {
    if (this.#present.size === 1 && this.#packages.size === 0) {
      this.#resetSoleMember();
      return;
    }
    const gone = group.roster.members.filter((userId) => !this.#isCurrent(userId));
    const removes = gone.map((userId) => proposeRemove(this.sender, group, userId));
    const adds = [...this.#packages].map(([userId, keyPackage]) =>
      proposeAdd(this.sender, group.epoch, userId, keyPackage),
    );
    this.#stale.clear();
    const batch = [...removes, ...adds];
    if (batch.length === 0) return;
    this.#group = { ...group, batch };
    for (const userId of this.#committers(this.#group)) this.#port.send(userId, spreadProposals(batch));
  }

  /** Who is left alone keeps no group: it prepares for a first epoch with whoever comes next. */
  #resetSoleMember(): void {
    this.#stale.clear();
    this.#group = { state: 'forming', proposed: [] };
    for (const userId of this.#present) {
      this.#port.send(userId, prepareFirstEpoch);
      this.#port.send(userId, prepareImmediateTransition);
    }
  }

  #accept(
    committerId: string,
    group: Group,
    proposals: readonly Proposal[],
    { commit, welcome }: CommitWelcome,
  ): void {
    const roster = group.state === 'established' ? group.roster : new Roster(committerId);
    const adds = proposals.filter((proposal) => proposal.kind === 'add');
    for (const proposal of proposals) if (proposal.kind === 'remove') roster.remove(proposal.leaf);
    const stayed = roster.members.filter((userId) => this.#isCurrent(userId));
    for (const { userId } of adds) roster.add(userId);
    if (group.state === 'forming') this.#packages.delete(committerId);
    const welcomed = adds.filter(({ userId, keyPackage }) => this.#packages.get(userId) === keyPackage);
    for (const { userId } of welcomed) this.#packages.delete(userId);

    const recipients = [...stayed, ...welcomed.map((proposal) => proposal.userId)];
    const transition = this.#openTransition(recipients);
    this.#group = { state: 'established', epoch: commit.epoch + 1n, roster, batch: [], transition };
    for (const userId of stayed) this.#port.send(userId, announceCommit(transition.id, commit));
    if (!welcome) return;
    for (const { userId, keyPackage } of welcomed) {
      this.#port.send(userId, welcomeMember(transition.id, welcome, keyPackage));
    }
  }

  #openTransition(recipients: readonly string[]): Transition {
    this.#lastTransitionId = (this.#lastTransitionId % highestTransitionId) + 1;
    const id = this.#lastTransitionId;
    const cancelTimeout = this.#port.after(transitionTimeoutMs, () => this.#execute(id));
    return new Transition(id, recipients, cancelTimeout);
  }

  #ready(userId: string, { transition }: EstablishedGroup): void {
    if (transition?.isReadyWith(userId)) this.#execute(transition.id);
  }

  #execute(transitionId: number): void {
    const group = this.#group;
    if (group.state !== 'established' || group.transition?.id !== transitionId) return;
    group.transition.cancelTimeout();
    this.#group = { ...group, transition: undefined };
    for (const userId of group.transition.recipients) {
      if (this.#present.has(userId)) this.#port.send(userId, executeTransition(transitionId));
    }
    this.#advanceSoon();
  }

  #committers(group: EstablishedGroup): string[] {
    return committers(group, (userId) => this.#isCurrent(userId));
  }

  #mayCommit(userId: string, group: Group): boolean {
    return group.state === 'forming' ? this.#packages.has(userId) : this.#isCurrent(userId);
  }

  #isCurrent(userId: string): boolean {
    return this.#present.has(userId) && !this.#stale.has(userId);
  }
}
