import { createServer, get, type IncomingMessage, request } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { PodcastListener } from '../../../src/client/podcast-listener.ts';
import { DEFAULT_LIMITS } from '../../../src/protocol/limits.ts';
import { openInChromium } from '../../support/browser.ts';
import { decodedByFfmpeg } from '../../support/ffmpeg.ts';
import { hearsSound } from '../../support/heard-sound.ts';
import { playlistBehind, readPlaylist } from '../../support/hls-playlist.ts';
import { startNginx } from '../../support/nginx.ts';
import { playInFfmpeg } from '../../support/players.ts';
import { hasPlaylist, startTalkingRelay, TALKER_SSRC } from '../../support/talking-relay.ts';

/** Stands between nginx and the relay, and says what was asked for. */
async function countedRelay(relayUrl: string): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((question, answer) => {
    asked.push(question.url ?? '');
    const { method, headers, url = '' } = question;
    const through = request(new URL(url, relayUrl), { method, headers, agent: false }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    through.on('error', () => answer.destroy());
    answer.on('close', () => through.destroy());
    question.pipe(through);
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, asked };
}

/** What the playlist behind a link names. */
async function segmentsOf(link: string): Promise<string[]> {
  const playlist = await playlistBehind(link);
  const { segments } = readPlaylist(await (await fetch(playlist)).text());
  return segments.flatMap(({ map, uri }) => [new URL(map, playlist).href, new URL(uri, playlist).href]);
}

test('nginx fetches a segment once, whoever asks for it, and answers parts itself', async () => {
  const { relay, host, look } = await startTalkingRelay();
  const { port, asked } = await countedRelay(relay.url);
  const nginx = await startNginx(port);
  onTestFinished(() => nginx.stop());
  const link = `${nginx.url}/p/${host.podcast.id}/live.m3u8`;
  await hasPlaylist(link);
  const [init = '', segment = ''] = await segmentsOf(link);
  for (const url of [init, segment]) {
    const all = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const answer = await fetch(url);
        return [answer.status, answer.headers.get('cache-control'), (await answer.bytes()).length];
      }),
    );
    expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(all[0]).toEqual([200, 'public, max-age=31536000, immutable', expect.any(Number)]);
    expect(asked.filter((path) => url.endsWith(path))).toHaveLength(1);
    const part = await fetch(url, { headers: { range: 'bytes=4-7' } });
    expect([part.status, (await part.bytes()).length]).toEqual([206, 4]);
    expect(asked.filter((path) => url.endsWith(path))).toHaveLength(1);
  }
  expect((await fetch(segment.replace(/\d+\.m4s/, '1.m4s'))).status).toBe(404);
  expect((await look()).listeners_by.hls).toBe(0);
  expect(nginx.log()).toContain(' HIT\n');
});

test('nginx keeps where silence is that took the place of what was taken back, and who comes is not given what it has of that', async () => {
  const { relay, host } = await startTalkingRelay();
  const { port, asked } = await countedRelay(relay.url);
  const nginx = await startNginx(port);
  onTestFinished(() => nginx.stop());
  const link = `${nginx.url}/p/${host.podcast.id}/live.m3u8`;
  await hasPlaylist(link);
  const soundOf = async (): Promise<string[]> =>
    (await segmentsOf(link)).filter((url) => /\/\d+\.m4s$/.test(url));
  // Three are the silence of the beginning.
  await vi.waitUntil(async () => (await soundOf()).length === 5, { timeout: 20_000, interval: 100 });
  const [known = '', unknown = ''] = (await soundOf()).slice(3);
  const sound = await (await fetch(known)).bytes();
  host.retract(TALKER_SSRC);
  await vi.waitUntil(async () => (await segmentsOf(link)).some((url) => url.endsWith('-silence.m4s')));
  const silent = (await segmentsOf(link)).filter((url) => url.endsWith('-silence.m4s'));
  for (const url of silent) expect((await (await fetch(url)).bytes()).length).toBeLessThan(sound.length / 4);
  const led = await Promise.all(Array.from({ length: 20 }, () => fetch(unknown)));
  expect(new Set(led.map(({ status, url }) => `${status} ${url}`))).toEqual(
    new Set([`200 ${unknown.replace('.m4s', '-silence.m4s')}`]),
  );
  expect(asked.filter((path) => unknown.endsWith(path))).toHaveLength(1);
  // What has gone out cannot be called back; its address is in no playlist of who comes now.
  expect(await (await fetch(known)).bytes()).toEqual(sound);
  expect(await soundOf()).not.toContain(known);
});

