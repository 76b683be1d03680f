import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import nacl from 'tweetnacl';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestRelay } from '../support/test-relay.ts';
import { udpHost } from '../support/udp-on-air.ts';

type Client = (names: Readonly<Record<string, unknown>>) => Promise<void>;

/** A program out of PROTOCOL.md, with what it imports and leaves open given by name. */
function programUnder(heading: string, replacements: Readonly<Record<string, string>>): Client {
  const document = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');
  const [, section = ''] = document.split(`\n## ${heading}\n`);
  const [, program = ''] = /```js\n(.*?)```/s.exec(section) ?? [];
  let code = program.replaceAll(/^import .*$/gm, '');
  for (const [from, to] of Object.entries(replacements)) {
    expect(code).toContain(from);
    code = code.replace(from, to);
  }
  const parameters = 'nacl, WebSocket, createSocket, process, console, frames, play';
  return runInThisContext(`(async ({ ${parameters} }) => {${code}})`) as Client;
}

test('the host and the listener that PROTOCOL.md shows hear each other', async () => {
  const relay = await startTestRelay();
  const env = { CLIENT_ID: relay.account.id, CLIENT_SECRET: relay.account.secret };
  const said: string[] = [];
  const on = { podcast: Promise.withResolvers<string>(), over: Promise.withResolvers<void>() };
  const isHeard = Promise.withResolvers<void>();
  const log = (...words: unknown[]): void => {
    said.push(words.join(' '));
    if (words[0] === 'listen at') on.podcast.resolve(String(words[1]));
    if (words.join(' ').startsWith('over: 4003')) on.over.resolve();
  };
  async function* frames(): AsyncGenerator<Buffer> {
    // Audio begins when somebody listens.
    await isHeard.promise;
    for (const word of ['one', 'two', 'three']) yield Buffer.from(word);
  }
  const played: string[] = [];
  const names = { nacl, process: { env }, console: { log }, frames, WebSocket };
  await programUnder('A host in twenty lines', { 'http://localhost:8080': relay.url })(names);
  const url = await on.podcast.promise;

  class Listener extends WebSocket {
    constructor(address: string) {
      super(address);
      this.once('message', () => isHeard.resolve());
    }
  }
  const play = (ssrc: number, opus: Uint8Array): void =>
    void played.push(`${ssrc} ${Buffer.from(opus).toString()}`);
  const listener = programUnder('A listener in twenty lines', { 'ws://localhost:8080/?id=1234567': url });
  await listener({ ...names, WebSocket: Listener, play });

  await on.over.promise;
  expect(played).toEqual(['0 one', '0 two', '0 three']);
  expect(said).toContain('the relay says: The host left: the podcast is over.');
  expect(said).toContain('over: 4003 The host left: the podcast is over.');
});

test('the listener over UDP that PROTOCOL.md shows hears a host over UDP', async () => {
  const relay = await startTestRelay();
  const host = await udpHost(relay);
  const played: string[] = [];
  const over = Promise.withResolvers<string>();
  const heard = Promise.withResolvers<void>();
  const play = (ssrc: number, opus: Uint8Array): void => {
    played.push(`${ssrc} ${Buffer.from(opus).toString()}`);
    if (played.length === 3) heard.resolve();
  };
  const url = `${relay.socketUrl}/listen?id=${host.hello.podcast_id}`;
  const listen = programUnder('4. Events over WebSocket, audio over UDP', {
    'ws://localhost:8080/listen?id=1234567': url,
  });
  const log = (...words: unknown[]): void => over.resolve(words.join(' '));
  await listen({ nacl, WebSocket, createSocket, console: { log }, play });
  await host.client.event(4, 2);

  for (const word of ['one', 'two', 'three']) await host.sendFrame(word);
  await heard.promise;
  host.client.socket.close(1000);
  expect(await over.promise).toBe('over: 4003 The host left: the podcast is over.');
  expect(played).toEqual(['0 one', '0 two', '0 three']);
});
