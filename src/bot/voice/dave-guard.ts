/**
 * Keeps a bad end-to-end encryption message from ending the process.
 *
 * @discordjs/voice 0.19 lets some faults of its DAVE session fly out of the WebSocket's own message event: an uncaught
 * exception, and a socket that never reads again. A message that cannot be used is passed over here and counted; if the
 * group really went on without us, the next commit fails in a place the library does guard, and it asks to be added anew.
 */
import type { DAVESession } from '@discordjs/voice';

const guarded = new WeakSet<DAVESession>();

/** @param onFault which step failed and why; once for each message that was passed over */
export function guardDave(dave: DAVESession, onFault: (step: string, error: unknown) => void): void {
  if (guarded.has(dave)) return;
  guarded.add(dave);
  const setExternalSender = dave.setExternalSender.bind(dave);
  dave.setExternalSender = (externalSender) => {
    attempt('external sender', () => setExternalSender(externalSender), undefined);
  };
  const processProposals = dave.processProposals.bind(dave);
  dave.processProposals = (payload, clients) =>
    attempt('proposals', () => processProposals(payload, clients), undefined);
  const processCommit = dave.processCommit.bind(dave);
  dave.processCommit = (payload) => attempt('commit', () => processCommit(payload), FAILED);
  const processWelcome = dave.processWelcome.bind(dave);
  dave.processWelcome = (payload) => attempt('welcome', () => processWelcome(payload), FAILED);
  const prepareEpoch = dave.prepareEpoch.bind(dave);
  dave.prepareEpoch = (data) => attempt('epoch', () => prepareEpoch(data), undefined);

  function attempt<Result>(step: string, act: () => Result, otherwise: Result): Result {
    try {
      return act();
    } catch (error) {
      onFault(step, error);
      return otherwise;
    }
  }
}

const FAILED = { success: false, transitionId: 0 };
