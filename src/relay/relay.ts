/** Starts a relay: its REST calls and lanes on one port around one hub. */
import type { IncomingMessage } from 'node:http';
import { availableParallelism } from 'node:os';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Limits } from '../protocol/limits.ts';
import { Admission } from './admission.ts';
import { type AccountVerifier, Authenticator } from './authentication.ts';
import { type TrustProxy, clientAddressBehind } from './client-address.ts';
import { type Clock, systemClock } from './clock.ts';
import { Counters } from './counters.ts';
import { ENCODING_TRADE } from './encoding/encoding-threads.ts';
import { ProgrammeEncodings } from './encoding/programme-encodings.ts';
import { EventsLane } from './events/events-lane.ts';
import { GuessLimit } from './guess-limit.ts';
import { addHlsCalls } from './hls/hls-calls.ts';
import { HlsLane } from './hls/hls-lane.ts';
import { Hub } from './hub.ts';
import { KernelSockets } from './kernel-socket.ts';
import { ListenerGroups } from './listener-groups.ts';
import { LoginDelay } from './login-delay.ts';
import { MediaThreads } from './media-threads/media-threads.ts';
import { NoiseLog } from './noise-log.ts';
import { addPages } from './page/pages.ts';
import { PeerServer } from './peer-server.ts';
import type { PodcastStore } from './podcast-store.ts';
import { boundTo, openTcpPort, openUdpPort } from './ports.ts';
import { PendingListeners } from './pending-listeners.ts';
import { Programmes } from './programme/programmes.ts';
import { PROGRAMME_TRADE } from './programme/programme-threads.ts';
import { addRadioCalls } from './radio/radio-calls.ts';
import { Stations } from './radio/stations.ts';
import { RestAccess } from './rest-access.ts';
import { addPodcastCalls, addServiceCalls } from './rest-api.ts';
import { RestFaults } from './rest-fault.ts';
import { makeRestServer } from './rest-server.ts';
import type { DatagramCounters } from './udp/datagram-sender.ts';
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
  /** Of the audio over UDP; 0, the default: any free one. */
  readonly udpPort?: number;
  /** http(s) URL under which clients reach this relay, when a proxy stands before it. */
  readonly publicUrl?: string | undefined;
  /** Address in podcast objects, and for UDP; else the one at which the request arrived. */
  readonly publicIp?: string | undefined;
  /** Whose X-Forwarded-For counts. */
  readonly trustProxy: TrustProxy;
  /** A podcast whose first sender has not come by then ends with 4005. */
  readonly senderTimeoutSeconds: number;
  /** A host whose connection dropped may come back for so long. */
  readonly resumeSeconds: number;
  readonly limits: Limits;
  readonly accounts: AccountVerifier;
  /** Where podcasts outlive a restart; it is its opener's to close, after the relay. Without one they end with the process. */
  readonly podcastStore?: PodcastStore | undefined;
  readonly log: Logger;
  /** Folder of the listener's page as `web/build.ts` makes it; where that writes to, if nothing is said. */
  readonly builtPage?: string;
  /** Threads that make programmes; one less than there are cores, if nothing is said. */
  readonly programmeThreads?: number;
  /** False makes /ready fail; the rest works all the same. */
  readonly isReady?: () => boolean;
  readonly clock?: Clock;
}

export interface Relay {
  readonly port: number;
  readonly udpPort: number;
  /** For clients on this machine: `http://127.0.0.1:port`, or the address that the relay is bound to. */
  readonly url: string;
  readonly counters: Pick<Counters, 'snapshot'>;
  /** What became of the datagrams that this relay sent. */
  datagrams(): DatagramCounters;
  /**
   * Tells every peer that this relay goes away (4010); done within a second, whatever the peers do.
   * Podcasts on air stay in the store: a relay that is started on it has them again.
   */
  close(): Promise<void>;
}

/** @throws Error that names the setting when the address cannot be had or a setting makes no sense */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { log, clock = systemClock } = options;
  const parts = await makeParts(options, clock);
  const { hub, programmes, encodings, udp, peers, server } = parts;

  try {
    await openTcpPort(server, { host: options.host, port: options.port });
  } catch (error) {
    await peers.close(0);
    await udp.close();
    throw error;
  }
  hub.begin();
  const stopSweep = clock.every(SWEEP_MS, () => hub.sweep());
  const { port, url } = boundTo(server);
  log.info({ url, udpPort: udp.port, publicUrl: parts.publicUrl?.href }, 'relay listening');
  let closing: Promise<void> | undefined;

  async function drain(): Promise<void> {
    parts.isDraining = true;
    stopSweep();
    hub.close();
    await peers.close(CLOSE_GRACE_MS);
    await encodings.close();
    await programmes.close();
    await udp.close();
    await server.close();
    log.info('relay closed');
  }

  return {
    port,
    udpPort: udp.port,
    url,
    counters: parts.counters,
    datagrams: () => udp.counters,
    close: () => (closing ??= drain()),
  };
}

interface Parts {
  readonly hub: Hub;
  readonly counters: Counters;
  readonly programmes: Programmes;
  readonly encodings: ProgrammeEncodings;
  readonly udp: Awaited<ReturnType<typeof openUdpPort>>;
  readonly peers: PeerServer;
  readonly server: FastifyInstance;
  readonly publicUrl: URL | undefined;
  /** Set when the relay begins to stop. */
  isDraining: boolean;
}

