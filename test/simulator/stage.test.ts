import { once } from 'node:events';
import { Events } from 'discord.js';
import { expect, test } from 'vitest';
import { joinCall, logIn, startDiscord } from '../support/sim-bot.ts';

const word = Buffer.from('78aa', 'hex');

test('who is in the audience is not heard, until a moderator takes them up on the stage', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const stage = guild.addStageChannel('town hall');
  const [ann, ben] = [guild.addPerson('Ann'), guild.addPerson('Ben')];
  const client = await logIn(discord);
  const { tap } = await joinCall(client, guild, stage);
  await ann.join(stage);
  await ben.join(stage, { audience: true });
  const record = stage.record();
  const hearing = ann.listen();
  const members = client.guilds.cache.get(guild.id)?.voiceStates.cache;
  await expect.poll(() => members?.get(ben.id)?.suppress).toBe(true);
  expect(members?.get(ann.id)?.suppress).toBe(false);

  await ben.startSpeaking();
  expect(ben.sendFrame(word).fate).toBe('unheard');
  expect(record.frames).toEqual([]);

  const invited = once(client, Events.VoiceStateUpdate);
  stage.invite(ben);
  await invited;
  expect(members?.get(ben.id)?.suppress).toBe(false);
  await ben.startSpeaking();
  const { sequence } = ben.sendFrame(word);
  await expect.poll(() => tap.frames).toMatchObject([{ userId: ben.id, sequence, opus: word }]);
  expect(hearing.frames).toMatchObject([{ userId: ben.id, sequence }]);
  expect(hearing.speaking).toMatchObject([{ userId: ben.id, ssrc: ben.ssrc, flags: 1 }]);

  stage.sendToAudience(ben);
  expect(ben.sendFrame(word).fate).toBe('unheard');
  expect(record.frames).toHaveLength(1);
});

test('in a voice channel there is no audience, nor for who comes from one', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const stage = guild.addStageChannel('town hall');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann');
  await ann.join(stage, { audience: true });
  await ann.join(voice, { audience: true });
  expect(guild.voiceStates.get(ann.id)).toMatchObject({ channelId: voice.id, suppress: false });
  stage.sendToAudience(ann);
  stage.inviteBot();
  expect(guild.voiceStates.all).toMatchObject([{ userId: ann.id, suppress: false }]);
});
