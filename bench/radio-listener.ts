/** A listener of a radio stream who reads as it comes, and nothing else. */
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

export interface StreamAddress {
  readonly port: number;
  readonly path: string;
}

export class RadioListener {
  readonly socket: Socket;
  readonly keeps: boolean;
  /** Of sound, so far. */
  bytes = 0;
  readonly #chunks: Buffer[] = [];

  private constructor(socket: Socket, keeps: boolean) {
    this.socket = socket;
    this.keeps = keeps;
    socket.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      if (this.keeps) this.#chunks.push(chunk);
    });
    socket.on('error', () => undefined);
  }

  /** @param keeps whether it keeps what it hears @throws Error when the answer is not 200 */
  static async open({ port, path }: StreamAddress, keeps: boolean): Promise<RadioListener> {
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\n\r\n`);
    let head = Buffer.alloc(0);
    while (!head.includes('\r\n\r\n')) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      head = Buffer.concat([head, chunk]);
    }
    socket.pause();
    if (!/^HTTP\/1.[01] 200 /.test(head.toString('latin1'))) {
      throw new Error(`${path}: ${head.toString('latin1', 0, 200)}`);
    }
    const rest = head.subarray(head.indexOf('\r\n\r\n') + 4);
    const listener = new RadioListener(socket, keeps);
    if (rest.length > 0) socket.emit('data', rest);
    socket.resume();
    return listener;
  }

  /** All that it heard, if it keeps it. */
  kept(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
