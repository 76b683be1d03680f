/** Debian's icecast2 as a child on loopback, with a configuration of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamAddress } from './radio-listener.ts';

const PASSWORD = 'loopback';
/** It refuses to be root; this is Debian's nobody. */
const NOBODY = 65_534;

export interface Icecast {
  readonly pid: number;
  readonly address: StreamAddress;
  /** Gives it what comes on a socket, as it comes. */
  feed(from: Socket): Promise<void>;
  close(): Promise<void>;
}

/** @param core of the CPU that it gets @throws Error when it is not installed (`apt install icecast2`) or does not answer */
export async function startIcecast(core: string, listeners: number): Promise<Icecast> {
  const folder = mkdtempSync(join(tmpdir(), 'icecast-bench-'));
  chmodSync(folder, 0o777);
  const port = await freePort();
  const file = join(folder, 'icecast.xml');
  writeFileSync(file, configuration(folder, port, listeners), { mode: 0o644 });
  const child = spawn('taskset', ['-c', core, 'icecast2', '-c', file], {
    stdio: 'ignore',
    ...(process.getuid?.() === 0 && { uid: NOBODY, gid: NOBODY }),
  });
  const exited = once(child, 'exit');
  process.once('exit', () => child.kill());
  await answers(port);
  return {
    pid: child.pid ?? 0,
    address: { port, path: '/live.mp3' },
    async feed(from) {
      const source = connect(port, '127.0.0.1');
      source.setNoDelay();
      const authorization = Buffer.from(`source:${PASSWORD}`).toString('base64');
      source.write(
        `PUT /live.mp3 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic ${authorization}\r\nContent-Type: audio/mpeg\r\nExpect: 100-continue\r\n\r\n`,
      );
      const [answer] = (await once(source, 'data')) as [Buffer];
      if (!/^HTTP\/1.. (100|200) /.test(answer.toString('latin1')))
        throw new Error(answer.toString('latin1'));
      source.resume();
      source.on('error', () => undefined);
      source.on('close', () => console.error('icecast2 let its source go'));
      from.on('close', () => console.error('the relay let the source of icecast2 go'));
      from.on('data', (chunk: Buffer) => source.write(chunk));
    },
    async close() {
      child.kill();
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

function configuration(folder: string, port: number, listeners: number): string {
  return `<icecast>
  <limits>
    <clients>${listeners + 100}</clients><sources>2</sources>
    <queue-size>524288</queue-size><burst-size>32768</burst-size>
    <client-timeout>30</client-timeout><header-timeout>15</header-timeout><source-timeout>60</source-timeout>
  </limits>
  <authentication>
    <source-password>${PASSWORD}</source-password>
    <admin-user>admin</admin-user><admin-password>${PASSWORD}</admin-password>
  </authentication>
  <hostname>127.0.0.1</hostname>
  <listen-socket><port>${port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <paths>
    <basedir>${folder}</basedir><logdir>${folder}</logdir>
    <webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot>
  </paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>2</loglevel></logging>
</icecast>
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await sleep(50);
    } finally {
      socket.destroy();
    }
  }
  throw new Error('icecast2 does not answer. It is there after: apt install icecast2');
}
