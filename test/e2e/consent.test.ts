import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Person } from '../../simulator/person.ts';
import { type HeardFrame, PodcastListener } from '../../src/client/podcast-listener.ts';
import { podcast } from '../support/commands.ts';
import { type TimedFrame, decoded } from '../support/decoded.ts';
import {
  type Show,
  type World,
  eventually,
  goOnAir,
  isHeard,
  speechOf,
  startWorld,
} from '../support/on-air.ts';
import { panelIn, press } from '../support/show-panel.ts';

interface Scene extends Show {
  readonly world: World;
  readonly ann: Person;
  /** Everything that comes to a listener of each lane. */
  readonly heard: Readonly<Record<'websocket' | 'udp', HeardFrame[]>>;
}

/** A show with its host and Ann, and a listener on each lane. */
async function show(world: World): Promise<Scene> {
  const channel = world.guild.addVoiceChannel('round table');
  const ann = world.guild.addPerson('Ann');
  await ann.join(channel);
  const begun = await goOnAir(world, channel);
  return { ...begun, world, ann, heard: await listenOnBoth(world, begun) };
}

async function listenOnBoth({ program }: World, { broadcast }: Show): Promise<Scene['heard']> {
  const heard: Scene['heard'] = { websocket: [], udp: [] };
  for (const audio of ['websocket', 'udp'] as const) {
    const listener = new PodcastListener({
      relay: program.relay.url,
      podcastId: broadcast.podcast.id,
      audio,
    });
    onTestFinished(() => listener.close());
    listener.on('frame', (frame) => heard[audio].push(frame));
    await once(listener, 'listening');
    await eventually(`audio by ${audio}`, () => listener.audio === audio);
  }
  return heard;
}

/** What has been heard of it on each lane, so far. */
function timesHeard({ heard }: Scene, opus: Buffer): number[] {
  return Object.values(heard).map((frames) => frames.filter((frame) => opus.equals(frame.opus)).length);
}

let words = 0;

/** Somebody says a word that was never said before; it is on its way to the bot when this resolves. */
async function say(person: Person): Promise<Buffer> {
  words += 1;
  const opus = Buffer.from(`\xfcword ${words} of ${person.name}`, 'latin1');
  await person.startSpeaking();
  person.sendFrame(opus);
  return opus;
}

/** On both lanes, once each. */
async function expectHeard(scene: Scene, person: Person): Promise<void> {
  const opus = await say(person);
  await eventually(`${person.name} is heard on both lanes`, () =>
    timesHeard(scene, opus).every((times) => times === 1),
  );
}

/** On no lane, though the bot got it, and though what the host says after it has come. */
async function expectUnheard(scene: Scene, person: Person): Promise<void> {
  const before = offAirDrops(scene);
  const said: Buffer[] = [];
  for (let word = 0; word < 5; word += 1) said.push(await say(person));
  await eventually('the bot has dropped all of it', () => offAirDrops(scene) === before + said.length);
  await expectHeard(scene, scene.host);
  expect(said.map((opus) => timesHeard(scene, opus))).toEqual(said.map(() => [0, 0]));
  expect(scene.broadcast.status().speaking).not.toContain(person.name);
}

function offAirDrops({ broadcast }: Scene): number {
  return broadcast.status().drops['off-air'] ?? 0;
}

describe('a person who takes themself off air', () => {
  test('by the button is on no wire from then on, others go on, and the way back is open', async () => {
    const world = await startWorld();
    const scene = await show(world);
    const panel = await panelIn(world, scene.channel);
    await expectHeard(scene, scene.ann);
    const { content } = await press(world, scene.ann, panel, 'off-air');
    expect(content).toContain('You are **off air** in this server');
    await expectUnheard(scene, scene.ann);
    const back = await press(world, scene.ann, panel, 'on-air');
    expect(back.content).toContain('You are **on air** in this server');
    await expectHeard(scene, scene.ann);
  });

  test('by the command is on no wire either', async () => {
    const world = await startWorld();
    const scene = await show(world);
    await expectHeard(scene, scene.ann);
    expect((await podcast(world, scene.ann, 'offair')).content).toContain('You are **off air**');
    await expectUnheard(scene, scene.ann);
    expect((await podcast(world, scene.ann, 'onair')).content).toContain('You are **on air**');
    await expectHeard(scene, scene.ann);
  });

  test('is off air in the next show, and after a restart of the program, but not in another server', async () => {
    const world = await startWorld();
    const first = await show(world);
    await podcast(world, first.ann, 'offair');
    await podcast(world, first.host, 'stop');
    const again = await goOnAir(world, first.channel, first.host);
    await expectUnheard({ ...first, ...again, heard: await listenOnBoth(world, again) }, first.ann);

    // Or it would go on, and no other could begin.
    await podcast(world, first.host, 'stop');
    const restarted = await world.restarted();
    const third = await goOnAir(restarted, first.channel, first.host);
    const scene = { ...first, ...third, world: restarted, heard: await listenOnBoth(restarted, third) };
    await expectUnheard(scene, first.ann);

    const guild = restarted.discord.addGuild('Chess Club');
    const elsewhere = { ...restarted, guild, chat: guild.addTextChannel('chat') };
    const otto = guild.addPerson('Otto', { permissions: ['ManageEvents'] });
    await isHeard(otto, await goOnAir(elsewhere, guild.addVoiceChannel('side table'), otto));
  });

  test('is taken back from whatever has not been heard yet', async () => {
    const world = await startWorld();
    const scene = await show(world);
    const retracted: number[] = [];
    scene.ear.listener.on('retracted', (ssrc) => retracted.push(ssrc));
    await expectHeard(scene, scene.ann);
    const { ssrc } = scene.heard.websocket.at(-1)?.rtp ?? {};
    await podcast(world, scene.ann, 'offair');
    await eventually('the listener is told', () => retracted.length > 0);
    expect(retracted).toEqual([ssrc]);
  });

  test('who cannot be decrypted costs nobody a rejoin', async () => {
    const world = await startWorld({ timings: { unheardPatienceMs: 200, introductionMs: 0 } });
    const scene = await show(world);
    await podcast(world, scene.ann, 'offair');
    const before = scene.channel.botPeer;
    // Five times as long as it takes to notice that somebody who speaks is not heard.
    const untilMs = Date.now() + 1000;
    let frames = 0;
    for (; Date.now() < untilMs; frames += 1) {
      await scene.ann.startSpeaking();
      scene.ann.sendFrame(Buffer.from(`never encrypted ${frames}`), { plain: true });
      await expectHeard(scene, scene.host);
    }
    expect(scene.channel.botPeer).toBe(before);
    expect(scene.broadcast.status().drops).toEqual({ 'off-air': frames });
  });
});

