import { once } from 'node:events';
import { type VoiceConnection, VoiceConnectionStatus } from '@discordjs/voice';
import { describe, expect, test } from 'vitest';
import type { Person } from '../../../simulator/person.ts';
import type { VoiceChannel } from '../../../simulator/voice-channel.ts';
import type { TransportMode } from '../../../simulator/voice/transport-cipher.ts';
import { SILENCE } from '../../../src/audio/opus-packet.ts';
import { type SendDrops, VoiceSender, noSendDrops } from '../../../src/bot/voice/voice-sender.ts';
import { eventually } from '../../support/on-air.ts';
import { enterCall, joinCall, logIn, startDiscord } from '../../support/sim-bot.ts';

interface Scene {
  readonly channel: VoiceChannel;
  readonly connection: VoiceConnection;
  readonly sender: VoiceSender;
  readonly drops: SendDrops;
  readonly ann: Person;
}

interface Place {
  readonly modes?: readonly TransportMode[];
  readonly encrypted?: boolean;
  readonly stage?: boolean;
}

async function scene({ modes, encrypted, stage = false }: Place = {}): Promise<Scene> {
  const discord = await startDiscord();
  const guild = discord.addGuild('Knitting Circle');
  const client = await logIn(discord);
  const options = { ...(modes ? { modes } : {}), ...(encrypted === undefined ? {} : { encrypted }) };
  const theStage = stage ? guild.addStageChannel('main stage', options) : undefined;
  const channel = theStage ?? guild.addVoiceChannel('round table', options);
  const ann = guild.addPerson('Ann');
  await ann.join(channel);
  const { connection } = await joinCall(client, guild, channel);
  theStage?.inviteBot();
  const drops = noSendDrops();
  return { channel, connection, sender: new VoiceSender(connection, drops), drops, ann };
}

/** A frame whose bytes nobody else says. */
function word(text: string): Buffer {
  return Buffer.from(`\xfc${text}`, 'latin1');
}

const PLACES: readonly (Place & { readonly name: string })[] = [
  { name: 'AES-GCM, end-to-end encrypted', modes: ['aead_aes256_gcm_rtpsize'] },
  { name: 'XChaCha20, end-to-end encrypted', modes: ['aead_xchacha20_poly1305_rtpsize'] },
  { name: 'AES-GCM in clear', modes: ['aead_aes256_gcm_rtpsize'], encrypted: false },
  { name: 'XChaCha20 in clear', modes: ['aead_xchacha20_poly1305_rtpsize'], encrypted: false },
  { name: 'on a stage', stage: true },
];

describe.each(PLACES)('a sender, $name', (place) => {
  test('is heard byte for byte, numbered without a gap, with five frames of silence at the end', async () => {
    const { sender, ann, drops } = await scene(place);
    const hearing = ann.listen();
    const words = Array.from({ length: 50 }, (_, index) => word(`word ${index}`));
    for (const [index, opus] of words.entries()) sender.send(opus, index * 20);
    sender.rest(words.length * 20);
    await eventually('all of it is heard', () => hearing.frames.length === words.length + 5);
    const silences = Array.from({ length: 5 }, () => Buffer.from(SILENCE));
    expect(hearing.frames.map(({ opus }) => opus)).toEqual([...words, ...silences]);
    const [first] = hearing.frames;
    for (const [index, { sequence, timestamp }] of hearing.frames.entries()) {
      expect(sequence).toBe((first!.sequence + index) % 2 ** 16);
      expect(timestamp).toBe((first!.timestamp + index * 960) % 2 ** 32);
    }
    expect(drops).toEqual(noSendDrops());
  });
});

/** How far each frame is from the one before it, in frames. */
function steps(frames: readonly { readonly sequence: number; readonly timestamp: number }[]): number[][] {
  return frames.slice(1).map(({ sequence, timestamp }, index) => {
    const before = frames[index]!;
    const samples = (timestamp - before.timestamp + 2 ** 32) % 2 ** 32;
    return [(sequence - before.sequence + 2 ** 16) % 2 ** 16, samples / 960];
  });
}

describe('the RTP clock of a sender', () => {
  test('goes on by the wall clock across a pause, in which no packet is missing', async () => {
    const { sender, ann } = await scene();
    const hearing = ann.listen();
    sender.send(word('before'), 0);
    sender.rest(20);
    sender.send(word('after'), 1120);
    await eventually('both are heard', () => hearing.frames.length === 7);
    expect(steps(hearing.frames).at(-1)).toEqual([1, (1120 - 100) / 20]);
  });

  test('leaves the place of a missing frame empty, so that it is concealed', async () => {
    const { sender, ann } = await scene();
    const hearing = ann.listen();
    sender.send(word('before'), 0);
    sender.skip(20);
    sender.skip(40);
    sender.send(word('after'), 60);
    await eventually('both are heard', () => hearing.frames.length === 2);
    expect(steps(hearing.frames)).toEqual([[3, 3]]);
  });

  test('does not count frames that a late timer brings together as a pause', async () => {
    const { sender, ann } = await scene();
    const hearing = ann.listen();
    for (const nowMs of [0, 20, 155, 155, 155, 155, 155, 160]) sender.send(word(`at ${nowMs}`), nowMs);
    await eventually('all is heard', () => hearing.frames.length === 8);
    expect(steps(hearing.frames)).toEqual(Array.from({ length: 7 }, () => [1, 1]));
  });
});

