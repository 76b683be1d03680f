/** Without a Discord token: the same program on a simulated Discord, in which three people talk, go on air, and are heard next door. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Channel } from '../simulator/channel.ts';
import { SimulatedDiscord } from '../simulator/discord.ts';
import type { Hearing } from '../simulator/hearing.ts';
import type { Person } from '../simulator/person.ts';
import { type Speech, frameMs, loadSpeech } from '../simulator/speech.ts';
import { isSilence } from './audio/opus-packet.ts';
import type { Broadcast } from './bot/broadcast/broadcast.ts';
import type { DiscordAccess, Program } from './program.ts';
import type { LiveLine } from './live-line.ts';

const CAST = [
  { name: 'Allison', file: 'allison.opus' },
  { name: 'June', file: 'june.opus' },
  { name: 'Carlo', file: 'carlo.opus' },
] as const;

/** How long each turn is; they come round again and again, so that a loop is not heard as one. */
const TURN_MS = [4200, 2600, 6000, 3400, 5200] as const;
/** People fall into each other's words. */
const OVERLAP_MS = 700;
const LIVE_LINE_MS = 200;
const NEIGHBOURS = 'The Neighbours';
/** Frames that Ben remembers: half a second. */
const HEARD_LIMIT = 25;
/** How often the relay is asked how many listen. */
const ASK_MS = 1000;
/** Where a line cannot be redrawn, the same is said less often. */
const LOG_LINE_MS = 10_000;

interface Voice {
  readonly person: Person;
  readonly speech: Speech;
  position: number;
}

export interface Demonstration extends DiscordAccess {
  /** Lets the people come in, talk, and go on air with the bot of this program. */
  begin(program: Program): Promise<void>;
  /** Ends the talk. */
  stop(): void;
  /** Takes the simulated Discord down; the bot must have left. */
  close(): Promise<void>;
}

export async function startDemonstration(terminal: LiveLine): Promise<Demonstration> {
  terminal.write(
    [
      '',
      '  This is a demonstration: DISCORD_TOKEN is not set, so the bot is on a simulated Discord on this',
      '  machine, where three people hold a conversation. To broadcast from your own server: make an',
      '  application at https://discord.com/developers/applications, copy the token of its bot (Bot → Reset',
      '  Token) into DISCORD_TOKEN (environment or .env), start again, and open the invite link it prints.',
      '',
      '',
    ].join('\n'),
  );
  const discord = await SimulatedDiscord.start();
  discord.trustCertificate();
  const ending = new AbortController();
  let hideLife: (() => void) | undefined;
  return {
    token: discord.botToken,
    api: discord.apiUrl,
    isPassing: true,
    async begin(program) {
      const guild = discord.addGuild('The Demonstration');
      const channel = guild.addVoiceChannel('round table');
      const chat = guild.addTextChannel('chat');
      const voices = await Promise.all(
        CAST.map(async ({ name, file }): Promise<Voice> => {
          const path = new URL(`../simulator/speech/${file}`, import.meta.url);
          const permissions = ['ManageEvents'] as const;
          return {
            person: guild.addPerson(name, { permissions }),
            speech: await loadSpeech(path),
            position: 0,
          };
        }),
      );
      for (const { person } of voices) await person.join(channel);
      void converse(voices, ending.signal);
      const broadcast = await goOnAir(program, voices[0]!.person, chat, terminal);
      if (ending.signal.aborted) return;
      if (!broadcast) throw new Error('The demonstration could not go on air; the answer above says why.');
      const panel = await discord.messageIn(channel);
      terminal.write(`In the chat of #${channel.name} stands:\n${indented(panel.text)}\n`);
      const hearing = await listenNextDoor(discord, broadcast.podcast.title, terminal);
      const { id, page } = broadcast.podcast;
      terminal.write(
        `\nTo listen, open in a browser:  ${page}\nOr type in another terminal:   npx guildcast listen ${id}\nCtrl-C ends.\n\n`,
      );
      if (!ending.signal.aborted) hideLife = showLife(broadcast, hearing, terminal);
    },
    stop() {
      ending.abort();
      hideLife?.();
    },
    close: () => discord.close(),
  };
}

async function goOnAir(
  { bot }: Program,
  host: Person,
  chat: Channel,
  terminal: LiveLine,
): Promise<Broadcast | undefined> {
  terminal.write(`${host.name} types: /podcast start title:The round table\n`);
  const answer = await host.command(chat, 'podcast', 'start', { title: 'The round table' });
  await answer.settled();
  terminal.write(`The bot answers ${host.name}:\n${indented(answer.content)}\n`);
  // Nobody there minds, and so the page has names to show.
  await host.command(chat, 'podcast', 'settings', { names: 'show' });
  return bot.broadcasts.of(host.guild.id);
}

/** Somebody in another server has it played there. @returns what they hear */
async function listenNextDoor(
  discord: SimulatedDiscord,
  title: string,
  terminal: LiveLine,
): Promise<Hearing> {
  const guild = discord.addGuild(NEIGHBOURS);
  const ben = guild.addPerson('Ben');
  await ben.join(guild.addVoiceChannel('kitchen'));
  const chat = guild.addTextChannel('chat');
  // What a person who types picks out of the list.
  const [found] = await ben.autocomplete(chat, 'podcast', 'listen', { podcast: title });
  const answer = await ben.command(chat, 'podcast', 'listen', { podcast: String(found?.value) });
  await answer.settled();
  terminal.write(`Ben of ${guild.name} types: /podcast listen podcast:${title}\n`);
  terminal.write(`The bot answers Ben:\n${indented(answer.content)}\n`);
  return ben.listen({ limit: HEARD_LIMIT });
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

/** Turn by turn, the next one beginning a little before the last one ends. */
async function converse(voices: readonly Voice[], signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn += 1) {
    const voice = voices[turn % voices.length]!;
    const turnMs = TURN_MS[turn % TURN_MS.length]!;
    const frames = Math.round(turnMs / frameMs);
    if (voice.position + frames > voice.speech.frames.length) voice.position = 0;
    const speaking = voice.person.speak(voice.speech, { from: voice.position, frames });
    voice.position += frames;
    await pause(turnMs - OVERLAP_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) speaking.stop();
  }
}

/** Who speaks, frames, listeners, drops: in one line at the foot of the terminal. @returns what ends it */
function showLife(broadcast: Broadcast, { frames: heard }: Hearing, terminal: LiveLine): () => void {
  let listeners = 0;
  const ask = setInterval(() => {
    if (broadcast.isOnAir)
      void broadcast.listeners().then(
        (count) => (listeners = count),
        () => {},
      );
  }, ASK_MS);
  const show = setInterval(
    () => {
      if (!broadcast.isOnAir) return;
      const { speaking, frames, drops } = broadcast.status();
      const dropped = Object.entries(drops).map(([reason, count]) => `${count} ${reason}`);
      const isHeard = heard.some(({ opus }) => opus && !isSilence(opus));
      const line = `🔴 ${speaking.join(', ') || 'nobody'} · ${frames} frames · ${listeners} listening · ${isHeard ? '🔊' : '🔇'} ${NEIGHBOURS} · dropped: ${dropped.join(', ') || 'none'}`;
      if (terminal.isInteractive) terminal.set(line);
      else terminal.write(`${line}\n`);
    },
    terminal.isInteractive ? LIVE_LINE_MS : LOG_LINE_MS,
  );
  return () => {
    clearInterval(ask);
    clearInterval(show);
  };
}
