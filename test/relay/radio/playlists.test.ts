import { expect, test } from 'vitest';
import { CLOSE } from '../../../src/protocol/close-codes.ts';
import { BareListener, startRadioStation } from '../../support/radio-station.ts';

test('the playlists name the stream, in one line each whatever the title is', async () => {
  const radio = await startRadioStation();
  const channel = radio.create({ title: 'Wörter\nhttp://evil.example/x' });
  const url = `${radio.url}/p/${channel.podcast.id}/live`;
  const m3u = await fetch(`${url}.m3u`);
  expect(await m3u.text()).toBe(`#EXTM3U\n#EXTINF:-1,Wörter http://evil.example/x\n${url}.mp3\n`);
  expect(Object.fromEntries(m3u.headers)).toMatchObject({
    'content-type': 'audio/x-mpegurl; charset=utf-8',
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
  });
  const pls = await fetch(`${url}.pls`);
  expect(pls.headers.get('content-type')).toBe('audio/x-scpls; charset=utf-8');
  expect(await pls.text()).toBe(
    `[playlist]\nNumberOfEntries=1\nFile1=${url}.mp3\nTitle1=Wörter http://evil.example/x\nLength1=-1\nVersion=2\n`,
  );
  const head = await fetch(`${url}.pls`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('the playlists of a private podcast carry its key, and lead where the proxy is', async () => {
  const radio = await startRadioStation({ publicUrl: 'https://cast.example/relay' });
  const { podcast } = radio.create({ title: '', visibility: 'private' });
  const path = `${radio.url}/p/${podcast.id}/live.m3u`;
  expect((await fetch(path)).status).toBe(404);
  const answer = await fetch(`${path}?key=${podcast.listenKey}`);
  expect(await answer.text()).toBe(
    `#EXTM3U\n#EXTINF:-1,Podcast ${podcast.id}\nhttps://cast.example/relay/p/${podcast.id}/live.mp3?key=${podcast.listenKey}\n`,
  );
});

test('the status is what Icecast has for its sources: the public podcasts on air', async () => {
  const radio = await startRadioStation({ publicUrl: 'https://cast.example' });
  const status = async (): Promise<{ icestats: { source?: unknown } }> =>
    (await (await fetch(`${radio.url}/status-json.xsl`)).json()) as never;
  const waiting = radio.create();
  const channels = [radio.create({ title: 'Open', guild: 'Here' }), radio.create({ visibility: 'unlisted' })];
  expect(await status()).toEqual({ icestats: { server_id: 'Guildcast' } });
  for (const channel of channels) radio.hub.takeUp(channel, { dismiss: () => undefined });
  const [open] = channels;
  const page = `https://cast.example/p/${open?.podcast.id}`;
  await new BareListener(radio.port, `/p/${open?.podcast.id}/live.opus`).head();
  const { source } = (await status()).icestats;
  const common = {
    channels: 2,
    genre: 'Talk',
    samplerate: 48_000,
    server_description: '',
    server_name: 'Open',
    server_url: page,
    stream_start_iso8601: '2026-01-01T00:00:00.000Z',
    title: 'Here - Open',
  };
  expect(source).toMatchObject([
    { ...common, listenurl: `${page}/live.mp3`, listeners: 0, server_type: 'audio/mpeg', bitrate: 128 },
    { ...common, listenurl: `${page}/live.opus`, listeners: 1, server_type: 'audio/ogg' },
  ]);
  for (const channel of [...channels, waiting]) radio.hub.end(channel, CLOSE.senderDisconnected);
  expect((await status()).icestats).not.toHaveProperty('source');
});
