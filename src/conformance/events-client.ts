/** Hosts and listeners of the 2023 generation, as far as checks share them (PROTOCOL.md §4). */
import { must, NotTried, quoted } from './check.ts';
import type { ProbeSocket } from './probe-socket.ts';
import type { Headers, Podcast, Target } from './target.ts';
import { UdpProbe } from './udp-probe.ts';
import { readKey, SealingKey } from './wire.ts';

export const CODE = {
  hello: 1,
  connected: 2,
  disconnected: 3,
  clientJoin: 4,
  end: 5,
  retract: 6,
  guilds: 7,
  podcast: 8,
  speakers: 9,
} as const;

export interface EventsClient {
  readonly socket: ProbeSocket;
  readonly podcast: Podcast;
  /** Everything that its Hello had. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly key: SealingKey;
  /** Of this connection; NaN when it did not ask for all events. */
  readonly id: number;
  /** Where the relay's UDP socket is. */
  readonly relay: { readonly ip: string; readonly port: number };
}

/** @throws NotTried by a relay that does not serve this generation */
export async function mustServeEvents(target: Target): Promise<void> {
  const socket = target.listen(await target.standing(), { path: '/listen' });
  const first = await socket.next('Hello');
  socket.drop();
  if (first.kind === 'refused' && first.status === 404) {
    throw new NotTried('this relay does not serve /listen');
  }
}

/** Makes a podcast by hosting it. @throws Broken, NotTried */
export async function hostEvents(
  target: Target,
  query: Readonly<Record<string, string>> = { events: 'all' },
  headers: Headers = target.auth,
): Promise<EventsClient> {
  await mustServeEvents(target);
  const socket = target.socket('/ws', query, headers);
  const client = await helloOf(target, socket);
  target.hosts(socket, client.podcast);
  return client;
}

/** @throws Broken */
export function listenEvents(
  target: Target,
  podcast: Podcast,
  query: Readonly<Record<string, string>> = {},
): Promise<EventsClient> {
  return helloOf(target, target.listen(podcast, { path: '/listen', query: { events: 'all', ...query } }));
}

/** The Hello that a socket begins with. @throws Broken */
export async function helloOf(target: Target, socket: ProbeSocket): Promise<EventsClient> {
  const { t, data } = await socket.textEvent('Hello');
  const { podcast_id: podcastId, ip, port, secret, client_id: clientId } = data;
  const key = readKey(secret);
  const isHello = t === CODE.hello && typeof podcastId === 'number' && typeof ip === 'string';
  must(isHello && key !== undefined, 'Hello with podcast_id, ip, port, secret', `${quoted(data)} came`);
  // A relay that is bound to every address of its machine may know no better.
  const isAnywhere = ['', '0.0.0.0', '::'].includes(ip);
  return {
    socket,
    podcast: { id: podcastId },
    data,
    key: new SealingKey(key),
    id: Number(clientId),
    relay: { ip: isAnywhere ? target.hostname : ip, port: Number(port) },
  };
}

/** Opens a UDP socket, has its address confirmed and says Connected; resolves when the client is in. @throws Broken */
export async function joinByUdp(target: Target, client: EventsClient): Promise<UdpProbe> {
  const udp = await UdpProbe.open(client.relay, target.signal);
  target.finally(() => udp.close());
  const { ip, port, cookie } = await udp.discover(client.id);
  client.socket.send(JSON.stringify({ t: CODE.connected, data: { ip, port, cookie } }));
  await mustJoin(client);
  return udp;
}

/** Waits for the client's own ClientJoin. @throws Broken */
export async function mustJoin({ socket, id }: EventsClient): Promise<void> {
  const { t, data } = await socket.textEvent('ClientJoin');
  const isOwn = t === CODE.clientJoin && data['client_id'] === id;
  must(isOwn, `ClientJoin of ${id}, its own`, `${quoted({ t, data })} came`);
}
