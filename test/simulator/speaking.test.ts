import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Person } from '../../simulator/person.ts';
import { loadSpeech, speechFiles } from '../../simulator/speech.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import { silenceFrame } from '../../simulator/voice/talker.ts';
import { startDiscord } from '../support/sim-bot.ts';

async function annInCall(): Promise<{
  readonly ann: Person;
  readonly ben: Person;
  readonly voice: VoiceChannel;
}> {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const [ann, ben] = [guild.addPerson('Ann'), guild.addPerson('Ben')];
  await ann.join(voice);
  await ben.join(voice);
  return { ann, ben, voice };
}

test('speech is loaded as frames of 20 ms', async () => {
  const speech = await loadSpeech(speechFiles.allison);
  expect(speech.durationMs / 1000).toBeCloseTo(45.5, 0);
  expect(speech.frames.length * 20).toBe(speech.durationMs);
  await expect(loadSpeech('nowhere.opus')).rejects.toThrow('ENOENT');
});

test('a speech is heard by the others, encrypted, frame by frame, and ends in silence', async () => {
  const { ann, ben, voice } = await annInCall();
  const speech = await loadSpeech(speechFiles.allison);
  const hearing = ben.listen();
  const record = voice.record();
  await ann.speak(speech, { from: 100, frames: 20, frameIntervalMs: 1 }).done;
  const said = [...speech.frames.slice(100, 120), ...Array.from({ length: 5 }, () => silenceFrame)];
  expect(hearing.frames.map((frame) => frame.opus)).toEqual(said);
  expect(record.frames.map((frame) => frame.opus)).toEqual(said);
  expect(record.frames.every((frame) => frame.fate === 'unheard')).toBe(true);
  const [first, second] = record.frames;
  expect(((second?.sequence ?? 0) - (first?.sequence ?? 0)) & 0xffff).toBe(1);
  expect(((second?.timestamp ?? 0) - (first?.timestamp ?? 0)) >>> 0).toBe(960);
});

test('in real time, a frame is due every 20 ms of the clock', async () => {
  const { ann } = await annInCall();
  const startMs = performance.now();
  await ann.speak(await loadSpeech(speechFiles.allison), { frames: 50 }).done;
  const tookMs = performance.now() - startMs;
  expect(tookMs).toBeGreaterThan(50 * 20);
  expect(tookMs).toBeLessThan(50 * 20 + 500);
});

test('a looped speech goes on until it is stopped', async () => {
  const { ann } = await annInCall();
  const speaking = ann.speak(await loadSpeech(speechFiles.allison), {
    frames: 3,
    frameIntervalMs: 1,
    loop: true,
  });
  await expect.poll(() => speaking.spoken).toBeGreaterThan(10);
  speaking.stop();
  await speaking.done;
});

test('who is muted says nothing, and who leaves stops', async () => {
  const { ann, voice } = await annInCall();
  const record = voice.record();
  ann.mute();
  const speaking = ann.speak(await loadSpeech(speechFiles.allison), { frameIntervalMs: 1, loop: true });
  await expect.poll(() => speaking.spoken).toBeGreaterThan(10);
  expect(record.frames).toEqual([]);
  ann.unmute();
  await expect.poll(() => record.frames.length).toBeGreaterThan(10);
  ann.leave();
  await speaking.done;
});

test('a silence takes its time on the RTP clock', async () => {
  const { ann } = await annInCall();
  await ann.startSpeaking();
  const before = ann.sendFrame(silenceFrame);
  await new Promise((resolve) => {
    setTimeout(resolve, 200);
  });
  await ann.startSpeaking();
  const gap = (ann.sendFrame(silenceFrame).timestamp - before.timestamp) >>> 0;
  expect(gap / 48).toBeGreaterThanOrEqual(190);
  expect(gap / 48).toBeLessThan(1000);
});

test('a record keeps to its limit, and counts what it forgets', async () => {
  const { ann, voice } = await annInCall();
  const record = voice.record({ limit: 10 });
  for (let frame = 0; frame < 1000; frame += 1) ann.sendFrame(silenceFrame);
  expect(record.frames.length).toBeLessThanOrEqual(10);
  expect(record.frames.length + record.forgotten).toBe(1000);
  record.stop();
  ann.sendFrame(silenceFrame);
  expect(record.frames.length + record.forgotten).toBe(1000);
});

test('once closed, nothing keeps the program alive', async () => {
  const program = fileURLToPath(new URL('../support/sim-open-and-close.ts', import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { timeout: 10_000 });
  expect({ stdout, stderr }).toEqual({ stdout: 'closed', stderr: '' });
});
