/** Where a relay's calls and sockets are, made from the one address that people type. */

export interface RelayAddress {
  /** `http://host:port` or `https://…`, maybe with a path, without a slash at its end. */
  readonly restUrl: string;
  /** The same with `ws` for `http`. */
  readonly socketUrl: string;
}

/** @throws Error with a sentence when the text is no http(s) or ws(s) address */
export function relayAddress(text: string): RelayAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const secure = url?.protocol === 'https:' || url?.protocol === 'wss:';
  if (!url || !(secure || url.protocol === 'http:' || url.protocol === 'ws:')) {
    throw new Error(`"${text}" is not the address of a relay: it looks like http://127.0.0.1:8080.`);
  }
  const place = `://${url.host}${url.pathname.replace(/\/$/, '')}`;
  return { restUrl: (secure ? 'https' : 'http') + place, socketUrl: (secure ? 'wss' : 'ws') + place };
}

export interface ListenTarget {
  readonly relay: string;
  readonly podcastId: number;
  readonly listenKey?: string;
}

/**
 * Reads what a person gives to say which podcast: its id, or a link to it: of its page and what is below that (`http://relay/p/7`),
 * or of its WebSocket (`ws://relay/?id=7`). A private one's has its key (`?key=`).
 * @param defaultRelay the relay that a bare id means
 * @throws Error with a sentence when it is neither
 */
export function listenTarget(text: string, defaultRelay: string): ListenTarget {
  if (/^\d+$/.test(text)) return { relay: defaultRelay, podcastId: Number(text) };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const [, folder = url?.pathname, ofPage] = /^(.*)\/p\/(\d+)(?:\/[^/]*)?$/.exec(url?.pathname ?? '') ?? [];
  const id = ofPage ?? url?.searchParams.get('id') ?? '';
  if (!url || !/^\d+$/.test(id)) {
    throw new Error(`"${text}" is neither a podcast's id nor a link such as http://127.0.0.1:8080/p/123.`);
  }
  const listenKey = url.searchParams.get('key');
  const { socketUrl: relay } = relayAddress(`${url.protocol}//${url.host}${folder}`);
  const target = { relay, podcastId: Number(id) };
  return listenKey ? { ...target, listenKey } : target;
}
