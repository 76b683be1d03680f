import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import { PodcastListener } from '../../src/client/podcast-listener.ts';
import type { PodcastFacts } from '../../src/protocol/podcast-facts.ts';
import { podcast } from '../support/commands.ts';
import { type Show, type World, eventually, goOnAir, isHeard, startWorld } from '../support/on-air.ts';
import { panelIn, press } from '../support/show-panel.ts';

/** What a listener to a show is told, the last of it last. */
async function factsOf(world: World, { broadcast }: Show): Promise<PodcastFacts[]> {
  const listener = new PodcastListener({
    relay: world.program.relay.url,
    podcastId: broadcast.podcast.id,
    stream: 'programme',
  });
  onTestFinished(() => listener.close());
  const facts: PodcastFacts[] = [];
  listener.on('podcast', (told) => facts.push(told));
  await once(listener, 'podcast');
  return facts;
}

async function namesAre(facts: readonly PodcastFacts[], ...names: string[]): Promise<void> {
  await eventually(`the names are ${names.join()}`, () => namesIn(facts) === names.join());
}

function namesIn(facts: readonly PodcastFacts[]): string | undefined {
  return facts
    .at(-1)
    ?.speakers.map(({ name }) => name)
    .join();
}

async function show(world: World, channel: VoiceChannel = world.guild.addVoiceChannel('round table')) {
  const ann = world.guild.addPerson('Ann');
  await ann.join(channel);
  return { ...(await goOnAir(world, channel)), ann };
}

describe('the names of who speaks', () => {
  test('are told to nobody before the server allows it, then at once, and no more when it does not', async () => {
    const world = await startWorld();
    const scene = await show(world);
    const facts = await factsOf(world, scene);
    await isHeard(scene.host, scene);
    await isHeard(scene.ann, scene);
    expect(facts.at(-1)).toMatchObject({ state: 'live', guild: 'Knitting Circle', speakers: [] });
    const { content } = await podcast(world, scene.host, 'settings', { names: 'show' });
    expect(content).toContain('(names: **show**)');
    await namesAre(facts, 'Hanna', 'Ann');
    expect(facts.at(-1)?.speakers.map(({ ssrc }) => ssrc)).toEqual(
      scene.ear.frames.map(({ rtp }) => rtp?.ssrc).slice(0, 2),
    );
    const panel = await panelIn(world, scene.channel);
    await eventually('the panel says so', () => panel.text.includes('reads the names of those who speak'));
    await podcast(world, scene.host, 'settings', { names: 'hide' });
    await namesAre(facts);
  });

  test('are those of the server, and not told of who is off air, nor of who has left', async () => {
    const world = await startWorld();
    await podcast(world, world.host('Mo'), 'settings', { names: 'show' });
    const scene = await show(world);
    const facts = await factsOf(world, scene);
    await isHeard(scene.ann, scene);
    await isHeard(scene.host, scene);
    await namesAre(facts, 'Ann', 'Hanna');
    scene.ann.nickname = 'Annie';
    scene.ann.mute();
    await namesAre(facts, 'Annie', 'Hanna');
    scene.ann.unmute();
    await press(world, scene.ann, await panelIn(world, scene.channel), 'off-air');
    await namesAre(facts, 'Hanna');
    await scene.ann.startSpeaking();
    scene.ann.sendFrame(Buffer.from('\xfcnot for them', 'latin1'));
    await isHeard(scene.host, scene);
    await podcast(world, scene.ann, 'onair');
    expect(namesIn(facts)).toBe('Hanna');
    await isHeard(scene.ann, scene);
    await namesAre(facts, 'Hanna', 'Annie');
    scene.host.leave();
    await namesAre(facts, 'Annie');
  });

  test('are shown or hidden by those who manage events alone, and it is remembered', async () => {
    const world = await startWorld();
    const ann = world.guild.addPerson('Ann');
    expect((await podcast(world, ann, 'settings')).content).toContain('(names: **hide**)');
    const refused = await podcast(world, ann, 'settings', { names: 'show' });
    expect(refused.content).toBe('You need the permission **Manage Events** to change these settings here.');
    await podcast(world, world.host(), 'settings', { names: 'show', consent: 'opt-in' });
    const restarted = await world.restarted();
    const { content } = await podcast(restarted, ann, 'settings');
    expect(content).toContain('(names: **show**)');
    expect(content).toContain('(consent: **opt-in**)');
  });
});