test('a sender that gets nothing but silence says nothing, and stops after five frames of it', async () => {
  const { sender, ann } = await scene();
  const hearing = ann.listen();
  for (let frame = 0; frame < 10; frame += 1) sender.send(Buffer.from(SILENCE), frame * 20);
  sender.send(word('hello'), 200);
  for (let frame = 11; frame < 30; frame += 1) sender.send(Buffer.from(SILENCE), frame * 20);
  sender.send(word('again'), 600);
  await eventually(
    'the second word is heard',
    () => hearing.frames.at(-1)?.opus?.equals(word('again')) === true,
  );
  expect(hearing.frames).toHaveLength(7);
});

test('who speaks is seen to: from the first frame of a run to its end', async () => {
  const { sender, ann, channel } = await scene();
  const { call } = channel;
  const shown: number[] = [];
  const speaking = call.speaking.bind(call);
  call.speaking = (who, flags) => {
    if (who.userId !== ann.id) shown.push(flags);
    speaking(who, flags);
  };
  sender.send(word('one'), 0);
  sender.send(word('two'), 20);
  sender.rest(40);
  sender.send(word('three'), 500);
  await eventually('it was shown', () => shown.length === 3);
  expect(shown).toEqual([1, 0, 1]);
});

test('nothing goes in clear into an end-to-end encrypted call, from its first moment on and through new keys', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Knitting Circle');
  const client = await logIn(discord);
  const channel = guild.addVoiceChannel('round table');
  const ann = guild.addPerson('Ann');
  await ann.join(channel);
  const { call } = channel;
  const forward = call.forward.bind(call);
  const payloads: Buffer[] = [];
  call.forward = (who, packet) => {
    if (who.userId !== ann.id) payloads.push(packet.payload);
    return forward(who, packet);
  };
  const { connection } = enterCall(client, guild, channel);
  const drops = noSendDrops();
  const sender = new VoiceSender(connection, drops);
  let said = 0;
  const talk = setInterval(() => sender.send(word('a secret of ours'), (said += 1) * 20), 1);
  await channel.botJoined();
  await channel.rekeyStorm(5);
  await channel.settled();
  ann.leave();
  await ann.join(channel);
  const heard = ann.listen();
  await eventually('it is heard', () =>
    heard.frames.some(({ opus }) => opus?.equals(word('a secret of ours'))),
  );
  clearInterval(talk);
  expect(payloads.length).toBeGreaterThan(0);
  expect(payloads.filter((payload) => payload.includes('a secret'))).toEqual([]);
  expect(drops['not-connected']).toBeGreaterThan(0);
  expect(drops['dave-not-ready'] + drops.dave).toBeGreaterThan(0);
});

test('a sender knows from when on it can be heard', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Knitting Circle');
  const client = await logIn(discord);
  const channel = guild.addVoiceChannel('round table');
  const ann = guild.addPerson('Ann');
  await ann.join(channel);
  const { connection } = enterCall(client, guild, channel);
  const drops = noSendDrops();
  const sender = new VoiceSender(connection, drops);
  const dropped = (): number => Object.values(drops).reduce((sum, count) => sum + count, 0);
  const tries: { readonly could: boolean; readonly went: boolean }[] = [];
  const talk = setInterval(() => {
    const before = dropped();
    const could = sender.canBeHeard;
    sender.send(word('hello'), tries.length * 20);
    tries.push({ could, went: dropped() === before });
  }, 1);
  await channel.botJoined();
  await eventually('it can be heard', () => tries.at(-1)?.could === true);
  clearInterval(talk);
  expect(drops['not-connected'] > 0 && drops['dave-not-ready'] > 0).toBe(true);
  expect(tries.filter(({ could, went }) => could !== went)).toEqual([]);
});

test('a connection that is gone takes nothing, counts it, and throws nothing', async () => {
  const { sender, connection, drops } = await scene();
  sender.send(word('here'), 0);
  const destroyed = once(connection, VoiceConnectionStatus.Destroyed);
  connection.destroy();
  await destroyed;
  sender.send(word('gone'), 20);
  sender.skip(40);
  sender.rest(60);
  sender.greet(80);
  expect(drops).toEqual({ ...noSendDrops(), 'not-connected': 1 });
});
