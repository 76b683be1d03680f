/** Debian's nginx with the project's own configuration in front of a relay. */
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programOf } from './chromium.ts';

const CONFIGURATION = new URL('../../deploy/nginx.conf', import.meta.url);

export interface Nginx {
  readonly url: string;
  readonly pid: number;
  /** All that it has logged. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Only ports and folders are other ones, which is checked: what is not replaced exactly once is an error.
 * @param relayPort on 127.0.0.1
 * @param more directives of the server
 * @throws Error with what nginx says
 */
export async function startNginx(relayPort: number, more = ''): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'guildcast-nginx-'));
  mkdirSync(join(folder, 'cache'));
  const port = await freePort();
  const configuration = replaced(readFileSync(CONFIGURATION, 'utf8'), {
    'server 127.0.0.1:8080;': `server 127.0.0.1:${relayPort};`,
    '    listen 80;': `    listen 127.0.0.1:${port};${more}`,
    '/var/cache/nginx/guildcast ': `${folder}/cache `,
    '/var/log/nginx/guildcast.log': `${folder}/access.log`,
    '/var/log/nginx/guildcast.error.log': `${folder}/error.log`,
  });
  writeFileSync(join(folder, 'guildcast.conf'), configuration);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const main = `daemon off; pid ${folder}/pid; worker_processes 1; events { worker_connections 4096; }
    http { ${paths.join(' ')} include ${folder}/guildcast.conf; }`;
  writeFileSync(join(folder, 'nginx.conf'), process.getuid?.() === 0 ? `user root; ${main}` : main);
  const args = ['-e', `${folder}/start.log`, '-c', `${folder}/nginx.conf`];
  const child = spawn(programOf(['nginx'], 'nginx-light'), args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGQUIT');
    await Promise.race([ended, sleep(2000, undefined, { ref: false })]);
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  };
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(`${url}/live`))) {
    if (child.exitCode === null) continue;
    throw new Error(`nginx: ${readFileSync(`${folder}/start.log`, 'utf8')}`);
  }
  const log = (): string =>
    ['access.log', 'error.log', 'start.log'].map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  return { url, pid: child.pid ?? 0, log, stop };
}

function replaced(text: string, others: Readonly<Record<string, string>>): string {
  let result = text;
  for (const [wanted, other] of Object.entries(others)) {
    if (result.split(wanted).length !== 2) throw new Error(`"${wanted}" is not in nginx.conf exactly once`);
    result = result.replace(wanted, other);
  }
  return result;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    await sleep(20);
    return false;
  }
}
