import { describe, expect, test } from 'vitest';
import { type PermissionName, invitedBotPermissions } from '../../simulator/permissions.ts';
import type { StageChannel } from '../../simulator/stage-channel.ts';
import { podcast } from '../support/commands.ts';
import { type Show, type World, eventually, goOnAir, isHeard, startWorld } from '../support/on-air.ts';

const HAND_RAISED =
  'I raised my hand: a stage moderator can invite me to speak. The podcast is on air meanwhile.';
const AUDIENCE =
  'I may neither speak on this stage nor raise my hand (permission **Request to Speak**). The podcast is on air, I only stay in the audience.';

interface Scene {
  readonly world: World;
  readonly stage: StageChannel;
  readonly show: Show;
}

async function onStage(permissions: readonly PermissionName[]): Promise<Scene> {
  const world = await startWorld();
  world.guild.setBotPermissions(permissions);
  const stage = world.guild.addStageChannel('main stage');
  return { world, stage, show: await goOnAir(world, stage) };
}

/** How often the channel has been told this. */
function times({ world, stage }: Scene, text: string): number {
  return world.discord.messagesIn(stage).filter((message) => message.text === text).length;
}

/** Every way in which the bot comes anew to a stage that it is on. */
const RETURNS = [
  {
    name: 'a move to another voice server',
    act: ({ world }: Scene): Promise<void> => world.guild.moveVoiceServer(),
  },
  { name: 'a rejoin', act: async ({ stage }: Scene): Promise<void> => stage.close(4006) },
];

/** The bot has been away, and is back with another place in the call. */
async function returnsAfter(scene: Scene, act: (scene: Scene) => Promise<void>): Promise<void> {
  const before = scene.stage.botPeer;
  await act(scene);
  await eventually('the bot is back', () => ![undefined, before].includes(scene.stage.botPeer));
  await scene.stage.botJoined();
}

describe('on a stage', () => {
  test('a bot that may mute members comes up by itself, without a word', async () => {
    const scene = await onStage([...invitedBotPermissions, 'MuteMembers']);
    await eventually('the bot is a speaker', () => scene.stage.botOnStage);
    await isHeard(scene.show.host, scene.show);
    expect([times(scene, HAND_RAISED), times(scene, AUDIENCE)]).toEqual([0, 0]);
    expect(scene.stage.botHandRaised).toBe(false);
  });

  test('one that may not raises its hand and says so; the listener hears the stage meanwhile', async () => {
    const scene = await onStage(invitedBotPermissions);
    await scene.world.discord.messageIn(scene.stage, ({ text }) => text === HAND_RAISED);
    expect(scene.stage.botHandRaised).toBe(true);
    expect(scene.stage.botOnStage).toBe(false);
    await isHeard(scene.show.host, scene.show);
    scene.stage.inviteBot();
    await isHeard(scene.show.host, scene.show);
  });

  test('one that may not even ask says so, and the listener hears the stage all the same', async () => {
    const scene = await onStage(invitedBotPermissions.filter((name) => name !== 'RequestToSpeak'));
    await scene.world.discord.messageIn(scene.stage, ({ text }) => text === AUDIENCE);
    expect(scene.stage.botHandRaised).toBe(false);
    await isHeard(scene.show.host, scene.show);
  });

  test('every answer to a command is as in a voice channel', async () => {
    const { world, show } = await onStage(invitedBotPermissions);
    expect((await podcast(world, show.host, 'start')).content).toContain('is on air in');
    expect((await podcast(world, show.host, 'status')).content).toContain('main stage · Knitting Circle');
    expect((await podcast(world, show.host, 'stop')).content).toBe('The podcast is over.');
  });
});

test('a stage whose podcast the relay refused at first is told of the raised hand once it is on air', async () => {
  const world = await startWorld({ settings: { PODCASTS_PER_ACCOUNT: '1' } });
  const guild = world.discord.addGuild('Chess Club');
  const otto = guild.addPerson('Otto', { permissions: ['ManageEvents'] });
  const first = await goOnAir(world, world.guild.addVoiceChannel('round table'));
  const stage = guild.addStageChannel('main stage');
  await otto.join(stage);
  expect((await podcast(world, otto, 'start')).content).toContain('that is the most');
  await podcast(world, first.host, 'stop');
  expect((await podcast(world, otto, 'start')).content).toContain('is on air');
  await world.discord.messageIn(stage, ({ text }) => text === HAND_RAISED);
  expect(world.discord.messagesIn(stage).map(({ text }) => text)).toEqual(
    expect.arrayContaining([HAND_RAISED, expect.stringContaining('🔴 On air')]),
  );
  expect(world.discord.messagesIn(stage)).toHaveLength(2);
});

describe.each(RETURNS)('after $name', ({ act }) => {
  test('the bot comes up again by itself', async () => {
    const scene = await onStage([...invitedBotPermissions, 'MuteMembers']);
    await eventually('the bot is a speaker', () => scene.stage.botOnStage);
    scene.stage.sendBotToAudience();
    await returnsAfter(scene, act);
    await eventually('the bot is a speaker again', () => scene.stage.botOnStage);
    await isHeard(scene.show.host, scene.show);
  });

  test('it raises its hand again and says so', async () => {
    const scene = await onStage(invitedBotPermissions);
    await eventually('the channel is told', () => times(scene, HAND_RAISED) === 1);
    await returnsAfter(scene, act);
    await eventually('the channel is told again', () => times(scene, HAND_RAISED) === 2);
    expect(scene.stage.botHandRaised).toBe(true);
    await isHeard(scene.show.host, scene.show);
  });

  test('it says again that it may not even ask', async () => {
    const scene = await onStage(invitedBotPermissions.filter((name) => name !== 'RequestToSpeak'));
    await eventually('the channel is told', () => times(scene, AUDIENCE) === 1);
    await returnsAfter(scene, act);
    await eventually('the channel is told again', () => times(scene, AUDIENCE) === 2);
    await isHeard(scene.show.host, scene.show);
  });
});
