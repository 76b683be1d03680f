import { randomBytes } from 'node:crypto';
import opus from '@discordjs/opus';
import { describe, expect, test } from 'vitest';
import { loadSpeech, speechFiles } from '../../../simulator/speech.ts';
import { makePodcast, NaiveClient } from '../../support/naive-client.ts';
import { NaiveProgrammeListener, type ProgrammeFrame } from '../../support/naive-programme.ts';
import { NaiveUdpClient } from '../../support/naive-udp-client.ts';
import { startTestRelay, type TestRelay } from '../../support/test-relay.ts';
import { headersOf, udpHost } from '../../support/udp-on-air.ts';

const SILENCE = Buffer.from('f8fffe', 'hex');
const AUDIO = ['websocket', 'udp'] as const;

function open(relay: TestRelay, id: number, audio: 'websocket' | 'udp' = 'websocket', query = '') {
  return NaiveProgrammeListener.open(relay.socketUrl, id, audio, { query });
}

/**
 * Only where a busy machine stood still, which is counted, may frames be missing: those that were too late for UDP, and
 * those for which the worker had no time.
 * @throws AssertionError unless it is one stream without any other gap
 */
function expectContinuous(relay: TestRelay, frames: readonly ProgrammeFrame[]): void {
  const [first] = frames;
  if (!first) throw new Error('nothing came');
  for (const [index, { ssrc, sequence, timestamp }] of frames.entries()) {
    const step = (sequence - first.sequence) & 0xffff;
    const frameTimes = ((timestamp - first.timestamp) >>> 0) / 960;
    expect(ssrc).toBe(first.ssrc);
    expectBetween(step - index, 0, relay.datagrams().late);
    expectBetween(frameTimes - step, 0, relay.count('programme-skipped'));
  }
}

function expectBetween(whole: number, least: number, most: number): void {
  expect(Number.isInteger(whole)).toBe(true);
  expect(whole).toBeGreaterThanOrEqual(least);
  expect(whole).toBeLessThanOrEqual(most);
}

/** A nonce as senders with RTP write it. */
function rtpNonce(ssrc: number, sequence: number): Buffer {
  const nonce = Buffer.alloc(24);
  nonce.writeUInt16BE(0x8078, 0);
  nonce.writeUInt16BE(sequence & 0xffff, 2);
  nonce.writeUInt32BE((sequence * 960) >>> 0, 4);
  nonce.writeUInt32BE(ssrc, 8);
  nonce.writeUInt32BE(sequence, 20);
  return nonce;
}

async function packetHost(relay: TestRelay): Promise<{ host: NaiveClient; id: number }> {
  const { id, url } = await makePodcast(relay.url, headersOf(relay));
  const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
  await host.hello;
  return { host, id };
}

/** Each speaker says one frame for each that comes of the programme, which so is the clock. */
async function speak(
  host: NaiveClient,
  listener: NaiveProgrammeListener,
  speakers: readonly (readonly Buffer[])[],
  count: number,
): Promise<void> {
  const before = (await listener.heard()).length;
  for (let index = 0; index < count; index += 1) {
    for (const [speaker, frames] of speakers.entries()) {
      const frame = frames[index];
      if (frame) host.sendFrame(frame, rtpNonce(speaker + 1, index + 1));
    }
    await listener.frames(before + index + 1);
  }
}

/** Where frames stand in their stream: what two who hear one stream have in common. */
function placesOf(frames: readonly ProgrammeFrame[]): string[] {
  return frames.map(({ ssrc, sequence, timestamp }) => `${ssrc} ${sequence} ${timestamp}`);
}

/** Time passes, and programmes go on meanwhile. */
async function passing(relay: TestRelay, stepsMs: readonly number[]): Promise<void> {
  for (const ms of stepsMs) {
    relay.clock.advance(ms);
    await relay.counted('programme-frames', relay.count('programme-frames') + 1);
  }
}

function loudest(pcm: Buffer): number {
  let peak = 0;
  for (let offset = 0; offset < pcm.length; offset += 2)
    peak = Math.max(peak, Math.abs(pcm.readInt16LE(offset)));
  return peak;
}

