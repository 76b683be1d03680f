import { VoiceConnectionStatus, type VoiceConnection } from '@discordjs/voice';
import { expect, test } from 'vitest';
import { joinCall, logIn, startDiscord } from '../support/sim-bot.ts';

function word(text: string): Buffer {
  return Buffer.from(`\x78${text}`, 'latin1');
}

test('what the bot says is heard through every change of keys, in its order, and when', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann');
  await ann.join(voice);
  const hearing = ann.listen();
  const { connection } = await joinCall(await logIn(discord), guild, voice);
  const startMs = performance.now();
  const epoch = voice.call.delivery?.epoch;
  const said: Buffer[] = [];
  for (let round = 0; round < 5; round += 1) {
    await voice.rekeyStorm(2);
    await voice.settled();
    for (let frame = 0; frame < 3; frame += 1) {
      const opus = word(`${round} ${frame}`);
      said.push(opus);
      connection.playOpusPacket(opus);
    }
    await expect.poll(() => hearing.frames.length).toBe(said.length);
  }
  expect(voice.call.delivery?.epoch).not.toBe(epoch);
  expect(hearing.frames.map(({ opus }) => opus)).toEqual(said);
  const ssrc = voice.botPeer?.ssrc;
  const [first] = hearing.frames;
  hearing.frames.forEach((frame, index) => {
    expect(frame).toMatchObject({ userId: discord.bot.id, ssrc });
    expect((frame.sequence - (first?.sequence ?? 0)) & 0xffff).toBe(index);
    expect((frame.timestamp - (first?.timestamp ?? 0)) >>> 0).toBe(index * 960);
  });
  const times = [startMs, ...hearing.frames.map(({ atMs }) => atMs), performance.now()];
  expect(times.toSorted((a, b) => a - b)).toEqual(times);
  expect(hearing.speaking.filter(({ userId }) => userId === discord.bot.id)).toMatchObject([
    { ssrc, flags: 1 },
  ]);
});

test('that the bot has finished is announced', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann');
  await ann.join(voice);
  const hearing = ann.listen();
  const { connection } = await joinCall(await logIn(discord), guild, voice);
  connection.playOpusPacket(word('hello'));
  connection.setSpeaking(false);
  await expect.poll(() => hearing.speaking.map(({ flags }) => flags)).toEqual([1, 0]);
  hearing.stop();
  connection.playOpusPacket(word('unheard'));
  connection.setSpeaking(false);
  await voice.settled();
  expect(hearing.speaking).toHaveLength(2);
});

test(
  'a bot speaks in a hundred guilds at once, to one listening person each',
  { timeout: 60_000 },
  async () => {
    const guilds = 100;
    const rounds = 25;
    const discord = await startDiscord();
    const rooms = Array.from({ length: guilds }, (_, index) => {
      const guild = discord.addGuild(`Guild ${index}`);
      const ann = guild.addPerson('Ann');
      return { guild, ann, voice: guild.addVoiceChannel('general'), hearing: ann.listen() };
    });
    const client = await logIn(discord);
    await Promise.all(rooms.map(async ({ ann, voice }) => await ann.join(voice)));
    const connections: VoiceConnection[] = await Promise.all(
      rooms.map(async ({ guild, voice }) => (await joinCall(client, guild, voice)).connection),
    );
    expect(connections.every(({ state }) => state.status === VoiceConnectionStatus.Ready)).toBe(true);
    for (let round = 1; round <= rounds; round += 1) {
      connections.forEach((connection, index) => connection.playOpusPacket(word(`${index} ${round}`)));
      await expect
        .poll(() => rooms.every(({ hearing }) => hearing.frames.length === round), {
          interval: 1,
          timeout: 10_000,
        })
        .toBe(true);
    }
    rooms.forEach(({ hearing }, index) => {
      const said = Array.from({ length: rounds }, (_, round) => word(`${index} ${round + 1}`));
      expect(hearing.frames.map(({ opus }) => opus)).toEqual(said);
    });
  },
);
