import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { invitedBotPermissions } from '../../simulator/permissions.ts';
import { LibopusCodec } from '../../src/audio/opus-codec.ts';
import { expectHeard, hears, saidAndHeard, showToHear, soundsIn } from '../support/audience.ts';
import { podcast } from '../support/commands.ts';
import { eventually, goOnAir, isHeard, speechOf, startWorld } from '../support/on-air.ts';

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

  test('cannot be hosted by the server that hears it, so the bot does not hear itself', async () => {
    const { world, show } = await showToHear();
    const stalls = world.discord.addGuild('Choir').addVoiceChannel('stalls');
    const { ben } = await hears(world, stalls, show.broadcast.podcast.id);
    const otto = ben.guild.addPerson('Otto', { permissions: ['ManageEvents'] });
    await otto.join(stalls);
    expect((await podcast(world, otto, 'start')).content).toContain('`/podcast leave` first.');
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

test('what comes under the bot’s own name is never broadcast', async () => {
  const world = await startWorld();
  const channel = world.guild.addVoiceChannel('round table', { encrypted: false });
  const show = await goOnAir(world, channel);
  const ssrc = 4711;
  const { id: userId } = world.discord.bot;
  await isHeard(show.host, show);
  channel.botPeer?.receive({ op: 5, data: { user_id: userId, ssrc, speaking: 1, delay: 0 } });
  for (let frame = 0; frame < 10; frame += 1)
    show.host.sendFrame(Buffer.from('\xfcmy own voice', 'latin1'), { ssrc });
  await isHeard(show.host, show);
  expect(show.ear.frames.filter(({ rtp }) => rtp?.ssrc === ssrc)).toEqual([]);
  expect(show.broadcast.status().drops['off-air']).toBe(10);
});

/** What levels a programme may move by as much while it makes up for a machine that was held up. */
function expectAbout(gainDb: number | undefined, db: number): void {
  expect(gainDb).toBeGreaterThan(db - 1.5);
  expect(gainDb).toBeLessThan(db + 1.5);
}

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
    expectAbout(half?.gainDb, -6);
    expect(more?.likeness).toBeGreaterThan(0.85);
    expectAbout(more?.gainDb, 3.5);
    expectAbout(whole?.gainDb, 0);
    const said = new Set((await speechOf('allison')).frames.map((frame) => frame.toString('base64')));
    const isSaid = soundsIn(asSent).map(({ opus }) => said.has(Buffer.from(opus ?? []).toString('base64')));
    expect(isSaid.filter(Boolean).length).toBeGreaterThan(40);
    expect(world.program.bot.audiences.tuned).toBe(1);
  });

  test('is the same after a restart', async () => {
    const { world, show } = await showToHear();
    const stalls = world.discord.addGuild('Choir').addVoiceChannel('stalls');
    const { ben } = await hears(world, stalls, show.broadcast.podcast.id);
    await podcast(world, ben, 'volume', { percent: 50 });
    const after = await world.restarted();
    await eventually('it plays on', () => after.program.bot.audiences.of(ben.guild.id) !== undefined);
    expect(after.program.bot.audiences.of(ben.guild.id)?.percent).toBe(50);
  });

  test('that cannot be had after a restart costs nobody the podcast: it plays as it was sent, and can be set again', async () => {
    const { world, show } = await showToHear();
    const stalls = world.discord.addGuild('Choir').addVoiceChannel('stalls');
    const { ben } = await hears(world, stalls, show.broadcast.podcast.id);
    await podcast(world, ben, 'volume', { percent: 50 });
    const load = vi.spyOn(LibopusCodec, 'load').mockRejectedValueOnce(new Error('out of memory'));
    onTestFinished(() => load.mockRestore());
    const after = await world.restarted();
    await eventually('it plays on', () => after.program.bot.audiences.of(ben.guild.id) !== undefined);
    expect(after.program.bot.audiences.of(ben.guild.id)?.percent).toBe(100);
    expect((await podcast(after, ben, 'volume', { percent: 50 })).content).toBe('It plays at 50 % here.');
    expect(load).toHaveBeenCalledTimes(2);
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
