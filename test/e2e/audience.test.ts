import { describe, expect, test } from 'vitest';
import { invitedBotPermissions } from '../../simulator/permissions.ts';
import { type Seats, heardFrames, hears, matchIn, soundsIn } from '../support/audience.ts';
import { type Show, type World, eventually, goOnAir, speechOf, startWorld } from '../support/on-air.ts';

async function onAir(settings: Readonly<Record<string, string>> = {}): Promise<{ world: World; show: Show }> {
  const world = await startWorld({ settings });
  return { world, show: await goOnAir(world, world.guild.addVoiceChannel('round table')) };
}

/** Two seconds of a voice are said on air, and heard by each of these people as that voice. */
async function expectHeard({ host }: Show, everywhere: readonly Pick<Seats, 'hearing'>[]): Promise<void> {
  const speech = await speechOf('allison');
  const before = everywhere.map((seats) => soundsIn(seats).length);
  await host.speak(speech, { from: 100, frames: 100 }).done;
  for (const [index, seats] of everywhere.entries()) {
    await heardFrames(seats, before[index]! + 95);
    const { likeness } = await matchIn(soundsIn(seats).slice(before[index]), speech, 130);
    expect(likeness).toBeGreaterThan(0.95);
  }
}

describe('a podcast that is heard in other servers', () => {
  test('sounds there as it was said, in a voice channel and on a stage, and is listened to once', async () => {
    const { world, show } = await onAir();
    const { id, title } = show.broadcast.podcast;
    const chess = world.discord.addGuild('Chess Club', {
      botPermissions: [...invitedBotPermissions, 'MuteMembers'],
    });
    const choir = world.discord.addGuild('Choir');
    const stage = chess.addStageChannel('main stage');
    const b = await hears(world, choir.addVoiceChannel('stalls'), id);
    const c = await hears(world, stage, id);
    await eventually('the bot is a speaker', () => stage.botOnStage);
    expect(b.answer.content).toContain(title);
    expect(world.program.bot.audiences.tuned).toBe(1);
    await expectHeard(show, [b, c]);
    const told = await world.discord.messageIn(b.channel, ({ text }) => text.includes('plays here'));
    expect(told.text).toContain('Knitting Circle');
    expect(b.audience.status().drops).toEqual({});
  });
});
