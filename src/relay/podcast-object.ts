/** Writes a podcast as REST answers it, with the address under which this relay is reached (protocol.md §2). */
import type { Socket } from 'node:net';
import { activeSinceMs } from '../podcast/podcast.ts';
import type { PodcastObject } from '../protocol/rest.ts';
import type { Channel } from './channel.ts';
import { plainAddress } from './client-address.ts';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Where clients find this relay. */
export interface Whereabouts {
  readonly ip: string;
  readonly port: number;
  /** Of a podcast's WebSocket, for listeners. */
  urlOf(podcastId: number): string;
  /** Of its page, for people. */
  pageOf(podcastId: number): string;
}

export interface PublicAddress {
  /** http(s) URL under which a proxy offers this relay. */
  readonly publicUrl: URL | undefined;
  readonly publicIp: string | undefined;
}

/** The public address where one is set; else the one at which this very request arrived. */
export function whereaboutsFor(
  { publicUrl, publicIp }: PublicAddress,
  { localAddress, localPort = 0 }: Pick<Socket, 'localAddress' | 'localPort'>,
): Whereabouts {
  const ip = publicIp ?? plainAddress(localAddress);
  const base = publicUrl ?? new URL(`http://${ip.includes(':') ? `[${ip}]` : ip}:${localPort}`);
  const root = new URL(base);
  if (!root.pathname.endsWith('/')) root.pathname += '/';
  const port =
    publicUrl === undefined ? localPort : Number(base.port) || (DEFAULT_PORTS[base.protocol] ?? localPort);
  return {
    ip,
    port,
    urlOf(podcastId) {
      const url = new URL(root);
      url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
      url.search = `id=${podcastId}`;
      return url.href;
    },
    pageOf: (podcastId) => new URL(`p/${podcastId}`, root).href,
  };
}

/** @param forHost the listen key of a private podcast is shown to nobody else */
export function podcastObject(
  { podcast, listeners, listenersBy }: Channel,
  where: Whereabouts,
  forHost: boolean,
): PodcastObject {
  const { id, host, about, listenKey } = podcast;
  const activeSince = activeSinceMs(podcast.state);
  return {
    id,
    host,
    ip: where.ip,
    port: where.port,
    active_since: activeSince,
    activeSince,
    title: about.title,
    description: about.description,
    guild: about.guild,
    visibility: about.visibility,
    url: where.urlOf(id),
    page: where.pageOf(id),
    listeners,
    listeners_by: { ...listenersBy },
    ...(forHost && listenKey !== undefined && { listen_key: listenKey }),
  };
}
