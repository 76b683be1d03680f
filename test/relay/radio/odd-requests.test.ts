import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { playUntil, startRadioStation, until } from '../../support/radio-station.ts';

/** Of a server that is not talked to. */
const HANDSHAKE_SECONDS = 0.3;

/** One that says what it wants to, on a bare socket. */
class Odd {
  readonly socket: Socket;
  received = '';

  constructor(port: number, said: string) {
    this.socket = connect(port, '127.0.0.1', () => this.socket.write(said));
    onTestFinished(() => void this.socket.destroy());
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk) => (this.received += chunk.toString('latin1')));
  }
}

async function startOdd() {
  const radio = await startRadioStation({ limits: { HANDSHAKE_SECONDS } });
  const channel = radio.create();
  const path = `/p/${channel.podcast.id}/live.mp3`;
  /** All that is heard, until the server has looked for whoever keeps it waiting. */
  const heardOf = async (said: string): Promise<string> => {
    const odd = new Odd(radio.port, said);
    await until(() => channel.listenersBy.radio === 1);
    const waiting = new Odd(radio.port, 'GET / HTTP/1.1\r\nHost: ');
    await once(waiting.socket, 'close');
    expect(waiting.received).toMatch(/^HTTP\/1.1 408 /);
    radio.encodings.page('mp3', Buffer.from('the page'));
    await until(() => odd.received.endsWith('the page') || odd.socket.closed);
    return odd.received;
  };
  return { radio, channel, path, heardOf };
}

const STREAM = /^HTTP\/1\.1 200 OK\r\n([\w-]+: [^\r]*\r\n)+\r\nthe page$/;

test.each([
  ['with half a body', 'Content-Length: 100\r\n\r\nhalf a bo'],
  ['with a body in chunks that does not end', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
  ['with half of another request behind it', '\r\nGET /list HTTP/1.1\r\nHo'],
  ['with another request behind it', '\r\nGET /list HTTP/1.1\r\nHost: x\r\n\r\n'],
])('whoever asks for a stream %s hears nothing but the stream', async (_what, rest) => {
  const { path, heardOf } = await startOdd();
  expect(await heardOf(`GET ${path} HTTP/1.1\r\nHost: x\r\n${rest}`)).toMatch(STREAM);
});

test('whoever says what is no request in one breath with its request is refused, and is no listener', async () => {
  const { radio, channel, path } = await startOdd();
  const odd = new Odd(radio.port, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n\0\0 rubbish \r\n\r\n`);
  await once(odd.socket, 'close');
  expect(odd.received).toMatch(/^HTTP\/1\.1 400 .*invalid_request/s);
  expect(odd.received).not.toContain('200 OK');
  expect(channel.listenersBy.radio).toBe(0);
});

test('whoever speaks HTTP/1.0 need not say to which host', async () => {
  const { path, heardOf } = await startOdd();
  expect(await heardOf(`GET ${path} HTTP/1.0\r\n\r\n`)).toMatch(STREAM);
});

test('whoever expects to be told to go on is told so, and hears the stream', async () => {
  const { path, heardOf } = await startOdd();
  const heard = await heardOf(`GET ${path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n`);
  const [goOn, ...stream] = heard.split('\r\n\r\n');
  expect(goOn).toBe('HTTP/1.1 100 Continue');
  expect(stream.join('\r\n\r\n')).toMatch(STREAM);
});

test('whoever resets the connection is gone, and the others hear on', async () => {
  const { radio, channel, path } = await startOdd();
  const [stays, resets] = [0, 1].map(() => new Odd(radio.port, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`));
  await until(() => channel.listenersBy.radio === 2);
  resets?.socket.resetAndDestroy();
  await playUntil(radio, () => channel.listenersBy.radio === 1);
  radio.encodings.page('mp3', Buffer.from('the page'));
  await until(() => stays?.received.endsWith('the page') ?? false);
});
