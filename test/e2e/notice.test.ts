import { expect, test } from 'vitest';
import { isSilence } from '../../src/audio/opus-packet.ts';
import { noticeFrames } from '../../src/bot/notice/notice-speech.ts';
import { eventually, goOnAir, isHeard, startWorld } from '../support/on-air.ts';

/** A fifth of a second of it: the sentence itself takes five. */
const SOME_FRAMES = 10;

test('people in the channel hear that it is on air, from the first frame on, and listeners do not', async () => {
  const world = await startWorld();
  const channel = world.guild.addVoiceChannel('round table');
  const host = world.host();
  await host.join(channel);
  const hearing = host.listen();
  const show = await goOnAir(world, channel, host);
  const notice = await noticeFrames('en');
  const heard = (): Buffer[] =>
    hearing.frames.flatMap(({ opus }) => (opus && !isSilence(opus) ? [opus] : []));
  await eventually('it is heard', () => heard().length >= SOME_FRAMES);
  expect(heard().slice(0, SOME_FRAMES)).toEqual(notice.slice(0, SOME_FRAMES));
  expect(hearing.speaking.length).toBeGreaterThan(0);
  await isHeard(host, show);
  const said = new Set(notice.map((frame) => frame.toString('base64')));
  const echoes = show.ear.frames.filter(({ opus }) => said.has(Buffer.from(opus).toString('base64')));
  expect(echoes).toEqual([]);
});

test('it is spoken in the language of the server', async () => {
  const world = await startWorld();
  const guild = world.discord.addGuild('編み物', { locale: 'ja' });
  const elsewhere = { ...world, guild, chat: guild.addTextChannel('chat') };
  const host = guild.addPerson('Hanako', { permissions: ['ManageEvents'] });
  const channel = guild.addVoiceChannel('table');
  await host.join(channel);
  const hearing = host.listen();
  await goOnAir(elsewhere, channel, host);
  const notice = await noticeFrames('ja');
  await eventually('it is heard', () =>
    hearing.frames.some(({ opus }) => opus?.equals(notice[SOME_FRAMES]!)),
  );
});
