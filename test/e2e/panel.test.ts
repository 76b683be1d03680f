import { describe, expect, test } from 'vitest';
import type { Message } from '../../simulator/messages.ts';
import { invitedBotPermissions } from '../../simulator/permissions.ts';
import { expectNothingOnAir, podcast } from '../support/commands.ts';
import { type World, eventually, goOnAir, isHeard, listenTo, startWorld } from '../support/on-air.ts';
import { panelIn, press } from '../support/show-panel.ts';

const COMPONENTS_V2 = 1 << 15;
const CONTAINER = 17;

/** Requests that wrote or changed a message in the channel. */
function writings(
  { discord }: World,
  channelId: string,
): { readonly method: string; readonly body: unknown }[] {
  return discord.requests
    .filter(({ path }) => path.startsWith(`/channels/${channelId}/messages`))
    .map(({ method, body }) => ({ method, body }));
}

async function ended(panel: Message): Promise<void> {
  await eventually('the panel is closed', () => panel.text.startsWith('⚫'));
}

describe('the panel', () => {
  test('is one message of components with four buttons, and rings for nobody', async () => {
    const world = await startWorld();
    const { channel } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const panel = await panelIn(world, channel);
    expect(panel.content).toBe('');
    expect(panel.flags).toBe(COMPONENTS_V2);
    expect(panel.components).toMatchObject([{ type: CONTAINER }]);
    for (const id of ['stop', 'link', 'off-air', 'on-air']) {
      expect(panel.component(`show:${id}`), id).toBeDefined();
    }

    expect(panel.text).toMatch(
      new RegExp(`Since <t:\\d{10}:R> · public\nSpeaking: nobody right now\nListening: 0\nSound: clear`),
    );
    expect(writings(world, channel.id)).toMatchObject([
      { method: 'POST', body: { allowed_mentions: { parse: [] } } },
    ]);
  });

  test('is edited in place: who listens, by which way, and who is off air', async () => {
    const world = await startWorld();
    const show = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const panel = await panelIn(world, show.channel);
    await listenTo(world.program.relay, show.broadcast.podcast.id);
    await press(world, show.host, panel, 'off-air');
    await eventually('the panel says so', () =>
      panel.text.includes('Listening: 2 (2 apps)\nSound: clear\n-# 1 person here is off air'),
    );
    expect(world.discord.messagesIn(show.channel)).toEqual([panel]);
  });

  test('says what the show was when it is over, without buttons', async () => {
    const world = await startWorld();
    const { host, channel } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const panel = await panelIn(world, channel);
    await podcast(world, host, 'stop');
    await ended(panel);
    expect(panel.text).toMatch(
      /^⚫ \*\*round table · Knitting Circle\*\* was on air for \d+ seconds?(, with at most 1 listener)?\.$/,
    );
    expect(panel.component('show:stop')).toBeUndefined();
  });

  test('that a moderator deletes is posted again, not at once, and the show goes on', async () => {
    const world = await startWorld();
    const show = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const panel = await panelIn(world, show.channel);
    const mod = world.guild.addPerson('Mo', { permissions: ['ManageMessages'] });
    mod.deleteMessage(panel);
    await editFoundNothing(world, show.channel.id);
    expect(world.discord.messagesIn(show.channel)).toEqual([]);
    await isHeard(show.host, show);
    await podcast(world, show.host, 'stop');
    await expectNothingOnAir(world);
  });

  test('is in the language of the server', async () => {
    const world = await startWorld();
    const guild = world.discord.addGuild('Strickrunde', { locale: 'de' });
    const elsewhere = { ...world, guild, chat: guild.addTextChannel('plausch') };
    const kai = guild.addPerson('Kai', { permissions: ['ManageEvents'] });
    const channel = guild.addVoiceChannel('Runder Tisch');
    await goOnAir(elsewhere, channel, kai);
    const panel = await panelIn(world, channel);
    expect(panel.text).toContain('## 🔴 Auf Sendung');
    expect(channel.status).toBe('🔴 Auf Sendung: Runder Tisch · Strickrunde');
    await podcast(elsewhere, kai, 'stop');
    await ended(panel);
    expect(panel.text).toMatch(/war \d+ Sekunden? auf Sendung(, mit höchstens 1 Zuhörenden)?\.$/);
  });

  test('that Discord takes its time to post holds nobody up for longer than that', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const held = world.discord.rest.hold(new RegExp(`^POST /channels/${channel.id}/messages`));
    const host = world.host();
    await host.join(channel);
    const starting = podcast(world, host, 'start');
    await held.asked;
    expect(world.program.bot.broadcasts.of(world.guild.id)?.isOnAir).toBe(true);
    held.release();
    expect((await starting).content).toContain('is on air');
    await panelIn(world, channel);
  });

  test('that is being edited while Discord does not answer does not hold up the end', async () => {
    const world = await startWorld();
    const { host, channel } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const panel = await panelIn(world, channel);
    const held = world.discord.rest.hold(/^PATCH .*\/messages\//);
    await press(world, host, panel, 'off-air');
    await held.asked;
    const startedMs = performance.now();
    await world.program.stop();
    expect(performance.now() - startedMs).toBeLessThan(2000);
    held.release();
  });
});

