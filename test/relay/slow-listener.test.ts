import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { accountHeaders, makePodcast, NaiveClient } from '../support/naive-client.ts';
import { startTestRelay } from '../support/test-relay.ts';

test('4008: a listener that stopped reading is closed, while another hears every packet', async () => {
  const relay = await startTestRelay({
    limits: { TOO_SLOW_SECONDS: 2, HOST_MESSAGES_PER_SECOND: 1_000_000 },
  });
  const headers = accountHeaders(2023, relay.account.id, relay.account.secret);
  const { id, url } = await makePodcast(relay.url, headers);
  const host = new NaiveClient(url, { ...headers, isSender: 'true' });
  const [quick, slow] = [new NaiveClient(url), new NaiveClient(url)];
  await Promise.all([host.hello, quick.hello, slow.hello]);
  slow.socket.pause();

  // Some megabytes vanish into the kernel's buffers before the relay feels anything.
  let sent = 0;
  const sendSome = async (): Promise<void> => {
    // No more at once than the relay keeps for somebody who reads in the next turn.
    for (let i = 0; i < 20; i += 1) host.socket.send(Buffer.concat([Buffer.of(1), randomBytes(1315)]));
    sent += 20;
    await quick.heard(sent);
  };
  while (relay.count('slow-listener') === 0) await sendSome();
  expect(relay.count('close-4008')).toBe(0);
  relay.clock.advance(2000);
  await sendSome();
  expect(relay.count('close-4008')).toBe(1);

  slow.socket.resume();
  expect(await slow.ending).toMatchObject({ code: 4008, disconnect: { code: 4008 } });
  expect(slow.packets.length).toBeLessThan(sent);
  // What it did get is the beginning, whole and in order.
  expect(slow.packets).toEqual(quick.packets.slice(0, slow.packets.length));

  await sendSome();
  await relay.counted('packets-in', sent);
  expect(quick.packets).toHaveLength(sent);
  host.socket.close(1000);
  await quick.ending;
  const ended = relay.logLines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'podcast ended');
  expect(ended).toMatchObject({
    podcast: id,
    packets: sent,
    listenersPeak: 2,
    drops: relay.count('slow-listener'),
  });
});