/** A second of a voice, from where it speaks. */
const SPOKEN = { from: 100, frames: 50 };
/** Far below any voice, far above what an encoder makes of silence. */
const QUIET = 0.003;

test('the programme that is made of all voices is silent while only a person speaks who is off air', async () => {
  const world = await startWorld();
  const scene = await show(world);
  const listener = new PodcastListener({
    relay: world.program.relay.url,
    podcastId: scene.broadcast.podcast.id,
    stream: 'programme',
  });
  onTestFinished(() => listener.close());
  const frames: TimedFrame[] = [];
  listener.on('frame', ({ opus }) => frames.push({ opus, timestamp: frames.length * 960 }));
  await eventually('the programme runs', () => frames.length > 0);
  const peakWhile = async (person: Person): Promise<number> => {
    // What was said before has died away.
    await eventually('half a second has passed', () => frames.length > 25);
    frames.length = 0;
    await person.speak(await speechOf('allison'), SPOKEN).done;
    await eventually('all of it has come', () => frames.length > SPOKEN.frames + 25);
    const peak = (await decoded(frames)).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    frames.length = 0;
    return peak;
  };
  expect(await peakWhile(scene.ann)).toBeGreaterThan(0.03);
  await podcast(world, scene.ann, 'offair');
  expect(await peakWhile(scene.ann)).toBeLessThan(QUIET);
  expect(await peakWhile(scene.host)).toBeGreaterThan(0.03);
});

describe('in an opt-in server', () => {
  test('nobody is on any wire before they said yes, and then they are', async () => {
    const world = await startWorld();
    const otto = world.host('Otto');
    const set = await podcast(world, otto, 'settings', { consent: 'opt-in' });
    expect(set.content).toContain('Nobody is broadcast who has not said yes');
    const scene = await show(world);
    const panel = await panelIn(world, scene.channel);
    expect(panel.text).toContain('press **Put me on air**');
    await press(world, scene.host, panel, 'on-air');
    await expectUnheard(scene, scene.ann);
    await press(world, scene.ann, panel, 'on-air');
    await expectHeard(scene, scene.ann);
  });

  test('which it became during a show, who has not said yes is off air from then on', async () => {
    const world = await startWorld();
    const scene = await show(world);
    await expectHeard(scene, scene.ann);
    await podcast(world, scene.host, 'onair');
    await podcast(world, scene.host, 'settings', { consent: 'opt-in' });
    await expectUnheard(scene, scene.ann);
    await podcast(world, scene.host, 'settings', { consent: 'opt-out' });
    await expectHeard(scene, scene.ann);
  });
});

describe('/podcast settings', () => {
  test('says to everybody what holds, and lets those who manage events change it, for good', async () => {
    const world = await startWorld();
    const ann = world.guild.addPerson('Ann');
    const optOut = 'Everybody in a channel that is on air is broadcast until they say no';
    expect((await podcast(world, ann, 'settings')).content).toContain(optOut);
    const refused = await podcast(world, ann, 'settings', { consent: 'opt-in' });
    expect(refused.content).toBe('You need the permission **Manage Events** to change these settings here.');
    expect((await podcast(world, ann, 'settings')).content).toContain(optOut);
    await podcast(world, world.host(), 'settings', { consent: 'opt-in' });
    const restarted = await world.restarted();
    expect((await podcast(restarted, ann, 'settings')).content).toContain('who has not said yes');
  });

  test('speaks the language of who asks', async () => {
    const world = await startWorld();
    const kai = world.guild.addPerson('Kai', { locale: 'de' });
    expect((await podcast(world, kai, 'offair')).content).toContain('**nicht gesendet**');
    expect((await podcast(world, kai, 'settings')).content).toContain('Einwilligung: **Opt-out**');
  });
});