/** An edit has found out that the message is gone: somebody who speaks makes the panel change. */
async function editFoundNothing({ discord }: World, channelId: string): Promise<void> {
  await eventually('an edit of the deleted message', () =>
    discord.requests.some(
      ({ method, path, status }) =>
        method === 'PATCH' && path.startsWith(`/channels/${channelId}/messages/`) && status === 404,
    ),
  );
}

describe('the button Stop', () => {
  test('ends the show for its host', async () => {
    const world = await startWorld();
    const { host, channel } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const panel = await panelIn(world, channel);
    expect((await press(world, host, panel, 'stop')).content).toBe('The podcast is over.');
    const told = await world.discord.messageIn(channel, ({ text }) => text.includes('over'));
    expect(told.text).toBe('The podcast is over. Hanna ended it.');
    await expectNothingOnAir(world);
  });

  test('ends it for somebody else who manages events', async () => {
    const world = await startWorld();
    const { channel } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const otto = world.host('Otto');
    expect((await press(world, otto, await panelIn(world, channel), 'stop')).content).toContain('over');
    await expectNothingOnAir(world);
  });

  test('tells anybody else who can', async () => {
    const world = await startWorld();
    const { channel, broadcast } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const gus = world.guild.addPerson('Gus');
    const { content } = await press(world, gus, await panelIn(world, channel), 'stop');
    expect(content).toBe(
      'You need the permission **Manage Events** to end a podcast that somebody else started here.',
    );
    expect(broadcast.isOnAir).toBe(true);
  });
});

describe('the button Listen link', () => {
  test('gives everybody the link of a public podcast', async () => {
    const world = await startWorld();
    const { channel, broadcast } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const gus = world.guild.addPerson('Gus');
    const { content } = await press(world, gus, await panelIn(world, channel), 'link');
    expect(content).toContain(`<${broadcast.podcast.page}>`);
    expect(content).toContain(broadcast.podcast.url);
  });

  test('gives the key of a private one to its host alone', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    await podcast(world, host, 'start', { visibility: 'private' });
    const panel = await panelIn(world, channel);
    const { listen_key: key } = world.program.bot.broadcasts.of(world.guild.id)!.podcast;
    const { page } = world.program.bot.broadcasts.of(world.guild.id)!.podcast;
    expect((await press(world, host, panel, 'link')).content).toContain(`<${page}?key=${key}>`);
    const { content } = await press(world, world.host('Otto'), panel, 'link');
    expect(content).toContain(`ask <@${host.id}> for the link with the key`);
    expect(content).not.toContain(key);
    expect(panel.text).not.toContain(key);
  });
});

/** Its buttons as somebody still sees them whose Discord has not caught up. */
async function stalePanel(world: World): Promise<Message> {
  const { host, channel } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
  const panel = await panelIn(world, channel);
  const { components } = panel;
  await podcast(world, host, 'stop');
  await ended(panel);
  panel.components = components;
  return panel;
}

describe('the panel of a show that is gone', () => {
  test('says so for each button, but takes a no for a no', async () => {
    const world = await startWorld();
    const panel = await stalePanel(world);
    const gus = world.guild.addPerson('Gus');
    for (const button of ['stop', 'link', 'on-air'] as const) {
      const { content } = await press(world, gus, panel, button);
      expect(content, button).toBe('The show of this panel has ended.');
    }
    expect((await press(world, gus, panel, 'off-air')).content).toContain('You are **off air**');
  });

  test('does not act on the show after it, nor after a restart', async () => {
    const world = await startWorld();
    const panel = await stalePanel(world);
    const otto = world.host('Otto');
    const { broadcast } = await goOnAir(world, world.guild.addVoiceChannel('side table'), otto);
    expect((await press(world, otto, panel, 'stop')).content).toBe('The show of this panel has ended.');
    expect(broadcast.isOnAir).toBe(true);
    const restarted = await world.restarted();
    expect((await press(restarted, otto, panel, 'stop')).content).toBe('The show of this panel has ended.');
  });
});

test('where the bot may not write a panel the show goes on, and the panel comes once it may', async () => {
  const world = await startWorld();
  const channel = world.guild.addVoiceChannel('round table', { denyBot: ['SendMessages'] });
  const show = await goOnAir(world, channel);
  expect(show.answer.content).toContain('tell the people there that they are on air');
  await isHeard(show.host, show);
  expect(writings(world, channel.id)).toEqual([]);
  channel.denyBot([]);
  expect(await panelIn(world, channel)).toBeDefined();
  expect(invitedBotPermissions).toContain('SendMessages');
});