describe.each(AUDIO)('the programme over %s', (audio) => {
  test('comes without a gap: one SSRC, sequence +1, timestamp +960, true silence while nobody speaks', async () => {
    const relay = await startTestRelay();
    const { hello } = await udpHost(relay);
    const listener = await open(relay, hello.podcast_id, audio);
    const frames = await listener.frames(50);
    expectContinuous(relay, frames);
    expect(new Set(frames.map((frame) => frame.opus.toString('hex')))).toEqual(
      new Set([SILENCE.toString('hex')]),
    );
    expect(relay.count('programme-frames')).toBeGreaterThanOrEqual(50);
  });

  test('is what one Opus decoder makes sound of while three speak at once, and silence again after them', async () => {
    const relay = await startTestRelay();
    const { host, id } = await packetHost(relay);
    const listener = await open(relay, id, audio);
    const speeches = await Promise.all(Object.values(speechFiles).map((file) => loadSpeech(file)));
    const speakers = speeches.map(({ frames }) => frames.slice(100, 175));
    await speak(host, listener, speakers, 75);
    const spoken = await listener.heard();
    expectContinuous(relay, spoken);
    const decoder = new opus.OpusEncoder(48_000, 2);
    const sound = spoken.map((frame) => decoder.decode(frame.opus));
    expect(new Set(sound.map(({ length }) => length))).toEqual(new Set([960 * 2 * 2]));
    expect(Math.max(...sound.map(loudest))).toBeGreaterThan(1000);
    for (;;) {
      const frames = await listener.frames((await listener.heard()).length + 1);
      expectContinuous(relay, frames);
      if (frames.at(-1)?.opus.equals(SILENCE)) break;
    }
  });

  test('ends with the podcast: End, then 4003', async () => {
    const relay = await startTestRelay();
    const { client, hello } = await udpHost(relay);
    const listener = await open(relay, hello.podcast_id, audio);
    await listener.frames(1);
    client.socket.close(1000);
    expect((await listener.client.ending).code).toBe(4003);
    expect(listener.client.messages.at(-1)).toEqual({ t: 5, data: {} });
  });
});

