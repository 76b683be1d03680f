/** The voice gateway's words (version 8): opcodes, close codes and encryption modes. */

export const VoiceOp = {
  identify: 0,
  selectProtocol: 1,
  ready: 2,
  heartbeat: 3,
  sessionDescription: 4,
  speaking: 5,
  heartbeatAck: 6,
  resume: 7,
  hello: 8,
  resumed: 9,
  clientsConnect: 11,
  clientDisconnect: 13,
  davePrepareTransition: 21,
  daveExecuteTransition: 22,
  daveTransitionReady: 23,
  davePrepareEpoch: 24,
  mlsExternalSender: 25,
  mlsKeyPackage: 26,
  mlsProposals: 27,
  mlsCommitWelcome: 28,
  mlsAnnounceCommit: 29,
  mlsWelcome: 30,
  mlsInvalidCommitWelcome: 31,
} as const;

/** Why the voice gateway closes a connection. */
export const voiceCloseReasons: Readonly<Record<number, string>> = {
  4001: 'Unknown opcode.',
  4003: 'Not authenticated.',
  4004: 'Authentication failed.',
  4006: 'Session is no longer valid.',
  4011: 'Server not found.',
  4014: 'Disconnected.',
  4015: 'Voice server crashed.',
  4016: 'Unknown encryption mode.',
  4017: 'E2EE/DAVE protocol required.',
  4021: 'Disconnected: rate limited.',
  4022: 'Disconnected: call terminated.',
};

/** Whether a client may come back with op 7 after this close code. */
export function mayResume(closeCode: number): boolean {
  return closeCode === 4015 || (closeCode < 4000 && closeCode !== 1000);
}
