/** The relay under test as one check sees it: REST calls, WebSockets, and a clean-up of all that the check made. */
import { setTimeout } from 'node:timers/promises';
import { Answer } from './answer.ts';
import { Broken, must, NotTried } from './check.ts';
import { type Hello, ProbeSocket } from './probe-socket.ts';
import type { Standing } from './standing.ts';

export interface Account {
  readonly id: string;
  readonly secret: string;
}

export interface TargetOptions {
  /** http(s), without a slash at its end. */
  readonly url: string;
  readonly account: Account;
  /** A second account, for what only a stranger can try. */
  readonly stranger?: Account | undefined;
}

/** As `POST /podcast` answered it; only the id is sure to be there. */
export interface Podcast extends Readonly<Record<string, unknown>> {
  readonly id: number;
}

export interface SocketOptions {
  /** `/` or `/ws`. */
  readonly path?: string;
  /** Without the id. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Headers = Readonly<Record<string, string>>;

/** Between two tries to take up a podcast: every try costs the relay the check of a secret. */
const RETRY_MS = 50;

/** How the account is sent: with the header names of 2022 or 2023. */
export function headersOf({ id, secret }: Account, generation: 2022 | 2023 = 2023): Headers {
  return generation === 2022 ? { clientId: id, token: secret } : { client_id: id, client_secret: secret };
}

export class Target {
  readonly #options: TargetOptions;
  readonly #signal: AbortSignal;
  readonly #sockets: ProbeSocket[] = [];
  readonly #hosts = new Map<ProbeSocket, number>();
  readonly #unended = new Set<number>();
  readonly #cleaners: (() => void)[] = [];

  readonly #standing: Standing;

  /** @param signal ends whatever this target waits for */
  constructor(options: TargetOptions, signal: AbortSignal, standing: Standing) {
    this.#options = options;
    this.#signal = signal;
    this.#standing = standing;
  }

  get account(): Account {
    return this.#options.account;
  }

  get signal(): AbortSignal {
    return this.#signal;
  }

