import { once } from 'node:events';
import { expect, test } from 'vitest';
import { BareListener } from '../../support/radio-station.ts';
import { startTalkingRelay } from '../../support/talking-relay.ts';

const MP3_FRAME_BYTES = 384;

/** With the head of an MP3 frame of 128 kbit/s and 48 kHz where each frame begins (ISO 11172-3 §2.4.1.3). */
function expectWholeFrames(sound: Buffer): void {
  expect(sound.length % MP3_FRAME_BYTES).toBe(0);
  for (let at = 0; at < sound.length; at += MP3_FRAME_BYTES) {
    expect(sound.readUInt16BE(at) & 0xffe0).toBe(0xffe0);
  }
}

test('a stream ends behind the last page when the host ends the podcast', async () => {
  const { relay, host, page } = await startTalkingRelay();
  const path = new URL(page).pathname;
  const mp3 = new BareListener(relay.port, `${path}/live.mp3`);
  const opus = new BareListener(relay.port, `${path}/live.opus`);
  await Promise.all([mp3.heard(20_000), opus.heard(5000)]);
  const endings = Promise.all([once(mp3.socket, 'end'), once(opus.socket, 'end')]);
  await host.close();
  await endings;
  expectWholeFrames(mp3.body);
  const lastPage = opus.body.lastIndexOf('OggS');
  // RFC 3533 §6: the flag for the end of a stream.
  expect((opus.body[lastPage + 5] ?? 0) & 4).toBe(4);
});

test('a stream ends at once when the relay stops, also for who does not read', async () => {
  const { relay, page } = await startTalkingRelay();
  const path = `${new URL(page).pathname}/live.mp3`;
  const [reads, idle] = [new BareListener(relay.port, path), new BareListener(relay.port, path)];
  await Promise.all([reads.heard(20_000), idle.head()]);
  idle.socket.pause();
  const ended = once(reads.socket, 'end');
  await relay.close();
  await ended;
  expectWholeFrames(reads.body);
  idle.socket.resume();
  await idle.ended;
});
