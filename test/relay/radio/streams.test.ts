import { expect, describe, test } from 'vitest';
import { CLOSE } from '../../../src/protocol/close-codes.ts';
import { readIcy, readId3 } from '../../support/icy-reader.ts';
import { BareListener, playUntil, startRadioStation, until } from '../../support/radio-station.ts';

describe('a stream', () => {
  test('is answered as Icecast does, in raw bytes until it ends', async () => {
    const radio = await startRadioStation();
    const channel = radio.create({ title: 'Wörter', description: 'one\r\nline', visibility: 'public' });
    const path = `/p/${channel.podcast.id}`;
    const listener = new BareListener(radio.port, `${path}/live.mp3`);
    expect(await listener.head()).toEqual({
      '': 'HTTP/1.1 200 OK',
      'content-type': 'audio/mpeg',
      'cache-control': 'no-cache, no-store',
      'accept-ranges': 'none',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': expect.stringContaining('icy-name'),
      'x-content-type-options': 'nosniff',
      'icy-name': 'Wörter',
      'icy-description': 'one line',
      'icy-genre': 'Talk',
      'icy-url': `${radio.url}${path}`,
      'icy-br': '128',
      'icy-pub': '1',
      'ice-audio-info': 'bitrate=128;samplerate=48000;channels=2',
      connection: 'close',
    });
    expect(channel.listenersBy.radio).toBe(1);
    radio.encodings.page('mp3', Buffer.from('first page, '));
    radio.encodings.page('mp3', Buffer.from('second page'));
    expect((await listener.heard(23)).toString()).toBe('first page, second page');
    radio.encodings.page('mp3', Buffer.from(', the end'));
    radio.hub.end(channel, CLOSE.senderDisconnected);
    await listener.ended;
    expect(listener.body.toString()).toBe('first page, second page, the end');
    await until(() => channel.listenersBy.radio === 0);
  });

  test('has no line in its head that is longer than a small radio reads, cut between characters', async () => {
    const radio = await startRadioStation();
    const channel = radio.create({ description: `x${'é'.repeat(900)}` });
    const listener = new BareListener(radio.port, `/p/${channel.podcast.id}/live.mp3`);
    expect((await listener.head())['icy-description']).toBe(`x${'é'.repeat(199)}`);
  });

  test('of Ogg Opus begins with its headers and the last moments, and ignores who asks for titles', async () => {
    const radio = await startRadioStation();
    const channel = radio.create({ visibility: 'unlisted' });
    const path = `/p/${channel.podcast.id}/live.opus`;
    radio.encodings.header = Buffer.from('HEAD');
    const first = new BareListener(radio.port, path);
    await first.head();
    for (let page = 0; page < 30; page += 1) radio.encodings.page('opus', Buffer.from(`[${page}]`));
    const second = new BareListener(radio.port, path, ['Icy-MetaData: 1']);
    expect(await second.head()).toMatchObject({ 'content-type': 'audio/ogg', 'icy-pub': '0' });
    expect(await second.head()).not.toHaveProperty('icy-metaint');
    const lastTwoSeconds = Array.from({ length: 20 }, (_, index) => `[${index + 10}]`).join('');
    expect((await second.heard(4 + lastTwoSeconds.length)).toString()).toBe(`HEAD${lastTwoSeconds}`);
    // Its thread died: another stream begins behind it.
    radio.encodings.sinks.opus?.header(Buffer.from('AGAIN'));
    radio.encodings.page('opus', Buffer.from('[x]'));
    const third = new BareListener(radio.port, path);
    expect((await third.heard(8)).toString()).toBe('AGAIN[x]');
    await second.heard(4 + lastTwoSeconds.length + 8);
    expect(second.body.toString()).toBe(`HEAD${lastTwoSeconds}AGAIN[x]`);
  });

  test('with titles is in one phase for all who hear it, whenever they came', async () => {
    const radio = await startRadioStation();
    const channel = radio.create({ title: "Ann's show" });
    const path = `/p/${channel.podcast.id}/live.mp3`;
    const listeners: BareListener[] = [];
    for (let page = 0; page < 40; page += 1) {
      if (page % 10 === 0) {
        const listener = new BareListener(radio.port, path, ['icy-metadata: 1']);
        expect(await listener.head()).toMatchObject({ 'icy-metaint': '8192' });
        listeners.push(listener);
      }
      radio.encodings.page('mp3', Buffer.alloc(1536, 128 + page));
    }
    for (const [index, listener] of listeners.entries()) {
      await until(() => listener.body.at(-1) === 128 + 39);
      const { sound, titles } = readIcy(listener.body, 8192);
      expect(titles[0]).toBe("Ann's show");
      const { title, rest } = readId3(sound);
      expect(title).toBe("Ann's show");
      const from = Math.max(0, 10 * index - 20);
      expect(rest).toEqual(
        Buffer.concat(Array.from({ length: 40 - from }, (_, page) => Buffer.alloc(1536, 128 + from + page))),
      );
    }
  });

  test('is not cut by what ends slow requests', async () => {
    const radio = await startRadioStation({ limits: { HANDSHAKE_SECONDS: 1 } });
    const channel = radio.create();
    const listener = new BareListener(radio.port, `/p/${channel.podcast.id}/live.mp3`);
    await listener.head();
    // The server looks every second, by its own clock.
    const feed = setInterval(() => radio.encodings.page('mp3', Buffer.from('.')), 100);
    await listener.heard(32);
    clearInterval(feed);
    expect(listener.socket.closed).toBe(false);
  });

  test('loses what the host takes back: the last moments, and what waits', async () => {
    const radio = await startRadioStation();
    const channel = radio.create();
    const path = `/p/${channel.podcast.id}/live.mp3`;
    const first = new BareListener(radio.port, path);
    await first.head();
    radio.encodings.page('mp3', Buffer.from('secret'));
    await first.heard(6);
    radio.encodings.sinks.mp3?.retract();
    radio.encodings.page('mp3', Buffer.from('plain'));
    const second = new BareListener(radio.port, path);
    expect((await second.heard(5)).toString()).toBe('plain');
    expect((await first.heard(11)).toString()).toBe('secretplain');
  });
});

