import { describe, expect, test } from 'vitest';
import { accountHeaders, makePodcast, NaiveClient } from '../support/naive-client.ts';
import { startTestRelay, type TestRelay } from '../support/test-relay.ts';

interface OnAir {
  readonly relay: TestRelay;
  readonly url: string;
  readonly hostHeaders: Record<string, string>;
  readonly host: NaiveClient;
  readonly listener: NaiveClient;
  readonly token: string;
}

async function onAir(): Promise<OnAir> {
  const relay = await startTestRelay();
  const headers = accountHeaders(2023, relay.account.id, relay.account.secret);
  const { id } = await makePodcast(relay.url, headers);
  const url = `${relay.socketUrl}/?id=${id}`;
  const hostHeaders = { ...headers, isSender: 'true' };
  const host = new NaiveClient(`${url}&events=all`, hostHeaders);
  const listener = new NaiveClient(url);
  const [hello] = await Promise.all([host.hello, listener.hello]);
  return { relay, url, hostHeaders, host, listener, token: String(hello.resume_token) };
}

describe('a host whose connection dropped', () => {
  test('comes back with its token alone: same key, and the listeners that stayed hear it', async () => {
    const { relay, url, host, listener, token } = await onAir();
    host.sendFrame(Buffer.from('before'));
    await listener.heard(1);
    host.socket.terminate();
    await relay.logged('podcast interrupted');
    relay.clock.advance(4999);

    const again = new NaiveClient(`${url}&resume=${token}`);
    expect((await again.hello).secretKey).toEqual((await host.hello).secretKey);
    again.sendFrame(Buffer.from('after'));
    await listener.heard(2);
    expect(listener.frames()).toEqual(['before', 'after']);
    relay.clock.advance(6000);
    again.sendFrame(Buffer.from('for good'));
    await listener.heard(3);
  });

  test('comes back with its account, as clients do that never heard of tokens', async () => {
    const { relay, url, host, listener, hostHeaders } = await onAir();
    host.socket.terminate();
    await relay.logged('podcast interrupted');
    const again = new NaiveClient(url, hostHeaders);
    await again.hello;
    again.sendFrame(Buffer.from('after'));
    await listener.heard(1);
    expect(listener.frames()).toEqual(['after']);
  });

  test('takes over from its old connection when the relay has not noticed yet', async () => {
    const { relay, url, host, listener, token } = await onAir();
    const again = new NaiveClient(`${url}&resume=${token}`);
    await again.hello;
    expect(await host.ending).toMatchObject({
      code: 4004,
      disconnect: { code: 4004, reason: 'The host came back on another connection.' },
    });
    again.sendFrame(Buffer.from('after'));
    await listener.heard(1);
    // The end of the old connection is not the end of the podcast.
    relay.clock.advance(6000);
    again.sendFrame(Buffer.from('for good'));
    await listener.heard(2);
  });

  test('may use its token again, because the Hello with a new one could be lost as well', async () => {
    const { relay, url, host, token } = await onAir();
    host.socket.terminate();
    await relay.logged('podcast interrupted');
    const second = new NaiveClient(`${url}&resume=${token}`);
    await second.hello;
    second.socket.terminate();
    await relay.logged('podcast interrupted', 2);
    const third = new NaiveClient(`${url}&resume=${token}&events=all`);
    expect((await third.hello).resume_token).toBe(token);
  });

  test('is refused with 4001 when its token is not of this podcast', async () => {
    const { url, token, hostHeaders } = await onAir();
    const wrong = new NaiveClient(`${url}&resume=${token.slice(0, -1)}`, hostHeaders);
    expect(await wrong.ending).toMatchObject({ code: 4001, disconnect: { code: 4001 } });
  });

  test('finds the podcast over when it comes too late', async () => {
    const { relay, url, host, listener, token } = await onAir();
    host.socket.terminate();
    await relay.logged('podcast interrupted');
    relay.clock.advance(5000);
    expect(await listener.ending).toMatchObject({ code: 4003, disconnect: { code: 4003 } });
    expect((await new NaiveClient(`${url}&resume=${token}`).ending).code).toBe(4006);
  });
});

describe('a host that leaves', () => {
  test.each([
    ['with 1000', 1000],
    ['without any code', undefined],
  ])('%s ends the podcast at once', async (_, code) => {
    const { host, listener } = await onAir();
    host.sendFrame(Buffer.from('good night'));
    host.socket.close(code);
    expect((await listener.ending).code).toBe(4003);
    expect(listener.frames()).toEqual(['good night']);
  });

  test.each([
    ['a packet too short', Buffer.alloc(5, 1)],
    ['a message too large', Buffer.alloc(10_000, 1)],
  ])('has not left when it answers its dismissal for %s with 1000', async (_, message) => {
    const { relay, host, listener, url, hostHeaders } = await onAir();
    host.socket.on('message', () => host.socket.close(1000));
    host.socket.send(message);
    await host.ending;
    await relay.logged('podcast interrupted');
    const again = new NaiveClient(url, hostHeaders);
    await again.hello;
    again.sendFrame(Buffer.from('after'));
    await listener.heard(1);
  });

  test('with another code only interrupts it', async () => {
    const { relay, host, listener } = await onAir();
    host.socket.close(1001);
    await relay.logged('podcast interrupted');
    expect(listener.socket.readyState).toBe(listener.socket.OPEN);
  });
});
