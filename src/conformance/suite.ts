/** Every check there is, in the order of PROTOCOL.md. */
import type { Check } from './check.ts';
import { accountChecks } from './checks/accounts.ts';
import { audioChecks } from './checks/audio.ts';
import { closeCodeChecks } from './checks/close-codes.ts';
import { eventChecks } from './checks/events.ts';
import { factsChecks } from './checks/facts.ts';
import { helloChecks } from './checks/hello.ts';
import { limitChecks } from './checks/limits.ts';
import { nonceChecks } from './checks/nonces.ts';
import { payloadChecks } from './checks/payload.ts';
import { podcastObjectChecks } from './checks/podcast-object.ts';
import { programmeChecks } from './checks/programme.ts';
import { restChecks } from './checks/rest.ts';
import { retractChecks } from './checks/retract.ts';
import { resumeChecks } from './checks/resume.ts';
import { udpChecks } from './checks/udp.ts';

export const CHECKS: readonly Check[] = [
  ...accountChecks,
  ...podcastObjectChecks,
  ...restChecks,
  ...helloChecks,
  ...audioChecks,
  ...payloadChecks,
  ...nonceChecks,
  ...resumeChecks,
  ...eventChecks,
  ...udpChecks,
  ...programmeChecks,
  ...retractChecks,
  ...factsChecks,
  ...closeCodeChecks,
  ...limitChecks,
];
