/** The MLS group as its delivery service knows it: still forming, or established with a tree of members. */
import type { ExternalSender } from './external-sender.ts';
import type { CommitWelcome, KeyPackage } from './mls-messages.ts';
import type { AddProposal, Proposal, RemoveProposal } from './proposals.ts';
import type { Roster } from './roster.ts';
import type { Transition } from './transition.ts';

export interface EstablishedGroup {
  readonly state: 'established';
  readonly epoch: bigint;
  readonly roster: Roster;
  /** The proposals that wait for a commit. */
  readonly batch: readonly Proposal[];
  /** The last commit, until it is executed. */
  readonly transition: Transition | undefined;
}

export type Group =
  | { readonly state: 'forming'; readonly proposed: readonly AddProposal[] }
  | EstablishedGroup;

/** Whether the members are exactly these users, and nothing is under way. */
export function isComplete(group: Group, present: ReadonlySet<string>): boolean {
  if (group.state === 'forming' || group.batch.length > 0 || group.transition) return false;
  const { members } = group.roster;
  return members.length === present.size && members.every((userId) => present.has(userId));
}

/** Who can commit what is proposed: the members that still follow the group and are not to be removed. */
export function committers(group: EstablishedGroup, isCurrent: (userId: string) => boolean): string[] {
  return group.roster.members.filter((userId) => isCurrent(userId) && !isBeingRemoved(group, userId));
}

/** What a commit of this user must take up: nobody adds themselves, and who is removed commits nothing. */
export function expectedFrom(userId: string, group: Group): readonly Proposal[] {
  if (group.state === 'forming') return group.proposed.filter((proposal) => proposal.userId !== userId);
  return group.roster.has(userId) && !isBeingRemoved(group, userId) ? group.batch : [];
}

/** Whether the commit ends the group's epoch, comes from its sender's own leaf and takes up exactly these proposals. */
export function takesUp(
  { commit, welcome }: CommitWelcome,
  { userId, proposals }: { readonly userId: string; readonly proposals: readonly Proposal[] },
  group: Group,
): boolean {
  const isForming = group.state === 'forming';
  return (
    proposals.length > 0 &&
    commit.epoch === (isForming ? 0n : group.epoch) &&
    (isForming || group.roster.at(commit.senderLeaf) === userId) &&
    commit.proposalRefs.length === proposals.length &&
    proposals.every((proposal) => commit.proposalRefs.some((ref) => ref.equals(proposal.ref))) &&
    (welcome !== undefined || proposals.every((proposal) => proposal.kind === 'remove'))
  );
}

/** Whether the user is in the batch that waits for a commit. */
export function isBeingAdded({ batch }: EstablishedGroup, userId: string): boolean {
  return batch.some((proposal) => proposal.kind === 'add' && proposal.userId === userId);
}

export function proposeAdd(
  sender: ExternalSender,
  epoch: bigint,
  userId: string,
  keyPackage: KeyPackage,
): AddProposal {
  return { kind: 'add', userId, keyPackage, ...sender.add(epoch, keyPackage) };
}

/** @throws Error for who is not a member */
export function proposeRemove(
  sender: ExternalSender,
  { roster, epoch }: EstablishedGroup,
  userId: string,
): RemoveProposal {
  const leaf = roster.leafOf(userId);
  if (leaf === undefined) throw new Error(`user ${userId} has no leaf to remove`);
  return { kind: 'remove', userId, leaf, ...sender.remove(epoch, leaf) };
}

function isBeingRemoved({ batch }: EstablishedGroup, userId: string): boolean {
  return batch.some((proposal) => proposal.kind === 'remove' && proposal.userId === userId);
}
