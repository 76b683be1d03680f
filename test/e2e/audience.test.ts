import { describe, expect, test } from 'vitest';
import { invitedBotPermissions } from '../../simulator/permissions.ts';
import { expectHeard, hears, saidAndHeard, showToHear, soundsIn } from '../support/audience.ts';
import { podcast } from '../support/commands.ts';
import { eventually, isHeard, speechOf } from '../support/on-air.ts';

describe('a podcast that is heard in other servers', () => {
  test('sounds there as it was said, in a voice channel and on a stage, and is listened to once', async () => {
    const { world, show } = await showToHear();
    const { id, title } = show.broadcast.podcast;
    const chess = world.discord.addGuild('Chess Club', {
      botPermissions: [...invitedBotPermissions, 'MuteMembers'],
    });
    const stage = chess.addStageChannel('main stage');
    const stalls = world.discord.addGuild('Choir').addVoiceChannel('stalls');
    const b = await hears(world, stalls, id);
    const c = await hears(world, stage, id);
    await eventually('the bot is a speaker', () => stage.botOnStage);
    expect(b.answer.content).toBe(
      `I am playing **${title}** in <#${stalls.id}>. \`/podcast leave\` stops it.`,
    );
    expect(world.program.bot.audiences.tuned).toBe(1);
    await expectHeard(show, [b, c]);
    const told = await world.discord.messageIn(stalls, ({ text }) => text.includes('plays here'));
    expect(told.text).toContain(`**${title}** plays here, live from Knitting Circle.`);
    expect(b.audience.status().drops).toEqual({});
    expect((await show.broadcast.listeners()) - 1).toBe(2);
  });

  test('is not said again by the server that it comes from: the bot does not hear itself', async () => {
    const { world, show } = await showToHear();
    const stalls = world.discord.addGuild('Choir').addVoiceChannel('stalls');
    const { ben } = await hears(world, stalls, show.broadcast.podcast.id);
    // Ben's own podcast cannot begin where the bot plays, so nothing that it plays can go on air.
    const refused = await podcast(
      world,
      ben.guild.addPerson('Otto', { permissions: ['ManageEvents'] }),
      'start',
    );
    expect(refused.content).toContain('Join a voice channel first');
    await ben.startSpeaking();
    const { ssrc } = ben.sendFrame(Buffer.from('\xfcof no concern to others', 'latin1'));
    await isHeard(show.host, show);
    expect(show.ear.frames.filter(({ rtp }) => rtp?.ssrc === ssrc)).toEqual([]);
  });

  test('is listened to anew, and by nobody after the last has left', async () => {
    const { world, show } = await showToHear();
    const { id } = show.broadcast.podcast;
    const choir = world.discord.addGuild('Choir');
    const stalls = choir.addVoiceChannel('stalls');
    const { ben } = await hears(world, stalls, id);
    expect((await podcast(world, ben, 'leave')).content).toBe('I do not play it any more.');
    await eventually('the bot has left', () => stalls.botPeer === undefined);
    expect(world.program.bot.audiences.tuned).toBe(0);
    await expect.poll(async () => await show.broadcast.listeners()).toBe(1);
    const again = await hears(world, stalls, id, ben);
    await expectHeard(show, [again]);
  });
});

describe('the volume', () => {
  test('of one server is its own: half of it is 6 dB, and the others hear the very bytes that were said', async () => {
    const { world, show } = await showToHear();
    const { id } = show.broadcast.podcast;
    const quiet = await hears(world, world.discord.addGuild('Choir').addVoiceChannel('stalls'), id);
    const loud = await hears(world, world.discord.addGuild('Chess Club').addVoiceChannel('side table'), id);
    const asSent = await hears(world, world.discord.addGuild('Library').addVoiceChannel('hall'), id);
    expect((await podcast(world, quiet.ben, 'volume', { percent: 50 })).content).toBe(
      'It plays at 50 % here.',
    );
    expect((await podcast(world, loud.ben, 'volume', { percent: 148 })).content).toBe(
      'It plays at 150 % here.',
    );
    const [half, more, whole] = await saidAndHeard(show, [quiet, loud, asSent]);
    expect(half?.likeness).toBeGreaterThan(0.85);
    expect(half?.gainDb).toBeCloseTo(-6, 0);
    expect(more?.likeness).toBeGreaterThan(0.85);
    expect(more?.gainDb).toBeCloseTo(3.5, 0);
    expect(whole?.gainDb).toBeCloseTo(0, 0);
    const said = new Set((await speechOf('allison')).frames.map((frame) => frame.toString('base64')));
    const isSaid = soundsIn(asSent).map(({ opus }) => said.has(Buffer.from(opus ?? []).toString('base64')));
    expect(isSaid.filter(Boolean).length).toBeGreaterThan(40);
    expect(world.program.bot.audiences.tuned).toBe(1);
  });

  test('is kept for the next time something plays', async () => {
    const { world, show } = await showToHear();
    const { id } = show.broadcast.podcast;
    const stalls = world.discord.addGuild('Choir').addVoiceChannel('stalls');
    const { ben } = await hears(world, stalls, id);
    await podcast(world, ben, 'volume', { percent: 30 });
    await podcast(world, ben, 'leave');
    await eventually('the bot has left', () => stalls.botPeer === undefined);
    const { audience } = await hears(world, stalls, id, ben);
    expect(audience.percent).toBe(30);
  });
});
