/** The whole program on a simulated Discord, with a listener: where every end-to-end test begins. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Answer } from '../../simulator/answer.ts';
import type { Channel } from '../../simulator/channel.ts';
import { SimulatedDiscord } from '../../simulator/discord.ts';
import type { Guild } from '../../simulator/guild.ts';
import type { Person } from '../../simulator/person.ts';
import { type Speech, loadSpeech } from '../../simulator/speech.ts';
import type { SpokenFrame } from '../../simulator/voice/frame-log.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import type { Broadcast } from '../../src/bot/broadcast/broadcast.ts';
import { VOICE_TIMINGS, type VoiceTimings } from '../../src/bot/voice/voice-timings.ts';
import { type HeardFrame, PodcastListener } from '../../src/client/podcast-listener.ts';
import { readConfig } from '../../src/config.ts';
import { type Program, startProgram } from '../../src/program.ts';

/** Short enough that a test does not wait, long enough that a busy machine does not fail it. */
const TEST_TIMINGS: VoiceTimings = {
  ...VOICE_TIMINGS,
  rejoinDelaysMs: [20, 40, 80, 160, 320],
  farewellMs: 150,
};

export interface World {
  readonly discord: SimulatedDiscord;
  readonly guild: Guild;
  /** A text channel in which commands are typed. */
  readonly chat: Channel;
  readonly program: Program;
  /** Stops the program and starts it again, on the same data and the same port. */
  restarted(): Promise<World>;
  /** DATA_DIR of the program. */
  readonly dataDir: string;
  /** Lines of JSON. */
  readonly logLines: string[];
  /** May start podcasts. */
  host(name?: string): Person;
}

export interface WorldOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly timings?: Partial<VoiceTimings>;
  readonly seed?: number;
}

/** Everything is taken down when the test has finished. */
export async function startWorld({ settings, timings, seed }: WorldOptions = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'guildcast-'));
  const discord = await SimulatedDiscord.start(seed === undefined ? {} : { seed });
  discord.trustCertificate();
  const guild = discord.addGuild('Knitting Circle');
  const chat = guild.addTextChannel('chat');
  const logLines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) });
  const access = { token: discord.botToken, api: discord.apiUrl };
  const start = async (port: number): Promise<Program> => {
    const config = readConfig({ PORT: String(port), HOST: '127.0.0.1', DATA_DIR: dataDir, ...settings });
    return await startProgram(config, access, log, { ...TEST_TIMINGS, ...timings });
  };
  let program = await start(0);
  onTestFinished(async () => {
    await program.stop();
    await discord.close();
    rmSync(dataDir, { recursive: true });
  });
  const world = {
    discord,
    guild,
    chat,
    program,
    dataDir,
    logLines,
    host: (name = 'Hanna') => guild.addPerson(name, { permissions: ['ManageEvents'] }),
    restarted: async () => {
      await program.stop();
      program = await start(program.relay.port);
      return { ...world, program };
    },
  };
  return world;
}

/** One of the three speeches that the project carries. */
export function speechOf(name: 'allison' | 'june' | 'carlo'): Promise<Speech> {
  return loadSpeech(new URL(`../../simulator/speech/${name}.opus`, import.meta.url));
}

export interface Show {
  readonly host: Person;
  readonly channel: VoiceChannel;
  readonly broadcast: Broadcast;
  readonly answer: Answer;
  readonly ear: Ear;
}

/** A host joins the channel and goes on air, and a listener listens. */
export async function goOnAir(
  world: World,
  channel: VoiceChannel,
  host: Person = world.host(),
): Promise<Show> {
  if (host.channel !== channel) await host.join(channel);
  const answer = await host.command(world.chat, 'podcast', 'start');
  await answer.settled();
  const broadcast = world.program.bot.broadcasts.of(world.guild.id);
  if (!broadcast) throw new Error(`not on air: ${answer.content}`);
  await channel.botJoined();
  return { host, channel, broadcast, answer, ear: await listenTo(world.program.relay, broadcast.podcast.id) };
}

let words = 0;

/** Somebody says one frame that was never said before; resolves when the listener has heard exactly that. */
export async function isHeard(who: Person, { ear }: Pick<Show, 'ear'>): Promise<void> {
  words += 1;
  const opus = Buffer.from(`\xfcword ${words} of ${who.name}`, 'latin1');
  await who.startSpeaking();
  const spoken = who.sendFrame(opus);
  await ear.hears(opus);
  if (ear.missing([spoken]).length > 0) throw new Error('the frame came, but not with its RTP metadata');
}

/** Somebody goes on talking, as people do, until the listener that is on its way back hears something. @returns how long after `sinceMs`, as `performance.now()` counts, that was */
export async function hearsOn(who: Person, { ear }: Pick<Show, 'ear'>, sinceMs: number): Promise<number> {
  const heard = once(ear.listener, 'frame');
  const talking = setInterval(
    () => void who.startSpeaking().then(() => who.sendFrame(Buffer.from('\xfcand', 'latin1'))),
    20,
  );
  await heard;
  clearInterval(talking);
  const tookMs = performance.now() - sinceMs;
  // From here on nothing is missing.
  await isHeard(who, { ear });
  return tookMs;
}

/** A listener that remembers. */
export interface Ear {
  readonly listener: PodcastListener;
  readonly frames: readonly HeardFrame[];
  /** Resolves when a frame with these bytes has come. @throws Error after ten seconds */
  hears(opus: Uint8Array): Promise<void>;
  /** Of these frames, those that did not come exactly as they were said: bytes, sequence, timestamp, SSRC. */
  missing(spoken: readonly SpokenFrame[]): SpokenFrame[];
}

export async function listenTo(relay: { readonly url: string }, podcastId: number): Promise<Ear> {
  const listener = new PodcastListener({ relay: relay.url, podcastId });
  onTestFinished(() => listener.close());
  const frames: HeardFrame[] = [];
  listener.on('frame', (frame) => frames.push(frame));
  await once(listener, 'listening');
  return {
    listener,
    frames,
    async hears(opus) {
      const giveUp = AbortSignal.timeout(10_000);
      while (!frames.some((frame) => Buffer.compare(frame.opus, opus) === 0)) {
        await once(listener, 'frame', { signal: giveUp });
      }
    },
    missing(spoken) {
      const heard = new Set(frames.map(({ opus, rtp }) => keyOf({ opus, ...rtp })));
      return spoken.filter((frame) => !heard.has(keyOf(frame)));
    },
  };
}

/** Polls something that tells nobody when it changes. @throws Error after ten seconds, with the words given */
export async function eventually(what: string, isSo: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 10_000;
  while (!isSo()) {
    if (Date.now() > deadlineMs) throw new Error(`it did not come about within 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function keyOf(frame: { opus: Uint8Array; sequence?: number; timestamp?: number; ssrc?: number }): string {
  const { opus, sequence, timestamp, ssrc } = frame;
  return `${ssrc}:${sequence}:${timestamp}:${Buffer.from(opus).toString('base64')}`;
}
