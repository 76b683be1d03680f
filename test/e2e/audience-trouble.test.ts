import { describe, expect, test } from 'vitest';
import { invitedBotPermissions } from '../../simulator/permissions.ts';
import { ForeignHost, talk } from '../support/foreign-host.ts';
import { type Seats, expectHeard, heardFrames, hears, showToHear } from '../support/audience.ts';
import { podcast } from '../support/commands.ts';
import { type Show, type World, eventually, speechOf, startWorld } from '../support/on-air.ts';

async function scene(): Promise<{ world: World; show: Show; b: Seats }> {
  const { world, show } = await showToHear();
  const stalls = world.discord.addGuild('Choir').addVoiceChannel('stalls');
  return { world, show, b: await hears(world, stalls, show.broadcast.podcast.id) };
}

async function isBack({ channel }: Seats, before: unknown): Promise<void> {
  await eventually('the bot is back', () => ![undefined, before].includes(channel.botPeer));
  await channel.botJoined();
}

describe('where a podcast plays', () => {
  test('people hear it through new keys, and not a frame goes in clear meanwhile', async () => {
    const { show, b } = await scene();
    const { call } = b.channel;
    const forward = call.forward.bind(call);
    const payloads: string[] = [];
    call.forward = (who, packet) => {
      if (who.userId !== b.ben.id) payloads.push(packet.payload.toString('base64'));
      return forward(who, packet);
    };
    const speech = await speechOf('june');
    const speaking = show.host.speak(speech, { frames: 150 });
    await b.channel.rekeyStorm(10);
    await speaking.done;
    const said = new Set(speech.frames.map((frame) => frame.toString('base64')));
    expect(payloads.length).toBeGreaterThan(20);
    expect(payloads.filter((payload) => said.has(payload))).toEqual([]);
    await b.channel.settled();
    await expectHeard(show, [b]);
  });

  test('a move to another voice server is not worth a word, and it plays on', async () => {
    const { world, show, b } = await scene();
    const before = b.channel.botPeer;
    await b.guild.moveVoiceServer();
    await isBack(b, before);
    await expectHeard(show, [b]);
    expect(world.discord.messagesIn(b.channel)).toHaveLength(1);
  });

  test.each([4006, 1006])('a connection lost with %i is sought again, and it plays on', async (code) => {
    const { show, b } = await scene();
    const before = b.channel.botPeer;
    const socket = before?.socket;
    b.channel.close(code);
    await eventually('the bot is back', () => {
      const peer = b.channel.botPeer;
      return peer !== undefined && peer.socket !== undefined && peer.socket !== socket;
    });
    await b.channel.botJoined();
    await expectHeard(show, [b]);
  });

  test('the bot is deaf, as people can see, and no frame of theirs is taken in', async () => {
    const { b } = await scene();
    expect(b.guild.voiceStates.get(b.guild.world.bot.id)?.selfDeaf).toBe(true);
  });

  test('a refused join troubles nobody else', async () => {
    const { world, show, b } = await scene();
    const guild = world.discord.addGuild('Chess Club');
    const channel = guild.addVoiceChannel('side table');
    channel.refuseBot(1000, 4017);
    const carla = guild.addPerson('Carla');
    await carla.join(channel);
    const answer = await podcast(world, carla, 'listen', { podcast: String(show.broadcast.podcast.id) });
    expect(answer.content).toContain('I could not play it. Discord closed the voice connection');
    expect(world.program.bot.audiences.of(guild.id)).toBeUndefined();
    await expectHeard(show, [b]);
  });
});

describe('on a stage', () => {
  test('whose moderators must invite the bot it says so, and is heard once they have', async () => {
    const { world, show } = await showToHear();
    const stage = world.discord.addGuild('Choir').addStageChannel('main stage');
    const b = await hears(world, stage, show.broadcast.podcast.id);
    await world.discord.messageIn(stage, ({ text }) => text.startsWith('I raised my hand: nobody hears'));
    stage.inviteBot();
    await expectHeard(show, [b]);
  });

  test('on which it may not even ask it says so', async () => {
    const { world, show } = await showToHear();
    const botPermissions = invitedBotPermissions.filter((name) => name !== 'RequestToSpeak');
    const stage = world.discord.addGuild('Choir', { botPermissions }).addStageChannel('main stage');
    await hears(world, stage, show.broadcast.podcast.id);
    await world.discord.messageIn(stage, ({ text }) => text.startsWith('I may neither speak on this stage'));
  });
});

test('a podcast whose host is away for a while is silent, and is heard when the host is back', async () => {
  const world = await startWorld();
  const foreign = await ForeignHost.open(world);
  const host = await foreign.host({ title: 'Soon again' });
  const { id } = host.podcast;
  await host.suspend();
  const ben = world.guild.addPerson('Ben');
  const channel = world.guild.addVoiceChannel('round table');
  await ben.join(channel);
  const { content } = await podcast(world, ben, 'listen', { podcast: String(id) });
  expect(content).toContain('I am playing **Soon again**');
  await channel.botJoined();
  const hearing = ben.listen();
  await talk(await foreign.host({}, id));
  await heardFrames({ hearing }, 50);
});

test('a podcast that has not begun yet is silent, and is heard when it begins', async () => {
  const world = await startWorld();
  const foreign = await ForeignHost.open(world);
  const { id } = await foreign.create({ title: 'Later' });
  const channel = world.guild.addVoiceChannel('round table');
  const ben = world.guild.addPerson('Ben');
  await ben.join(channel);
  const { content } = await podcast(world, ben, 'listen', { podcast: String(id) });
  expect(content).toContain('I am playing **Later**');
  await channel.botJoined();
  const hearing = ben.listen();
  await talk(await foreign.host({}, id));
  await heardFrames({ hearing }, 50);
  const told = await world.discord.messageIn(channel, ({ text }) => text.includes('plays here'));
  expect(told.text).toContain(`live from host ${foreign.accountId}`);
});
