import { describe, expect, test } from 'vitest';
import type { Guild } from '../../simulator/guild.ts';
import type { Person } from '../../simulator/person.ts';
import { podcast } from '../support/commands.ts';
import { startWorld } from '../support/on-air.ts';

/** Somebody who may start podcasts. */
function host(guild: Guild, name: string, locale: string): Person {
  return guild.addPerson(name, { locale, permissions: ['ManageEvents'] });
}

describe('a German who goes on air in a Japanese server', () => {
  test('is answered in German, and the channel is told in Japanese', async () => {
    const world = await startWorld();
    const guild = world.discord.addGuild('編み物', { locale: 'ja' });
    const kai = host(guild, 'Kai', 'de');
    const channel = guild.addVoiceChannel('円卓');
    await kai.join(channel);
    const title = '円卓 · 編み物';
    expect((await podcast(world, kai, 'start')).content).toContain(
      `**${title}** ist auf Sendung (öffentlich)`,
    );
    const panel = await world.discord.messageIn(channel);
    expect(panel.text).toContain(`**${title}** を生配信しています。<#${channel.id}> での会話は`);
    const offAir = await kai.press(panel, 'show:off-air');
    expect(offAir.content).toContain('wirst auf diesem Server **nicht gesendet**');
    expect((await podcast(world, kai, 'status')).content).toContain('Gerade spricht niemand.');
    expect((await podcast(world, kai, 'stop')).content).toBe('Der Podcast ist zu Ende.');
    const told = await world.discord.messageIn(channel, ({ text }) => text.includes('終了'));
    expect(told.text).toBe('ポッドキャストは終了しました。Kai さんが終了しました。');
  });
});

describe('what goes wrong is said in the language of who asked', () => {
  test('when the show of somebody else is in the way', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const hanna = world.host();
    await hanna.join(channel);
    await podcast(world, hanna, 'start');
    const remi = host(world.guild, 'Rémi', 'fr');
    await remi.join(channel);
    expect((await podcast(world, remi, 'start')).content).toBe(
      `Un podcast est déjà à l’antenne dans <#${channel.id}>. \`/podcast arrêter\` y met fin.`,
    );
  });

  test('when Discord refuses the bot', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const sol = host(world.guild, 'Sol', 'es-419');
    await sol.join(channel);
    channel.refuseBot(1, 4022);
    expect((await podcast(world, sol, 'start')).content).toBe(
      'El podcast no ha empezado. Discord ha cerrado la conexión de voz: la llamada se ha terminado para todos. `/podcast iniciar` lo intenta de nuevo.',
    );
  });

  test('when the relay has no room', async () => {
    const world = await startWorld({ settings: { PODCASTS_PER_ACCOUNT: '1' } });
    const hanna = world.host();
    await hanna.join(world.guild.addVoiceChannel('round table'));
    await podcast(world, hanna, 'start');
    const guild = world.discord.addGuild('Schachverein');
    const otto = host(guild, 'Otto', 'de');
    await otto.join(guild.addVoiceChannel('Nebentisch'));
    expect((await podcast(world, otto, 'start')).content).toBe(
      'Eine Grenze des Relays ist erreicht. Versuche es noch einmal, wenn ein anderer Podcast zu Ende ist.',
    );
  });

  test('in English for a language that the bot does not speak', async () => {
    const world = await startWorld();
    const bia = host(world.guild, 'Bia', 'pt-BR');
    expect((await podcast(world, bia, 'start')).content).toContain('Join a voice channel first');
  });
});

test('the log tells why a show ended in English, whatever the server speaks', async () => {
  const world = await startWorld();
  const guild = world.discord.addGuild('Cercle de tricot', { locale: 'fr' });
  const remi = host(guild, 'Rémi', 'fr');
  await remi.join(guild.addVoiceChannel('table ronde'));
  await podcast(world, remi, 'start');
  await podcast(world, remi, 'stop');
  expect(world.logLines.filter((line) => line.includes('"off air"')).join('\n')).toContain('Rémi ended it.');
});
