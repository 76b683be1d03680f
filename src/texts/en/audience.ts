/** What is said where the bot plays a podcast, in English. Channels come as mentions, titles and names with their Markdown escaped. */
import { counter } from '../numbers.ts';
import { commands } from './commands.ts';

const LISTEN = `\`/${commands.podcast.name} ${commands.listen.name}\``;
const LEAVE = `\`/${commands.podcast.name} ${commands.leave.name}\``;
const VOLUME = `\`/${commands.podcast.name} ${commands.volume.name}\``;

const listenersOf = counter('en', { one: '# listener', other: '# listeners' });

interface Playing {
  readonly title: string;
  /** From where it is: a server's name, or `host`. */
  readonly origin: string;
}

interface Listed extends Playing {
  /** A relative time as Discord shows it. */
  readonly since: string;
  readonly listeners: number;
  readonly id: string;
  readonly page: string;
}

interface Place {
  readonly title: string;
  readonly channel: string;
}

export const audience = {
  joinFirst: 'Join a voice channel first: the podcast plays there.',
  plays: ({ title, channel }: Place) => `I am playing **${title}** in ${channel}. ${LEAVE} stops it.`,
  announced: ({ title, origin }: Playing) =>
    `▶️ **${title}** plays here, live from ${origin}. ${VOLUME} makes it louder or quieter, ${LEAVE} stops it.`,
  host: ({ account }: { readonly account: string }) => `host ${account}`,
  untitled: ({ id }: { readonly id: string }) => `Podcast ${id}`,
  alreadyPlaying: ({ title, channel }: Place) =>
    `I am playing **${title}** in ${channel} here; ${LEAVE} first.`,
  aboutToPlay: ({ channel }: { readonly channel: string }) =>
    `I am about to play a podcast in ${channel} here; give it a moment.`,
  notBegun: ({ why }: { readonly why: string }) => `I could not play it. ${why}`,
  couldNotBegin: 'It could not begin.',
  over: ({ title, why }: { readonly title: string; readonly why: string }) =>
    `I do not play **${title}** any more. ${why}`,
  stopped: 'I do not play it any more.',
  stoppedBy: ({ name }: { readonly name: string }) => `${name} stopped it.`,
  nothingPlays: `I play nothing in this server. ${LISTEN} plays a podcast.`,
  notYours: ({ channel }: { readonly channel: string }) =>
    `It plays in ${channel}: that is for whoever is there, or has the permission **Manage Events**.`,
  mayNotSpeak: ({ channel }: { readonly channel: string }) =>
    `What is heard in ${channel} is up to those who may speak there: people with the permission **Speak**, on a stage its speakers, and whoever has **Manage Events**.`,
  volumeIs: ({ percent }: { readonly percent: number }) => `It plays at ${percent} % here.`,
  tooManyVolumes:
    'Too many different volumes are in use right now. Each person can also change how loud I am: right-click on me.',

  unknownPodcast: 'I know of no such podcast. A private one opens by its link with the key.',
  notAPodcast: 'Choose a podcast from the list, or type its number or its link.',
  otherRelay: 'That link is of another relay; I play what is on mine.',

  listed: ({ title, origin, since, listeners, id, page }: Listed) =>
    `**${title}** · ${origin} · since ${since} · ${listenersOf(listeners)} · ${id} · ${page}`,
  andOthers: ({ others }: { readonly others: number }) =>
    `… and ${others} more; ${LISTEN} finds them by title.`,
  nothingListed: 'No public podcast is on air right now.',

  comingBack: 'I am coming back; it is quiet here meanwhile.',
  back: 'I am back; the podcast plays on.',
  goesOn: ({ why }: { readonly why: string }) => `${why} It plays on when I am back.`,
  handRaised: 'I raised my hand: nobody hears the podcast before a stage moderator invites me to speak.',
  inAudience:
    'I may neither speak on this stage nor raise my hand (permission **Request to Speak**): nobody hears the podcast here.',
};
