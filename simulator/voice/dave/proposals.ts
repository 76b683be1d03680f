/** What the delivery service tells members: proposals, the commit that took them up, welcomes and transitions. */
import { VoiceOp } from '../opcodes.ts';
import type { VoiceSignal } from '../signal.ts';
import type { SignedProposal } from './external-sender.ts';
import { uint16, vector } from './mls-codec.ts';
import { welcomeFor, type Commit, type KeyPackage, type Welcome } from './mls-messages.ts';

export type AddProposal = SignedProposal & {
  readonly kind: 'add';
  readonly userId: string;
  readonly keyPackage: KeyPackage;
};

export type RemoveProposal = SignedProposal & {
  readonly kind: 'remove';
  readonly userId: string;
  readonly leaf: number;
};

export type Proposal = AddProposal | RemoveProposal;

const append = 0;

/** Op 24: start over and send a new key package. */
export const prepareFirstEpoch: VoiceSignal = {
  op: VoiceOp.davePrepareEpoch,
  data: { protocol_version: 1, epoch: 1 },
};

/** Op 21 with transition 0, which needs neither op 23 nor op 22. */
export const prepareImmediateTransition: VoiceSignal = {
  op: VoiceOp.davePrepareTransition,
  data: { protocol_version: 1, transition_id: 0 },
};

/** Op 27. */
export function spreadProposals(proposals: readonly SignedProposal[]): VoiceSignal {
  const messages = vector(...proposals.map((proposal) => proposal.message));
  return { op: VoiceOp.mlsProposals, payload: Buffer.concat([Buffer.of(append), messages]) };
}

/** Op 29. */
export function announceCommit(transitionId: number, commit: Commit): VoiceSignal {
  return { op: VoiceOp.mlsAnnounceCommit, payload: Buffer.concat([uint16(transitionId), commit.bytes]) };
}

/** Op 30, with the part of the welcome that this member can open. */
export function welcomeMember(transitionId: number, welcome: Welcome, keyPackage: KeyPackage): VoiceSignal {
  return {
    op: VoiceOp.mlsWelcome,
    payload: Buffer.concat([uint16(transitionId), welcomeFor(welcome, keyPackage)]),
  };
}

/** Op 22. */
export function executeTransition(transitionId: number): VoiceSignal {
  return { op: VoiceOp.daveExecuteTransition, data: { transition_id: transitionId } };
}