describe('a programme', () => {
  test('leaves the tracks of its podcast as they are', async () => {
    const relay = await startTestRelay();
    const { host, id } = await packetHost(relay);
    const programme = await open(relay, id);
    const tracks = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}&audio=websocket`);
    await tracks.event(4);
    const plain = new NaiveClient(`${relay.socketUrl}/?id=${id}&stream=programme`);
    await plain.hello;
    const frames = Array.from({ length: 20 }, (_, index) => Buffer.from(`\xfcframe ${index}`, 'latin1'));
    for (const frame of frames) host.sendFrame(frame);
    await Promise.all([tracks.heard(20), plain.heard(20), programme.frames(20)]);
    expect(plain.frames()).toEqual(frames.map(String));
    expect(tracks.packets).toEqual(plain.packets);
    expectContinuous(relay, await programme.heard());
  });

  test('goes on whatever a host sends in place of Opus, from however many sources', async () => {
    const relay = await startTestRelay({ limits: { HOST_MESSAGES_PER_SECOND: 100_000 } });
    const { host, id } = await packetHost(relay);
    const listener = await open(relay, id);
    await listener.frames(1);
    for (let index = 0; index < 2000; index += 1) {
      const bytes = randomBytes(1 + (index % 1275));
      const hasRtp = index % 3 !== 0;
      if (hasRtp) host.sendFrame(bytes, rtpNonce(index % 100, index * 7919));
      else host.sendFrame(bytes);
      if (index % 100 === 0) await listener.frames((await listener.heard()).length + 1);
    }
    // Sealed with another key: it opens nowhere.
    host.socket.send(Buffer.concat([Buffer.of(1), randomBytes(100)]));
    await relay.counted('programme-unopened', 1);
    expectContinuous(relay, await listener.frames((await listener.heard()).length + 20));
    for (const loss of ['malformed', 'displaced'] as const) await relay.counted(`programme-${loss}`, 1);
    expect(relay.count('programme-fault')).toBe(0);
    expect(relay.count('programme-worker-lost')).toBe(0);
  });

  test('is one for all who want it, however they get it', async () => {
    const relay = await startTestRelay();
    const { hello } = await udpHost(relay);
    const one = await open(relay, hello.podcast_id, 'websocket');
    const two = await open(relay, hello.podcast_id, 'udp');
    await Promise.all([one.frames(20), two.frames(20)]);
    const ofOne = placesOf(await one.heard());
    expect(placesOf(await two.heard()).filter((place) => ofOne.includes(place)).length).toBeGreaterThan(10);
  });

  test('costs nothing when nobody has wanted it for 5 s; who comes back before finds it going on', async () => {
    const relay = await startTestRelay();
    const [first, second] = [await udpHost(relay), await udpHost(relay)];
    const leaver = await open(relay, first.hello.podcast_id);
    const [before] = await leaver.frames(1);
    const { timers } = relay.clock;
    leaver.client.socket.close();
    await relay.waiting(timers + 1);
    await passing(relay, [1000, 1000, 1000, 1000, 999]);
    const back = await open(relay, first.hello.podcast_id);
    await passing(relay, Array<number>(10).fill(1000));
    const [after] = await back.frames(5);
    expect(after?.ssrc).toBe(before?.ssrc);

    back.client.socket.close();
    await relay.waiting(timers + 1);
    await passing(relay, [1000, 1000, 1000, 1000]);
    relay.clock.advance(1000);
    const made = relay.count('programme-frames');
    const other = await open(relay, second.hello.podcast_id);
    await other.frames(20);
    // What the worker had made by then may still come in.
    expect(relay.count('programme-frames') - made - (await other.heard()).length).toBeLessThanOrEqual(2);
    const [anew] = await (await open(relay, first.hello.podcast_id)).frames(1);
    expect(anew?.ssrc).not.toBe(before?.ssrc);
  });

  test('is refused with 4009 when the relay makes as many as it may, and the tracks are not', async () => {
    const relay = await startTestRelay({ programmeThreads: 1, limits: { PROGRAMMES_PER_THREAD: 1 } });
    const [first, second] = [await udpHost(relay), await udpHost(relay)];
    const one = await open(relay, first.hello.podcast_id);
    await open(relay, first.hello.podcast_id, 'udp');
    const url = `${relay.socketUrl}/listen?id=${second.hello.podcast_id}&audio=websocket`;
    const refused = new NaiveUdpClient(`${url}&stream=programme`);
    expect(await refused.ending).toEqual({
      code: 4009,
      reason: expect.stringContaining('makes 1 programmes'),
    });
    await new NaiveUdpClient(url).event(4);
    const answer = await fetch(`${relay.url}/podcast?id=${second.hello.podcast_id}`);
    expect(await answer.json()).toMatchObject({ listeners: 1 });
    await one.frames(1);
  });

  test('takes no place before its podcast is on air, nor for a UDP listener that does not say where it is', async () => {
    const relay = await startTestRelay({ programmeThreads: 1, limits: { PROGRAMMES_PER_THREAD: 1 } });
    const waiting = [];
    for (let index = 0; index < 3; index += 1) {
      const { id } = await makePodcast(relay.url, headersOf(relay));
      waiting.push(await open(relay, id));
    }
    const { hello } = await udpHost(relay);
    const url = `${relay.socketUrl}/listen?id=${hello.podcast_id}&stream=programme`;
    for (let index = 0; index < 3; index += 1) await new NaiveUdpClient(url).hello();
    const { hello: heard } = await udpHost(relay);
    await (await open(relay, heard.podcast_id)).frames(1);
  });

  test('begins when its podcast goes on air, or is refused then with 4009', async () => {
    const relay = await startTestRelay({ programmeThreads: 1, limits: { PROGRAMMES_PER_THREAD: 1 } });
    const [one, two] = [
      await makePodcast(relay.url, headersOf(relay)),
      await makePodcast(relay.url, headersOf(relay)),
    ];
    const first = await open(relay, one.id);
    const second = await open(relay, two.id, 'udp');
    await udpHost(relay, `?id=${one.id}`);
    expectContinuous(relay, await first.frames(3));
    await udpHost(relay, `?id=${two.id}`);
    expect(await second.client.ending).toEqual({
      code: 4009,
      reason: expect.stringContaining('makes 1 programmes'),
    });
  });

  test('is not made without an account for an address that has as many as it may; who has one is not limited so', async () => {
    const relay = await startTestRelay({ limits: { PROGRAMMES_PER_ADDRESS: 1 } });
    const [one, two] = [await udpHost(relay), await udpHost(relay)];
    const first = await open(relay, one.hello.podcast_id);
    await first.frames(1);
    await open(relay, one.hello.podcast_id);
    const url = `${relay.socketUrl}/listen?id=${two.hello.podcast_id}&audio=websocket&stream=programme`;
    expect(await new NaiveUdpClient(url).ending).toEqual({
      code: 4009,
      reason: expect.stringContaining('1 programmes are made for your address'),
    });
    await new NaiveUdpClient(url, headersOf(relay)).heard(1);
    await open(relay, two.hello.podcast_id);
    one.client.socket.close(1000);
    await first.client.ending;
    const { hello } = await udpHost(relay);
    await (await open(relay, hello.podcast_id)).frames(1);
  });

  test('of a private podcast puts its listeners out when the key is renewed, and begins anew for who has the new one', async () => {
    const relay = await startTestRelay();
    const podcast = await makePodcast(relay.url, headersOf(relay), { visibility: 'private' });
    await udpHost(relay, `?id=${podcast.id}`);
    const before = await open(relay, podcast.id, 'websocket', `&key=${podcast.listen_key}`);
    const [old] = await before.frames(1);
    const renewed = await fetch(`${relay.url}/podcast/listen-key?id=${podcast.id}`, {
      method: 'POST',
      headers: headersOf(relay),
    });
    const { listen_key: key } = (await renewed.json()) as { listen_key: string };
    expect((await before.client.ending).code).toBe(4001);
    const after = await open(relay, podcast.id, 'websocket', `&key=${key}`);
    const frames = await after.frames(5);
    expectContinuous(relay, frames);
    expect(frames[0]?.ssrc).not.toBe(old?.ssrc);
  });
});