  /** As the host knows the relay: where UDP goes when Hello leaves it open. */
  get hostname(): string {
    return new URL(this.#options.url).hostname.replace(/^\[|\]$/g, '');
  }

  /** Headers of the account. */
  get auth(): Headers {
    return headersOf(this.account);
  }

  /** @throws NotTried when there is no second account */
  get strangersAuth(): Headers {
    const { stranger } = this.#options;
    if (!stranger) throw new NotTried('it takes a second account: --stranger ID:SECRET');
    return headersOf(stranger);
  }

  /** @throws Broken when no answer comes, NotTried when the relay has had enough of this address */
  async rest(method: string, path: string, headers: Headers = {}, body?: string): Promise<Answer> {
    const call = `${method} ${path}`;
    let answer: Answer;
    try {
      const response = await fetch(this.#options.url + path, {
        method,
        headers,
        signal: this.#signal,
        redirect: 'manual',
        ...(body !== undefined && { body }),
      });
      answer = new Answer(call, response, await response.text());
    } catch (error) {
      throw new Broken(`an answer to ${call}`, this.#signal.aborted ? 'none came in time' : causeOf(error));
    }
    if (answer.status === 429) throw new NotTried('the relay answers 429: run the kit again in a minute');
    return answer;
  }

  /** Makes a podcast that ends with the check. @throws Broken */
  async podcast(about?: Readonly<Record<string, unknown>>): Promise<Podcast> {
    return this.keep(await this.#make(about));
  }

  /**
   * A podcast that other checks use as well: it may be looked at, listened to and refused, but neither hosted nor ended.
   * @throws Broken
   */
  async standing(visibility: 'public' | 'unlisted' | 'private' = 'public'): Promise<Podcast> {
    return podcastOf(await this.standingAnswer(visibility));
  }

  /** The answer that a standing podcast was made with. @throws Broken */
  standingAnswer(visibility: 'public' | 'unlisted' | 'private' = 'public'): Promise<Answer> {
    // Without a body, as the clients of 2022 and 2023 make theirs.
    const about = visibility === 'public' ? undefined : { visibility };
    return this.#standing.answer(visibility, () => this.#make(about));
  }

  async #make(about: Readonly<Record<string, unknown>> | undefined): Promise<Answer> {
    const body = about && JSON.stringify(about);
    const headers = body === undefined ? this.auth : { ...this.auth, 'content-type': 'application/json' };
    return this.rest('POST', '/podcast', headers, body);
  }

  /** The podcast of an answer to `POST /podcast`, which will end with the check. @throws Broken */
  keep(answer: Answer): Podcast {
    const podcast = podcastOf(answer);
    this.#unended.add(podcast.id);
    return podcast;
  }

  /** The podcast object as everyone sees it. @throws Broken */
  async look(podcast: Podcast, headers: Headers = {}): Promise<Answer> {
    return this.rest('GET', `/podcast?id=${podcast.id}`, headers);
  }

  host({ id }: Podcast, { path = '/', query = {}, headers = {} }: SocketOptions = {}): ProbeSocket {
    const asHost = { ...this.auth, isSender: 'true', ...headers };
    const socket = this.socket(path, { id: String(id), ...query }, asHost);
    this.#hosts.set(socket, id);
    return socket;
  }

  listen({ id }: Podcast, { path = '/', query = {}, headers = {} }: SocketOptions = {}): ProbeSocket {
    return this.socket(path, { id: String(id), ...query }, headers);
  }

  socket(path: string, query: Readonly<Record<string, string>>, headers: Headers = {}): ProbeSocket {
    const url = new URL(this.#options.url + path);
    url.protocol = url.protocol.replace('http', 'ws');
    url.search = new URLSearchParams(query).toString();
    return this.socketAt(url.href, headers);
  }

  /** A WebSocket at an address that the relay itself gave. */
  socketAt(url: string, headers: Headers = {}): ProbeSocket {
    const socket = new ProbeSocket(url, headers, this.#signal);
    this.#sockets.push(socket);
    return socket;
  }

  /** This socket hosts a podcast, which ends with the check. */
  hosts(socket: ProbeSocket, { id }: Podcast): void {
    this.#hosts.set(socket, id);
    this.#unended.add(id);
  }

  /** The check ended this podcast itself. */
  over({ id }: Podcast): void {
    this.#unended.delete(id);
  }

  /** What else is to be let go when the check is over. */
  finally(clean: () => void): void {
    this.#cleaners.push(clean);
  }

  /** Ends what the check made, as well as the relay lets it, without a REST call: those are limited. */
  async cleanUp(signal: AbortSignal): Promise<void> {
    for (const clean of this.#cleaners) clean();
    for (const socket of this.#sockets) if (!this.#hosts.has(socket)) socket.drop();
    const leaving = [...this.#hosts].filter(([host]) => host.isOpen);
    for (const [, id] of leaving) this.#unended.delete(id);
    await Promise.all(leaving.map(([host]) => host.leave(1000, signal)));
    for (const socket of this.#sockets) socket.drop();
    await new Target(this.#options, signal, this.#standing).end([...this.#unended]);
  }

  /** Takes podcasts up as their host and leaves for good. */
  async end(ids: readonly number[]): Promise<void> {
    const endOne = async (id: number): Promise<void> => {
      const { socket } = await this.takeUp({ id });
      await socket.leave(1000);
    };
    await Promise.allSettled(ids.map(endOne));
    for (const socket of this.#sockets) socket.drop();
  }

  /**
   * Hosts a podcast whose last connection has just dropped: while the relay has not noticed, that is refused with 4004.
   * @throws Broken when the podcast is over
   */
  async takeUp(podcast: Podcast): Promise<{ readonly socket: ProbeSocket; readonly hello: Hello }> {
    for (;;) {
      const socket = this.host(podcast);
      const hello = await socket.helloOrEnding();
      if ('key' in hello) return { socket, hello };
      must(hello.code === 4004, 'Hello, or 4004 while the old connection counts as alive', hello.came);
      await setTimeout(RETRY_MS);
    }
  }
}

function podcastOf(answer: Answer): Podcast {
  const { fields } = answer;
  const id = Number(fields['id']);
  must(Number.isInteger(id) && id > 0, 'a podcast object with an id', answer.came);
  return { ...fields, id };
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `the call failed: ${error.cause instanceof Error ? error.cause.message : error.message}`;
}