/** All that a relay is made of, put together; only the UDP port is open yet. */
async function makeParts(options: RelayOptions, clock: Clock): Promise<Parts> {
  const { limits, accounts, log, isReady = () => true } = options;
  const publicAddress = { publicUrl: readPublicUrl(options.publicUrl), publicIp: options.publicIp };
  const counters = new Counters();
  const clientAddress = clientAddressBehind(options.trustProxy);
  const faults = new RestFaults(counters, log);
  const guesses = new GuessLimit(limits.REST_REQUESTS_PER_MINUTE, clock);
  const hub = new Hub({ ...options, clock, counters });
  const authenticator = new Authenticator(accounts, new LoginDelay(limits.FAILED_LOGINS_PER_ADDRESS, clock));
  const admission = new Admission({ hub, authenticator, limits, clock });
  const kernelSockets = await KernelSockets.load();
  const groups = new ListenerGroups({ hub, limits, clock, counters, kernelSockets });
  const media = { ...options, clock, counters, hub };
  const programmes = makeProgrammes(media);
  const encodings = makeEncodings(media, programmes);
  const server = await makeRestServer({ limits, faults, clientAddress, accounts });
  const udp = await openUdpPort({ host: options.host, port: options.udpPort ?? 0 }, log);
  const shared = { hub, admission, groups, limits };
  const lanes = {
    packets: new WebSocketLane(shared),
    events: new EventsLane({ ...shared, programmes, clock, counters, udp, ...publicAddress }),
  };
  const noise = new NoiseLog(log, clock);
  const refuseUpgrade = (socket: Duplex): void => faults.answerRaw(socket, 'invalid_request');
  const peers = new PeerServer({
    limits,
    clock,
    counters,
    noise,
    log,
    clientAddress,
    guesses,
    refuseUpgrade,
  });
  const { publicUrl } = publicAddress;
  const parts: Parts = {
    hub,
    counters,
    programmes,
    encodings,
    udp,
    peers,
    server,
    publicUrl,
    isDraining: false,
  };
  const isDraining = (): boolean => parts.isDraining;
  const access = new RestAccess({ hub, authenticator, clientAddress, guesses });
  addPodcastCalls(server, { hub, access, isDraining, ...publicAddress });
  const pages = { hub, access, faults, clock, isDraining, log, builtPage: options.builtPage };
  await addPages(server, { ...pages, ...publicAddress });
  const stations = new Stations({ hub, encodings, kernelSockets, limits, clock, counters });
  const pending = new PendingListeners(limits);
  const radio = { hub, access, stations, pending, clientAddress, clock, counters, isDraining };
  addRadioCalls(server, { ...radio, ...publicAddress });
  addHlsCalls(server, { lane: new HlsLane({ ...media, encodings }), access, clientAddress, isDraining });
  addServiceCalls(server, { clientAddress, isReady, isDraining });
  server.server.on('upgrade', upgradesTo({ lanes, peers, faults, isDraining }));
  return parts;
}

type MediaParts = Pick<RelayOptions, 'limits' | 'log' | 'programmeThreads'> & {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly counters: Counters;
};

/** One thread less than there are cores: the relay itself has the other. */
function makeProgrammes({ limits, programmeThreads, ...parts }: MediaParts): Programmes {
  const threadsMax = programmeThreads ?? Math.max(1, availableParallelism() - 1);
  const perThread = limits.PROGRAMMES_PER_THREAD;
  const threads = new MediaThreads({ ...parts, trade: PROGRAMME_TRADE, threadsMax, perThread });
  return new Programmes({ ...parts, threads, perAddress: limits.PROGRAMMES_PER_ADDRESS });
}

/** As many threads again, which give way to all others: an encoding has time. */
function makeEncodings(
  { limits, programmeThreads, ...parts }: MediaParts,
  programmes: Programmes,
): ProgrammeEncodings {
  const threadsMax = programmeThreads ?? Math.max(1, availableParallelism() - 1);
  const perThread = limits.ENCODINGS_PER_THREAD;
  const threads = new MediaThreads({ ...parts, trade: ENCODING_TRADE, threadsMax, perThread });
  return new ProgrammeEncodings({
    ...parts,
    threads,
    programmes,
    perAddress: limits.ENCODINGS_PER_ADDRESS,
  });
}

interface UpgradeRoutes {
  readonly lanes: { readonly packets: WebSocketLane; readonly events: EventsLane };
  readonly peers: PeerServer;
  readonly faults: RestFaults;
  readonly isDraining: () => boolean;
}

/** Which lane a WebSocket is for, or what HTTP answers instead. */
function upgradesTo({ lanes, peers, faults, isDraining }: UpgradeRoutes) {
  return (message: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const request = readUpgradeRequest(message);
    if (isDraining()) faults.answerRaw(socket, 'going_away');
    else if (!request) faults.answerRaw(socket, 'unknown_path');
    else if (peers.isGuessing(message)) faults.answerRaw(socket, 'rate_limited');
    else peers.upgrade(request, message, head, lanes[request.lane].letIn);
  };
}

function readPublicUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new Error(`PUBLIC_URL is "${text}": an http or https URL is expected.`);
}
