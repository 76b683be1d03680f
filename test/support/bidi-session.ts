/** Commands to a browser and its answers and events, as WebDriver BiDi has them (https://w3c.github.io/webdriver-bidi/). */
import { once } from 'node:events';
import { WebSocket } from 'ws';

interface Answer {
  readonly id?: number;
  readonly type?: 'success' | 'error' | 'event';
  readonly method?: string;
  readonly message?: string;
  readonly result?: unknown;
  readonly params?: {
    readonly context?: string | null;
    readonly source?: { readonly context?: string };
    readonly type?: string;
    readonly level?: string;
    readonly text?: string | null;
    readonly request?: { readonly url: string };
  };
}

interface Watcher {
  readonly onLog: (entry: Readonly<Record<'type' | 'level' | 'text', string>>) => void;
  readonly onRequest: (url: string) => void;
}

/** Commands go out with a number, answers come back with it; events name the page they are of. */
export class BidiSession {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  readonly #watchers = new Map<string, Watcher>();
  #sent = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString()) as Answer));
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Firefox has gone'));
      this.#waiting.clear();
    });
  }

  static async open(address: string): Promise<BidiSession> {
    const socket = new WebSocket(address, { perMessageDeflate: false, maxPayload: 2 ** 28 });
    await once(socket, 'open');
    return new BidiSession(socket);
  }

  /** @throws Error with what Firefox says against it */
  async send<T>(method: string, params: Readonly<Record<string, unknown>>): Promise<T> {
    this.#sent += 1;
    const id = this.#sent;
    return (await new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`)) });
      this.#socket.send(JSON.stringify({ id, method, params }));
    })) as T;
  }

  /** @returns the string that it gives, or undefined. @throws Error with what it throws */
  async evaluate(target: Readonly<Record<string, string>>, expression: string): Promise<string | undefined> {
    const { result, exceptionDetails } = await this.send<{
      readonly result?: { readonly value?: string };
      readonly exceptionDetails?: { readonly text: string };
    }>('script.evaluate', { target, expression, awaitPromise: true });
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.text}`);
    return result?.value;
  }

  watch(context: string, watcher: Watcher): void {
    this.#watchers.set(context, watcher);
  }

  #take({ id, type, method, message, result, params }: Answer): void {
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id !== undefined && waiting) {
      this.#waiting.delete(id);
      if (type === 'error') waiting.reject(new Error(message));
      else waiting.resolve(result);
      return;
    }
    const watcher = this.#watchers.get(params?.source?.context ?? params?.context ?? '');
    if (method === 'log.entryAdded') {
      watcher?.onLog({ type: params?.type ?? '', level: params?.level ?? '', text: params?.text ?? '' });
    }
    if (method === 'network.beforeRequestSent' && params?.request) watcher?.onRequest(params.request.url);
  }
}
