import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Ending } from '../../src/client/relay-socket.ts';
import { VOICE_CLOSES } from '../../src/bot/voice/close-policy.ts';
import { english } from '../../src/texts/en.ts';
import { type Show, type World, eventually, goOnAir, isHeard, startWorld } from '../support/on-air.ts';

async function onAir(guildOptions = {}): Promise<{ world: World; here: Show }> {
  const world = await startWorld();
  const { guild } =
    Object.keys(guildOptions).length > 0 ? { guild: world.discord.addGuild('Other', guildOptions) } : world;
  const channel = guild.addVoiceChannel('round table');
  const here = await goOnAir(
    { ...world, guild, chat: guild.addTextChannel('chat') },
    channel,
    guild.addPerson('Hanna', { permissions: ['ManageEvents'] }),
  );
  await isHeard(here.host, here);
  return { world, here };
}

/** The listener is told that it is over, and the channel why. */
async function endsWith(
  { world, here }: { world: World; here: Show },
  words: string | RegExp,
): Promise<void> {
  const [ending] = (await once(here.ear.listener, 'ended')) as [Ending];
  expect(ending.code).toBe(4003);
  const message = await world.discord.messageIn(here.channel, ({ text }) => text.includes('over'));
  expect(message.text).toMatch(words);
  expect(here.broadcast.isOnAir).toBe(false);
  await eventually('the bot is out of the channel', () => here.channel.botPeer === undefined);
}

const STOPS = Object.entries(VOICE_CLOSES).filter(([code, action]) => action === 'stop' && code !== '4014');
const REJOINS = Object.entries(VOICE_CLOSES).filter(
  ([code, action]) => action === 'rejoin' && code !== '4015',
);

describe('a voice connection that Discord closes', () => {
  test.each(STOPS)('with %s ends the show, and says why', async (code) => {
    const scene = await onAir();
    const closes: Readonly<Record<string, string>> = english.voice.closes;
    const ended = endsWith(scene, closes[code] ?? 'words');
    scene.here.channel.close(Number(code));
    await ended;
  });

  test.each(REJOINS)('with %s is sought again: same podcast, and the listener hears on', async (code) => {
    const { here } = await onAir();
    const { id } = here.broadcast.podcast;
    const before = here.channel.botPeer;
    here.channel.close(Number(code));
    await eventually(
      'the bot is there with a new session',
      () => ![undefined, before].includes(here.channel.botPeer),
    );
    await here.channel.botJoined();
    await isHeard(here.host, here);
    expect(here.broadcast.podcast.id).toBe(id);
  });

  test.each([1006, 4000 - 1, 4015])(
    'with %i is resumed: the session goes on, and the listener hears on',
    async (code) => {
      const { here } = await onAir();
      const before = here.channel.botPeer;
      const { socket } = before!;
      here.channel.close(code);
      await eventually('the bot is back', () => before!.socket !== undefined && before!.socket !== socket);
      await here.channel.botJoined();
      await isHeard(here.host, here);
      expect(here.channel.botPeer).toBe(before);
    },
  );

  test('over and over is not sought for ever, and not without a pause', async () => {
    const scene = await onAir();
    const { here } = scene;
    const ended = endsWith(scene, /no longer valid. I tried 5 times/);
    here.channel.refuseBot(1000, 4006);
    here.channel.close(4006);
    await ended;
    expect(1000 - here.channel.refusal.timesLeft).toBe(5);
  });
});

describe('a bot that a moderator', () => {
  test('disconnects ends the show', async () => {
    const scene = await onAir();
    const ended = endsWith(scene, 'Somebody disconnected me');
    scene.here.channel.kickBot();
    await ended;
  });

  test('disconnects in a guild whose audit log it may see says who it was', async () => {
    const scene = await onAir({
      botPermissions: ['ViewChannel', 'SendMessages', 'Connect', 'Speak', 'ChangeNickname', 'ViewAuditLog'],
    });
    const by = scene.here.host.guild.addPerson('Mo the moderator');
    const ended = endsWith(scene, `<@${by.id}> disconnected me`);
    scene.here.channel.kickBot({ by });
    await ended;
  });

  test('moves does not broadcast what is said elsewhere: the show ends', async () => {
    const scene = await onAir();
    const { channel, ear } = scene.here;
    const other = channel.guild.addVoiceChannel('private matters', { encrypted: false });
    const june = channel.guild.addPerson('June');
    await june.join(other);
    await june.startSpeaking();
    const { ssrc } = june.sendFrame(Buffer.from('\xfcsecret', 'latin1'));
    const secrets = setInterval(() => june.sendFrame(Buffer.from('\xfcsecret', 'latin1')), 2);
    const ended = endsWith(scene, `Somebody moved me to <#${other.id}>`);
    channel.moveBot(other);
    await ended;
    await eventually('it left that channel too', () => other.botPeer === undefined);
    clearInterval(secrets);
    expect(ear.frames.filter(({ rtp }) => rtp?.ssrc === ssrc)).toEqual([]);
  });
});

test('a bot that is moved while Discord is slow to say by whom hears nothing of the other channel', async () => {
  const scene = await onAir({
    botPermissions: ['ViewChannel', 'SendMessages', 'Connect', 'Speak', 'ChangeNickname', 'ViewAuditLog'],
  });
  const { channel, ear, broadcast } = scene.here;
  const { guild } = broadcast.channel;
  guild.fetchAuditLogs = () => new Promise(() => undefined);
  const other = channel.guild.addVoiceChannel('private matters', { encrypted: false });
  const june = channel.guild.addPerson('June');
  await june.join(other);
  await june.startSpeaking();
  const secrets = setInterval(() => june.sendFrame(Buffer.from('\xfcsecret', 'latin1')), 2);
  const ended = endsWith(scene, 'Somebody took me out of the channel');
  channel.moveBot(other);
  await ended;
  clearInterval(secrets);
  expect(ear.frames.filter(({ opus }) => Buffer.from(opus).toString('latin1') === '\xfcsecret')).toEqual([]);
});

test('a 4014 after which the gateway names another voice server is no farewell', async () => {
  const { here } = await onAir();
  here.channel.close(4014);
  await here.channel.guild.moveVoiceServer();
  await here.channel.botJoined();
  // Well beyond the time within which a kick would have ended the show.
  const untilMs = Date.now() + 500;
  while (Date.now() < untilMs) await isHeard(here.host, here);
  expect(here.broadcast.isOnAir).toBe(true);
});

test('a voice server that moves takes the show along', async () => {
  const { here } = await onAir();
  await here.channel.guild.moveVoiceServer();
  await here.channel.botJoined();
  await isHeard(here.host, here);
});

test('a gateway that drops is resumed, and what happened meanwhile is known: the show never stops', async () => {
  const { world, here } = await onAir();
  const resumed = new Promise<void>((resolve) => {
    const poll = setInterval(() => {
      if (!world.logLines.some((line) => line.includes('gateway resumed'))) return;
      clearInterval(poll);
      resolve();
    }, 5);
  });
  world.discord.gateway.drop();
  await isHeard(here.host, here);
  await resumed;
  await isHeard(here.host, here);
  const answer = await here.host.command(world.chat, 'podcast', 'status');
  expect((await answer.settled()).content).toContain('on air');
});
