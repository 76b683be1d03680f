import { setTimeout as pause } from 'node:timers/promises';
import { VoiceConnectionStatus, type VoiceConnection } from '@discordjs/voice';
import { expect, test } from 'vitest';
import type { Person } from '../../simulator/person.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import { missing, type AudioTap } from '../support/sim-audio-tap.ts';
import { joinCall, logIn, startDiscord } from '../support/sim-bot.ts';

const opus = Buffer.from('780102', 'hex');

interface Scene {
  readonly voice: VoiceChannel;
  readonly ann: Person;
  readonly connection: VoiceConnection;
  readonly tap: AudioTap;
}

async function inCall(): Promise<Scene> {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann');
  await ann.join(voice);
  const bot = await joinCall(await logIn(discord), guild, voice);
  await ann.startSpeaking();
  return { voice, ann, ...bot };
}

async function isHeard({ voice, ann, tap }: Scene): Promise<void> {
  await voice.botJoined();
  const frame = ann.sendFrame(opus);
  await expect.poll(() => missing([frame], tap.frames)).toEqual([]);
}

test.for(['server', 'stranger'] as const)(
  'spoofed datagrams reach the bot from a %s, and do not open',
  async (from) => {
    const scene = await inCall();
    await scene.voice.mischief.spoof(7, scene.ann.ssrc, from);
    await expect.poll(() => scene.tap.drops).toEqual({ transport: 7 });
    await isHeard(scene);
  },
);

test('runts reach the bot in every length', async () => {
  const scene = await inCall();
  await scene.voice.mischief.runts(scene.ann.ssrc);
  await expect.poll(() => scene.tap.drops).toEqual({ short: 31, transport: 17 });
});

test('packets of nobody, of padding alone, and not encrypted end to end, are told apart', async () => {
  const scene = await inCall();
  scene.voice.mischief.unknownSsrc(3);
  scene.ann.sendPadding(50);
  scene.ann.sendFrame(opus, { plain: true });
  await expect.poll(() => scene.tap.drops).toEqual({ 'unknown ssrc': 3, empty: 50, dave: 1 });
});

test('header extensions, contributing sources and padding change nothing about the frame', async () => {
  const scene = await inCall();
  const frames = [
    scene.ann.sendFrame(opus, { extension: Buffer.from('9016000022110000', 'hex') }),
    scene.ann.sendFrame(opus, { csrcs: [1, 2, 3] }),
    scene.ann.sendFrame(opus, { padding: 255 }),
    scene.ann.sendFrame(opus, { extension: Buffer.alloc(4), csrcs: [9], padding: 1 }),
  ];
  await expect.poll(() => missing(frames, scene.tap.frames)).toEqual([]);
});

test.for(['invalidCommit', 'invalidWelcome'] as const)(
  'after an %s the bot starts over and is taken back',
  async (what) => {
    const scene = await inCall();
    const before = scene.voice.call.delivery?.epoch;
    scene.voice.mischief[what]();
    await expect.poll(() => scene.voice.call.delivery?.epoch).not.toBe(before);
    await isHeard(scene);
  },
);

test('proposals that make no sense, and a second external sender, are refused by the bot', async () => {
  const scene = await inCall();
  const refused: string[] = [];
  const { state } = scene.connection;
  if (state.status !== VoiceConnectionStatus.Ready) throw new Error('not ready');
  const networking = state.networking.state;
  const dave = 'dave' in networking ? networking.dave : undefined;
  if (!dave) throw new Error('no DAVE session');
  // The library lets what these throw escape from its socket's handler.
  const processProposals = dave.processProposals.bind(dave);
  dave.processProposals = (payload, clients) => {
    try {
      return processProposals(payload, clients);
    } catch (error) {
      refused.push(String(error));
      return undefined;
    }
  };
  dave.setExternalSender = () => {
    refused.push('second external sender');
  };
  scene.voice.mischief.proposal('malformed');
  scene.voice.mischief.proposal('wrong epoch');
  scene.voice.mischief.proposal('wrong signature');
  scene.voice.mischief.secondExternalSender();
  await expect.poll(() => refused.length).toBe(4);
  await isHeard(scene);
});

test('what the network withholds, repeats and reorders adds up to what the bot hears', async () => {
  const scene = await inCall();
  const { voice, ann, tap } = scene;
  Object.assign(voice.faults, { loss: 0.2, duplicates: 0.1, reorder: 0.1, jitterMs: 5 });
  const record = voice.record();
  for (let frame = 0; frame < 300; frame += 1) {
    ann.sendFrame(Buffer.from(`x${frame}`));
    // A burst of hundreds would overflow the socket's own buffer, which nobody counts.
    if (frame % 30 === 0) await pause(5);
  }
  const { counts } = voice.faults;
  expect(counts.sent + counts.lost + counts.duplicated + counts.reordered).toBe(300);
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(10);
  const arriving = 300 - counts.lost + counts.duplicated;
  await expect.poll(() => tap.frames.length + (tap.drops['dave'] ?? 0)).toBe(arriving);
  const lost = record.frames.filter((frame) => frame.fate === 'lost');
  expect(missing(record.frames, tap.frames)).toEqual(lost);
});

test('a storm of arrivals changes the keys again and again, and then settles', async () => {
  const scene = await inCall();
  const before = Number(scene.voice.call.delivery?.epoch);
  await scene.voice.rekeyStorm(15);
  await isHeard(scene);
  expect(Number(scene.voice.call.delivery?.epoch)).toBeGreaterThan(before + 4);
  expect(scene.voice.occupants).toHaveLength(2);
});
