import { describe, expect, test } from 'vitest';
import { makePodcast, NaiveClient } from '../support/naive-client.ts';
import { NaiveUdpClient } from '../support/naive-udp-client.ts';
import { startTestRelay } from '../support/test-relay.ts';
import { headersOf, udpHost } from '../support/udp-on-air.ts';

/** An event that no version of the contract knows yet, and costs as much to read as JSON of its length can. */
function nested(bytes: number): string {
  const depth = Math.floor((bytes - 13) / 2);
  return `{"t":99,"d":${'['.repeat(depth)}${']'.repeat(depth)}}`.padEnd(bytes);
}

function longestSpeaker(_: unknown, index: number): string {
  return `{"ssrc": ${4_294_967_295 - index}, "name": "${String.raw`\u6728`.repeat(32)}"}`;
}

/** 64 speakers as a careful writer of JSON writes them: spaces between, everything escaped. */
function longestSpeakers(): string {
  return `{"speakers": [${Array.from({ length: 64 }, longestSpeaker).join(', ')}]}`;
}

describe('a message of more than 4096 bytes', () => {
  test('of a listener is not even read: 4002; one of 4096 bytes is', async () => {
    const relay = await startTestRelay();
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const listener = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}&audio=websocket`);
    await listener.event(4);
    listener.socket.send(nested(4096));
    listener.socket.send(nested(4097));
    expect(await listener.ending).toEqual({
      code: 4002,
      reason: 'This is a message of 4097 bytes of a listener: 4096 is the most.',
    });
  });

  test('of a host counts as Speakers before it is read: a host cannot keep the relay busy with reading', async () => {
    const relay = await startTestRelay({ limits: { SPEAKERS_PER_SECOND: 2 } });
    const { client } = await udpHost(relay);
    for (let message = 0; message < 5; message += 1) client.socket.send(nested(14_528));
    expect(await client.ending).toEqual({ code: 4009, reason: 'A host sends at most 2 Speakers a second.' });
  });

  test('is the longest list of speakers, however it is written, and counts once; by either lane', async () => {
    const relay = await startTestRelay({ limits: { SPEAKERS_PER_SECOND: 2 } });
    const { client, hello } = await udpHost(relay);
    const { id, url } = await makePodcast(relay.url, headersOf(relay));
    const packets = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
    await packets.hello;
    for (let list = 0; list < 4; list += 1) {
      client.socket.send(`{"t": 9, "data": ${longestSpeakers()}}`);
      packets.socket.send(Buffer.from(`\0{"type": 3, "content": ${longestSpeakers()}}`));
    }
    for (const podcast of [hello.podcast_id, id]) {
      const listener = new NaiveUdpClient(
        `${relay.socketUrl}/listen?id=${podcast}&audio=websocket&events=all`,
      );
      while (!JSON.stringify(listener.messages).includes('木'.repeat(32))) {
        relay.clock.advance(10);
        await new Promise(setImmediate);
      }
    }
    expect(relay.count('close-4009')).toBe(0);
  });
});