describe('a private stream', () => {
  test('wants its key, shows it nowhere, and ends when the key is changed', async () => {
    const radio = await startRadioStation();
    const channel = radio.create({ visibility: 'private' });
    const key = channel.podcast.listenKey ?? '';
    const path = `/p/${channel.podcast.id}/live.mp3`;
    expect(await new BareListener(radio.port, path).head()).toMatchObject({ '': 'HTTP/1.1 404 Not Found' });
    const listener = new BareListener(radio.port, `${path}?key=${key}`);
    expect(await listener.head()).toMatchObject({ '': 'HTTP/1.1 200 OK', 'icy-pub': '0' });
    expect(listener.received.toString()).not.toContain(key);
    radio.hub.renewListenKey(channel);
    await listener.ended;
    expect(radio.encodings.sinks).toEqual({});
    const again = new BareListener(radio.port, `${path}?key=${channel.podcast.listenKey}`);
    await again.head();
    radio.encodings.page('mp3', Buffer.from('sound'));
    expect((await again.heard(5)).toString()).toBe('sound');
    expect(radio.logLines.join('\n')).not.toContain(key);
  });
});

test('a station is there while somebody listens, and a little longer', async () => {
  const radio = await startRadioStation();
  const channel = radio.create();
  const path = `/p/${channel.podcast.id}/live.mp3`;
  const [one, other] = [
    new BareListener(radio.port, path),
    new BareListener(radio.port, path, ['Icy-MetaData: 1']),
  ];
  await Promise.all([one.head(), other.head()]);
  one.socket.destroy();
  await playUntil(radio, () => channel.listenersBy.radio === 1);
  other.socket.destroy();
  await playUntil(radio, () => channel.listenersBy.radio === 0);
  radio.clock.advance(3000);
  radio.encodings.page('mp3', Buffer.from('still there'));
  const back = new BareListener(radio.port, path);
  await until(() => back.body.includes('still there'));
  radio.clock.advance(3000);
  expect(Object.keys(radio.encodings.sinks)).toEqual(['mp3']);
  back.socket.destroy();
  await playUntil(radio, () => channel.listenersBy.radio === 0);
  radio.clock.advance(5000);
  expect(radio.encodings.sinks).toEqual({});
  await new BareListener(radio.port, path).head();
  expect(channel.listenersBy.radio).toBe(1);
});
