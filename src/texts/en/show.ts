/** What is said of a show, in English. Channels and people come as mentions, titles and names with their Markdown escaped. */
import { counter } from '../numbers.ts';
import { commands } from './commands.ts';
import { onAir } from './on-air.ts';

const START = `\`/${commands.podcast.name} ${commands.start.name}\``;
const STOP = `\`/${commands.podcast.name} ${commands.stop.name}\``;

const listenersOf = counter('en', { one: '# listener', other: '# listeners' });
const framesOf = counter('en', { one: '# frame', other: '# frames' });
const othersOf = counter('en', { one: '# other', other: '# others' });
const numbers = new Intl.NumberFormat('en');

/** How a show goes, in numbers. */
interface Going {
  /** A relative time as Discord shows it. */
  readonly since: string;
  readonly channel: string;
  readonly listeners: number;
  readonly frames: number;
}

export const show = {
  /** Each follows "to". */
  deeds: {
    start: 'start a podcast',
    endAnothers: 'end a podcast that somebody else started',
    changeSettings: 'change these settings',
  },
  joinFirst: 'Join a voice channel first: the podcast is what is said there.',
  noneOnAir: `No podcast is on air in this server. ${START} begins one.`,
  alreadyOnAir: ({ channel }: { readonly channel: string }) =>
    `A podcast is on air in ${channel} already. ${STOP} ends it.`,
  aboutToBegin: ({ channel }: { readonly channel: string }) =>
    `A podcast is about to begin in ${channel}; give it a moment.`,
  notBegun: ({ why }: { readonly why: string }) => `The podcast did not begin. ${why} ${START} tries again.`,
  unmarked:
    'Discord let me set neither the status of the channel nor my nickname, and a channel that is on air has to be marked.',
  mayNotMark: ({ channel }: { readonly channel: string | undefined }) => {
    const status = channel === undefined ? '' : `**Set Voice Channel Status** in ${channel} or `;
    return `I need the permission ${status}**Change Nickname**, so that everybody can see that the channel is on air.`;
  },
  couldNotBegin: 'It could not begin.',

  mayNotWrite: ({ channel }: { readonly channel: string }) =>
    `I may not write in ${channel}: tell the people there that they are on air, or give me **Send Messages**.`,
  mayNotSpeak: ({ channel }: { readonly channel: string }) =>
    `I may not speak in ${channel}, so nobody hears my spoken notice: tell the people there that they are on air.`,
  onAir: ({ title, visibility, id }: OnAir) =>
    `**${title}** is on air (${onAir.panel.visibility[visibility]}), podcast ${id}.`,
  howToListen: ({ link, line }: { readonly link: string; readonly line: string }) =>
    `Listen in a browser: ${link}\nOr in a terminal: ${line}`,
  askForKey: ({ host }: { readonly host: string }) => `To listen, ask ${host} for the link with the key.`,
  keepKey: 'Whoever has this link can listen; give it only to those who should.',

  goes: ({ since, channel, listeners, frames }: Going) =>
    `Since ${since} in ${channel} · ${listenersOf(listeners)} · ${framesOf(frames)} sent.`,
  onAirElsewhere: 'A podcast is on air in this server, in a channel that you do not see.',
  nobodySpeaks: 'Nobody speaks right now.',
  speaking: ({ names, others }: { readonly names: readonly string[]; readonly others: number }) =>
    `Speaking: ${names.join(', ')}${others > 0 ? ` and ${othersOf(others)}` : ''}.`,
  notBroadcast: ({ drops }: { readonly drops: readonly Dropped[] }) =>
    `Not broadcast: ${drops.map(({ count, reason }) => `${numbers.format(count)} ${reason}`).join('; ')}.`,
  /** Follows a count of packets or frames. */
  dropReasons: {
    malformed: 'not an Opus RTP packet',
    'unknown-ssrc': 'of a speaker the voice server has not named yet',
    'no-key': 'before the transport key was agreed',
    transport: 'not authentic',
    padding: 'padding or extension longer than the packet',
    empty: 'padding only',
    duplicate: 'came twice',
    dave: 'end-to-end decryption failed',
    'dave-not-ready': 'end-to-end encrypted, before this bot was in the group',
    'dave-message': 'messages of the end-to-end encryption that made no sense',
    'off-air': 'of people who are off air',
    'not-connected': 'while the relay was away',
    'relay-slow': 'because the relay was slow',
    'not-opus': 'not Opus',
    'still-encrypted': 'still encrypted',
  },

  stopped: 'The podcast is over.',
  over: ({ why }: { readonly why: string }) => `The podcast is over. ${why}`,
  endedBy: ({ name }: { readonly name: string }) => `${name} ended it.`,
  endedByRelay: ({ why }: { readonly why: string }) => `The relay ended the podcast: ${why}`,

  comingBack: 'I am coming back; listeners hear silence meanwhile.',
  back: 'I am back; the podcast goes on.',
  goesOn: ({ why }: { readonly why: string }) => `${why} The podcast goes on when I am back.`,
  handRaised: 'I raised my hand: a stage moderator can invite me to speak. The podcast is on air meanwhile.',
  inAudience:
    'I may neither speak on this stage nor raise my hand (permission **Request to Speak**). The podcast is on air, I only stay in the audience.',
};

interface OnAir {
  readonly title: string;
  readonly visibility: keyof typeof onAir.panel.visibility;
  readonly id: string;
}

interface Dropped {
  readonly count: number;
  readonly reason: string;
}
