/** Starts a relay: its REST calls and lanes on one port around one hub. */
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Limits } from '../protocol/limits.ts';
import { Admission } from './admission.ts';
import { type AccountVerifier, Authenticator } from './authentication.ts';
import { type TrustProxy, clientAddressBehind } from './client-address.ts';
import { type Clock, systemClock } from './clock.ts';
import { Counters } from './counters.ts';
import { Hub } from './hub.ts';
import { ListenerGroups } from './listener-groups.ts';
import { LoginDelay } from './login-delay.ts';
import { NoiseLog } from './noise-log.ts';
import { PeerServer } from './peer-server.ts';
import { RestAccess } from './rest-access.ts';
import { addPodcastCalls, addServiceCalls } from './rest-api.ts';
import { RestFaults } from './rest-fault.ts';
import { makeRestServer } from './rest-server.ts';
import { readUpgradeRequest } from './upgrade-request.ts';
import { WebSocketLane } from './websocket-lane.ts';

/** How late a podcast's deadline may be noticed. */
const SWEEP_MS = 250;
/** How long peers have to answer when the relay stops. */
const CLOSE_GRACE_MS = 500;

export interface RelayOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** http(s) URL under which clients reach this relay, when a proxy stands before it. */
  readonly publicUrl?: string | undefined;
  /** Address in podcast objects; else the one at which the request arrived. */
  readonly publicIp?: string | undefined;
  /** Whose X-Forwarded-For counts. */
  readonly trustProxy: TrustProxy;
  /** A podcast whose first sender has not come by then ends with 4005. */
  readonly senderTimeoutSeconds: number;
  /** A host whose connection dropped may come back for so long. */
  readonly resumeSeconds: number;
  readonly limits: Limits;
  readonly accounts: AccountVerifier;
  readonly log: Logger;
  /** False makes /ready fail; the rest works all the same. */
  readonly isReady?: () => boolean;
  readonly clock?: Clock;
}

export interface Relay {
  readonly port: number;
  /** For clients on this machine: `http://127.0.0.1:port`, or the address that the relay is bound to. */
  readonly url: string;
  readonly counters: Pick<Counters, 'snapshot'>;
  /** Tells every peer that this relay goes away (4010); done within a second, whatever the peers do. */
  close(): Promise<void>;
}

/** @throws Error that names the setting when the address cannot be had or a setting makes no sense */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { limits, accounts, log, isReady = () => true, clock = systemClock } = options;
  const publicUrl = options.publicUrl === undefined ? undefined : readPublicUrl(options.publicUrl);
  const counters = new Counters();
  const clientAddress = clientAddressBehind(options.trustProxy);
  const faults = new RestFaults(counters, log);
  const hub = new Hub({ ...options, clock, counters });
  const authenticator = new Authenticator(accounts, new LoginDelay(limits.FAILED_LOGINS_PER_ADDRESS, clock));
  const admission = new Admission({ hub, authenticator, limits, clock });
  const groups = new ListenerGroups({ hub, limits, clock, counters });
  const lane = new WebSocketLane({ hub, admission, groups });
  const peers = new PeerServer({
    limits,
    clock,
    counters,
    noise: new NoiseLog(log, clock),
    log,
    clientAddress,
    refuseUpgrade: (socket) => faults.answerRaw(socket, 'invalid_request'),
  });
  const server = await makeRestServer({ limits, faults, clientAddress });
  let closing: Promise<void> | undefined;
  const isDraining = (): boolean => closing !== undefined;
  const { publicIp } = options;
  const access = new RestAccess({ hub, authenticator, clientAddress });
  addPodcastCalls(server, { hub, access, isDraining, publicUrl, publicIp });
  addServiceCalls(server, { clientAddress, isReady, isDraining });

  server.server.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    const request = readUpgradeRequest(message);
    if (isDraining()) faults.answerRaw(socket, 'going_away');
    else if (!request) faults.answerRaw(socket, 'unknown_path');
    else if (peers.isGuessing(message)) faults.answerRaw(socket, 'rate_limited');
    else peers.upgrade(request, message, head, lane.letIn);
  });

  try {
    await listen(server, options);
  } catch (error) {
    await peers.close(0);
    throw error;
  }
  const stopSweep = clock.every(SWEEP_MS, () => hub.sweep());
  const { port, url } = boundTo(server);
  log.info({ url, publicUrl: publicUrl?.href }, 'relay listening');

  async function drain(): Promise<void> {
    stopSweep();
    hub.close();
    await peers.close(CLOSE_GRACE_MS);
    await server.close();
    log.info('relay closed');
  }

  return { port, url, counters, close: () => (closing ??= drain()) };
}

function readPublicUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new Error(`PUBLIC_URL is "${text}": an http or https URL is expected.`);
}

async function listen(server: FastifyInstance, { host, port }: RelayOptions): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    throw new Error(listenFault(error as NodeJS.ErrnoException, host, port), { cause: error });
  }
}

function listenFault({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} of ${host} is in use by another program: set PORT to a free one.`;
  if (code === 'EACCES')
    return `Port ${port} of ${host} needs more rights than this program has: set PORT above 1023.`;
  if (code === 'EADDRNOTAVAIL')
    return `${host} is not an address of this machine: set HOST to one, or to 0.0.0.0.`;
  return `The relay cannot listen on port ${port} of ${host}, as PORT and HOST say: ${message}`;
}

function boundTo(server: FastifyInstance): { port: number; url: string } {
  const { port, address, family } = server.server.address() as AddressInfo;
  const isAny = address === '0.0.0.0' || address === '::';
  const host = isAny ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return { port, url: `http://${host}:${port}` };
}
