import { inlineCode } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { expectGoodAnswer, listedOnRelay, onRelay, podcast, typed } from '../support/commands.ts';
import { goOnAir, speechOf, startWorld } from '../support/on-air.ts';

describe('/podcast start', () => {
  test('puts the channel on air, and a listener hears what is said there', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const { host, answer, ear } = await goOnAir(world, channel);
    expectGoodAnswer(world, answer);
    const record = channel.record();
    await host.speak(await speechOf('allison'), { frames: 20, frameIntervalMs: 2 }).done;
    await ear.hears(record.frames.at(10)!.opus);
  });

  test('lists a public podcast under the title that was typed', async () => {
    const world = await startWorld();
    const host = world.host();
    await host.join(world.guild.addVoiceChannel('round table'));
    const { content } = await podcast(world, host, 'start', { title: 'Purl talk', visibility: 'public' });
    const [listed, ...others] = await listedOnRelay(world);
    expect(others).toEqual([]);
    expect(listed).toMatchObject({ title: 'Purl talk', visibility: 'public', listeners: 0 });
    expect(listed?.active_since).toBeTypeOf('number');
    expect(content).toContain('**Purl talk** is on air (public)');
    expect(content).toContain(`Listen in a browser: <${listed!.page}>`);
    expect(content).toContain(`npx guildcast listen "${listed!.url}"`);
    expect(await onRelay(world, { id: String(listed!.id) })).toMatchObject({ title: 'Purl talk' });
  });

  test('is public and called after channel and server when nothing else is typed', async () => {
    const world = await startWorld();
    const host = world.host();
    await host.join(world.guild.addVoiceChannel('round table'));
    await podcast(world, host, 'start');
    const title = 'round table · Knitting Circle';
    const guild = 'Knitting Circle';
    expect(await listedOnRelay(world)).toMatchObject([{ title, guild, visibility: 'public' }]);
  });

  test('does not list an unlisted podcast, but shows it to whoever has the link', async () => {
    const world = await startWorld();
    const host = world.host();
    await host.join(world.guild.addVoiceChannel('round table'));
    const { content } = await podcast(world, host, 'start', { visibility: 'unlisted' });
    const { id, url } = world.program.bot.broadcasts.of(world.guild.id)!.podcast;
    expect(await listedOnRelay(world)).toEqual([]);
    expect(await onRelay(world, { id: String(id) })).toMatchObject({ visibility: 'unlisted' });
    expect(content).toContain('is on air (unlisted)');
    expect(content).toContain(`"${url}"`);
    expect(content).not.toContain('key=');
  });

  test('gives the key of a private podcast to the host who typed, and to nobody else', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    const { content } = await podcast(world, host, 'start', { visibility: 'private' });
    const { id, url, page } = world.program.bot.broadcasts.of(world.guild.id)!.podcast;
    const key = /&key=([\w-]+)/.exec(content)?.[1] ?? 'no key';
    expect(content).toContain(`Listen in a browser: <${page}?key=${key}>\n`);
    expect(content).toContain(inlineCode(`npx guildcast listen "${url}&key=${key}"`));
    expect(content).toContain('Whoever has this link can listen');
    expect(await listedOnRelay(world)).toEqual([]);
    expect(await onRelay(world, { id: String(id) })).toBeUndefined();
    expect(await onRelay(world, { id: String(id), key: 'guessed' })).toBeUndefined();
    expect(await onRelay(world, { id: String(id), key })).toMatchObject({ visibility: 'private' });
    const told = await world.discord.messageIn(channel);
    expect(told.text).not.toContain(key);
    expect(world.logLines.join('\n')).not.toContain(key);
  });

  test('takes a title of 100 characters whole', async () => {
    const world = await startWorld();
    const host = world.host();
    await host.join(world.guild.addVoiceChannel('round table'));
    const title = 'How to knit 100 socks '.repeat(5).slice(0, 99).padEnd(100, '!');
    const { content } = await podcast(world, host, 'start', { title });
    expect(content).toContain(`**${title}**`);
    expect(await listedOnRelay(world)).toMatchObject([{ title }]);
  });

  test('shortens a default title of more than 100 characters alike everywhere', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('long'.repeat(25));
    const host = world.host();
    await host.join(channel);
    const { content } = await podcast(world, host, 'start');
    expect(await listedOnRelay(world)).toMatchObject([{ title: channel.name }]);
    expect(content).toContain(`**${channel.name}** is`);
    expect((await world.discord.messageIn(channel)).text).toContain(`**${channel.name}** is broadcast live`);
  });

  test('cuts no character of a default title in half', async () => {
    const world = await startWorld();
    const host = world.host();
    await host.join(world.guild.addVoiceChannel(`${'x'.repeat(99)}🎙`));
    await podcast(world, host, 'start');
    expect(await listedOnRelay(world)).toMatchObject([{ title: 'x'.repeat(99) }]);
  });

  test('takes a title of blanks for none', async () => {
    const world = await startWorld();
    const host = world.host();
    await host.join(world.guild.addVoiceChannel('round table'));
    await podcast(world, host, 'start', { title: '   ' });
    expect(await listedOnRelay(world)).toMatchObject([{ title: 'round table · Knitting Circle' }]);
  });

  test('does not let Discord take title texts for formatting or mentions', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    const title = '**wool** @everyone';
    const { content } = await podcast(world, host, 'start', { title });
    const escaped = String.raw`\*\*wool\*\* @everyone`;
    expect(content).toContain(escaped);
    expect((await world.discord.messageIn(channel)).text).toContain(escaped);
    const written = world.discord.requests.filter(({ path }) => path.endsWith(`${channel.id}/messages`));
    expect(written.map(({ body }) => body)).toMatchObject([{ allowed_mentions: { parse: [] } }]);
    expect(await listedOnRelay(world)).toMatchObject([{ title }]);
  });

  test('tells the people in the channel, in its own chat, that they are on air', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    await podcast(world, host, 'start', { title: 'Purl talk' });
    const { text, isEphemeral } = await world.discord.messageIn(channel);
    expect(isEphemeral).toBe(false);
    expect(text).toContain(
      `**Purl talk** is broadcast live: whatever is said in <#${channel.id}> is heard outside this server.`,
    );
    expect(text).toContain('You would rather not be heard there? Press **Take me off air**');
    expect(world.discord.messagesIn(world.chat)).toEqual([]);
  });

  test('asks for time at once, because joining takes some', async () => {
    const world = await startWorld();
    const host = world.host();
    await host.join(world.guild.addVoiceChannel('round table'));
    const answer = await typed(world, host, 'start');
    expect(answer.deferred).toBe(true);
    await answer.settled();
    expectGoodAnswer(world, answer);
  });
});
