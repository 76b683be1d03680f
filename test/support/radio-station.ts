/** The radio calls of a relay on a real port, with encodings whose pages a test hands out itself. */
import { once } from 'node:events';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { onTestFinished } from 'vitest';
import type { About } from '../../src/podcast/podcast.ts';
import type { ContractError } from '../../src/protocol/close-codes.ts';
import type { Limits } from '../../src/protocol/limits.ts';
import type { Channel } from '../../src/relay/channel.ts';
import type { Format } from '../../src/relay/encoding/encoder.ts';
import type { EncodingSink, Encodings } from '../../src/relay/encoding/encodings.ts';
import type { Hub } from '../../src/relay/hub.ts';
import { KernelSockets } from '../../src/relay/kernel-socket.ts';
import { addRadioCalls } from '../../src/relay/radio/radio-calls.ts';
import { PendingListeners } from '../../src/relay/pending-listeners.ts';
import { Stations } from '../../src/relay/radio/stations.ts';
import { makeLinkServer } from './link-server.ts';

/** Notes who wants what; a sink of a podcast is ended with it. */
export class StationEncodings implements Encodings {
  readonly sinks: Partial<Record<Format, EncodingSink>> = {};
  /** Thrown at whoever wants something. */
  refusal: ContractError | undefined;
  header = new Uint8Array(0);
  readonly #hub: Hub;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  want(channel: Channel, format: Format, _asker: unknown, sink: EncodingSink): () => void {
    if (this.refusal) throw this.refusal;
    this.sinks[format] = sink;
    if (this.header.length > 0) sink.header(this.header);
    const ofProgramme = {
      publish: () => undefined,
      retract: () => sink.retract(),
      end: sink.end.bind(sink),
    };
    this.#hub.addSink(channel, 'programme', ofProgramme);
    return () => {
      delete this.sinks[format];
      this.#hub.removeSink(channel, 'programme', ofProgramme);
    };
  }

  /** So much of a stream, of 100 ms. */
  page(format: Format, bytes: Uint8Array): void {
    this.sinks[format]?.page({ isHeader: false, samples: 4800, bytes });
  }
}

interface Options {
  readonly limits?: Partial<Limits>;
  readonly publicUrl?: string;
}

export async function startRadioStation({ limits: changes, publicUrl }: Options = {}) {
  const { limits, clock, counters, logLines, clientAddress, hub, server, access } =
    await makeLinkServer(changes);
  const encodings = new StationEncodings(hub);
  const kernelSockets = await KernelSockets.load();
  const stations = new Stations({ hub, encodings, kernelSockets, limits, clock, counters });
  const state = { isDraining: false };
  addRadioCalls(server, {
    hub,
    access,
    stations,
    pending: new PendingListeners(limits),
    clientAddress,
    clock,
    counters,
    isDraining: () => state.isDraining,
    publicUrl: publicUrl === undefined ? undefined : new URL(publicUrl),
    publicIp: undefined,
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const create = (about: Partial<About> = {}): Channel =>
    hub.create('1', { title: 'Hello', description: '', guild: '', visibility: 'public', ...about });
  return {
    hub,
    encodings,
    stations,
    server,
    clock,
    counters,
    logLines,
    state,
    port,
    create,
    url: `http://127.0.0.1:${port}`,
  };
}

/** One who asks for a stream on a bare socket, and keeps what comes. */
export class BareListener {
  readonly socket: Socket;
  readonly ended: Promise<unknown>;
  #chunks: Buffer[] = [];

  constructor(port: number, path: string, headers: readonly string[] = [], method = 'GET') {
    this.socket = connect(port, '127.0.0.1');
    onTestFinished(() => void this.socket.destroy());
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk) => this.#chunks.push(chunk));
    this.ended = once(this.socket, 'close');
    this.socket.write([`${method} ${path} HTTP/1.1`, 'Host: relay', ...headers, '', ''].join('\r\n'));
  }

  get received(): Buffer {
    this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  /** Behind the head. */
  get body(): Buffer {
    const { received } = this;
    const end = received.indexOf('\r\n\r\n');
    return end === -1 ? Buffer.alloc(0) : received.subarray(end + 4);
  }

  /** Of the answer, names in lower case; the status line is '' */
  async head(): Promise<Record<string, string>> {
    while (!this.received.includes('\r\n\r\n')) await once(this.socket, 'data');
    const [status = '', ...lines] = this.received.toString('utf8').split('\r\n\r\n')[0]?.split('\r\n') ?? [];
    const fields = lines.map((line): [string, string] => {
      const [name = '', ...value] = line.split(': ');
      return [name.toLowerCase(), value.join(': ')];
    });
    return { '': status, ...Object.fromEntries(fields) };
  }

  /** Resolves when so many bytes have come behind the head. */
  async heard(bytes: number): Promise<Buffer> {
    while (this.body.length < bytes) await once(this.socket, 'data');
    return this.body;
  }
}

/** Lets what is on its way on sockets arrive. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

/** As encodings do, which are never silent: only so it shows who is gone. */
export async function playUntil(
  { encodings }: { readonly encodings: StationEncodings },
  isSo: () => boolean,
): Promise<void> {
  await until(() => {
    encodings.page('mp3', Buffer.from('.'));
    return isSo();
  });
}