test('through nginx come HLS and packets, and no key is logged', async () => {
  const { relay, host, look } = await startTalkingRelay({ visibility: 'private' });
  const nginx = await startNginx(relay.port);
  onTestFinished(() => nginx.stop());
  const { id, listen_key: key = '' } = host.podcast;
  const link = `${nginx.url}/p/${id}/live.m3u8?key=${key}`;
  await hasPlaylist(link);
  const listener = new PodcastListener({ relay: nginx.url, podcastId: id, listenKey: key });
  onTestFinished(() => listener.close());
  const [played] = await Promise.all([
    playInFfmpeg(link, { seconds: 7, args: ['-re'] }),
    once(listener, 'frame'),
  ]);
  expect(played.exitStatus, played.words).toBe(0);
  expect(played.samples.length / 48_000).toBeGreaterThan(6);
  expect((await look()).listeners_by).toMatchObject({ hls: 1, websocket: 1 });
  expect(nginx.log()).toContain(`"GET /p/${id}/live.m3u8" 200`);
  expect(nginx.log()).not.toContain(key);
});

test('many who ask at once for a private segment do not wait for one another in nginx, and find it in no cache', async () => {
  const { relay, host } = await startTalkingRelay({ visibility: 'private' });
  const nginx = await startNginx(relay.port);
  onTestFinished(() => nginx.stop());
  const { id, listen_key: key = '' } = host.podcast;
  const link = `${nginx.url}/p/${id}/live.m3u8?key=${key}`;
  await hasPlaylist(link);
  const [, segment = ''] = await segmentsOf(link);
  const bare = segment.replace(/\?.*/, '');
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? fetch(segment) : fetch(bare, { headers: { listen_key: key } }),
    ),
  );
  // nginx waits only where it looks into its cache.
  expect(new Set(answers.map(({ status, headers }) => `${status} ${headers.get('x-cache')}`))).toEqual(
    new Set(['200 BYPASS']),
  );
  expect((await fetch(bare)).status).toBe(404);
});

/** Asks from an address of this machine, as people ask from theirs. */
async function askFrom(localAddress: string, url: string): Promise<IncomingMessage> {
  const asking = get(url, { localAddress, agent: false });
  asking.on('error', () => undefined);
  onTestFinished(() => void asking.destroy());
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return answer;
}

/** So many bytes of a stream that never ends; then its listener leaves. */
async function bytesOf(stream: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= most) break;
  }
  return Buffer.concat(chunks);
}

function peak(samples: Float32Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

test('through nginx come both streams and the page with its sound, each counted at the address of who listens', async () => {
  const limits = { ...DEFAULT_LIMITS, REST_REQUESTS_PER_MINUTE: 100_000, LISTENERS_PER_ADDRESS: 1 };
  const { relay, host, look } = await startTalkingRelay({ visibility: 'private', options: { limits } });
  const nginx = await startNginx(relay.port);
  onTestFinished(() => nginx.stop());
  const { id, listen_key: key = '' } = host.podcast;
  const addressOf = (name: string): string => `${nginx.url}/p/${id}/${name}?key=${key}`;
  for (const address of ['127.0.0.2', '127.0.0.3']) {
    expect(await text(await askFrom(address, `${nginx.url}/ip`))).toBe(address);
  }
  const [mp3, opus] = await Promise.all([
    askFrom('127.0.0.2', addressOf('live.mp3')),
    askFrom('127.0.0.3', addressOf('live.opus')),
  ]);
  expect([mp3.statusCode, opus.statusCode]).toEqual([200, 200]);
  // One for each address; were all of them nginx's, the second were one too many already.
  const more = await askFrom('127.0.0.2', addressOf('live.opus'));
  expect([more.statusCode, await text(more)]).toEqual([503, expect.stringContaining('Your address')]);
  const listening = await openInChromium(`${nginx.url}/p/${id}?key=${key}`);
  await listening.click('button');
  await hearsSound(listening, 1);
  await vi.waitUntil(async () => (await look()).listeners === 3, { timeout: 10_000 });
  expect((await look()).listeners_by).toMatchObject({ radio: 2, page: 1 });
  const heard = await Promise.all([bytesOf(mp3, 64_000), bytesOf(opus, 32_000)]);
  expect(peak(decodedByFfmpeg(heard[0], 'mp3', { isCut: true }))).toBeGreaterThan(0.05);
  expect(peak(decodedByFfmpeg(heard[1], 'ogg', { isCut: true }))).toBeGreaterThan(0.05);
  // A line is written when its stream is over.
  await vi.waitUntil(
    () => nginx.log().includes('/live.mp3" 200') && nginx.log().includes('/live.opus" 200'),
    {
      timeout: 10_000,
    },
  );
  expect(nginx.log()).toMatch(new RegExp(`^127\\.0\\.0\\.2 .*"GET /p/${id}/live\\.mp3" 200 `, 'm'));
  expect(nginx.log()).toMatch(new RegExp(`^127\\.0\\.0\\.3 .*"GET /p/${id}/live\\.opus" 200 `, 'm'));
  expect(nginx.log()).toContain(`"GET /p/${id}" 200`);
  expect(nginx.log()).not.toContain(key);
}, 60_000);
