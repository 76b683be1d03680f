import { expect, test } from 'vitest';
import { invitedBotPermissions } from '../../simulator/permissions.ts';
import { expectHeard, hears, showToHear } from '../support/audience.ts';
import { eventually, hearsOn } from '../support/on-air.ts';

test('what one guild says three others hear, through new keys, another voice server, a kick and a restart', async () => {
  const { world, show } = await showToHear();
  const { discord } = world;
  const { id } = show.broadcast.podcast;
  const stageHands = { botPermissions: [...invitedBotPermissions, 'MuteMembers'] } as const;
  const b = await hears(world, discord.addGuild('Choir').addVoiceChannel('stalls'), id);
  const stage = discord.addGuild('Chess Club', stageHands).addStageChannel('main stage');
  const c = await hears(world, stage, id);
  const d = await hears(world, discord.addGuild('Library').addVoiceChannel('hall'), id);
  await eventually('the bot is a speaker', () => stage.botOnStage);
  await expectHeard(show, [b, c, d]);

  await Promise.all([show.channel.rekeyStorm(5), b.channel.rekeyStorm(5)]);
  await Promise.all([show.channel.settled(), b.channel.settled()]);
  await expectHeard(show, [b, c, d]);

  const before = b.channel.botPeer;
  await b.guild.moveVoiceServer();
  await eventually('the bot is back', () => ![undefined, before].includes(b.channel.botPeer));
  await b.channel.botJoined();
  await expectHeard(show, [b, c, d]);

  c.channel.kickBot();
  await eventually('C hears nothing', () => world.program.bot.audiences.of(c.guild.id) === undefined);
  await expectHeard(show, [b, d]);

  const startedMs = performance.now();
  const again = await world.restarted();
  await hearsOn(show.host, show, startedMs);
  await eventually('B and D hear again', () => again.program.bot.audiences.all().length === 2);
  await Promise.all([b.channel.botJoined(), d.channel.botJoined()]);
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  await expectHeard(show, [b, d]);
  expect(again.program.bot.audiences.of(c.guild.id)).toBeUndefined();
  expect(c.channel.botPeer).toBeUndefined();
  expect(again.program.bot.broadcasts.of(world.guild.id)?.podcast.id).toBe(id);
}, 90_000);
