/** What listeners read in a browser, in English: the page of a podcast, the list of what is live, and what went wrong. */
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page = {
  /** For `<html lang>`, numbers and durations: a BCP 47 tag. */
  language: 'en',
  tagline: 'Discord voice channels, live for everyone.',
  /** @param id of a podcast to which nobody gave a title */
  untitled: (id: number): string => `Podcast ${id}`,

  /** What the page says of a podcast. */
  standings: {
    created: 'Not on air yet',
    live: 'On air',
    interrupted: 'The host is away',
    over: 'Over',
    unknown: 'Not to be found',
  },
  /** What the page says of its own sound. */
  messages: {
    'before-created': 'It has not begun yet. Press Listen, and you hear it from the start.',
    'before-live': 'Press Listen to hear it.',
    'before-interrupted': 'The host is away for a moment. Press Listen, and you hear when it goes on.',
    unreachable: 'The server does not answer. Trying again …',
    connecting: 'Connecting …',
    waiting: 'It has not begun yet. Stay, and you hear it from the start.',
    playing: 'You are listening.',
    interrupted: 'The host is away for a moment. Stay, and you hear when it goes on.',
    reconnecting: 'The connection is lost. Trying again …',
    over: 'This podcast is over. Thank you for listening.',
    unknown: 'This podcast is not to be found any more.',
    refused: 'This podcast cannot be heard any more by this link.',
    unable: 'This browser cannot play it. There are other ways to listen below.',
  },
  listeners: counter('en', { one: '# listener', other: '# listeners' }),
  howLong: hoursAndMinutes('en'),
  onAirFor: (howLong: string): string => `On air for ${howLong}`,

  player: {
    heading: 'Player',
    listen: 'Listen',
    stop: 'Stop',
    mute: 'Mute',
    unmute: 'Unmute',
    muted: 'Muted',
    volume: 'Volume',
    /** @param percent 0 … 100 */
    volumeAt: (percent: number): string => `Volume ${percent} %`,
    /** @param howLong with its unit, say `1.2 s` */
    delay: (howLong: string): string => `${howLong} behind`,
    way: { packets: 'Every voice by itself', stream: 'One stream' },
    quality: { good: 'Good connection', fair: 'Fair connection', poor: 'Poor connection' },
    needsScript: 'Without JavaScript, this plays the broadcast a few seconds later:',
  },

  speakers: {
    heading: 'Voices',
    /** @param number 1 for the first voice that has no name */
    someone: (number: number): string => `Someone ${number}`,
    nobody: 'Nobody speaks right now.',
    speaking: 'speaking',
    notYet: 'Who speaks is shown while you listen.',
    notInStream: 'The stream does not say who speaks.',
  },

  ways: {
    heading: 'Other ways to listen',
    mp3: 'MP3, for every player and radio',
    opus: 'Ogg Opus, for VLC, mpv and browsers',
    hls: 'HLS, for phones and television sets',
    playlist: 'Playlist for a media player',
    link: 'Link',
    copy: 'Copy the link',
    copied: 'The link is copied.',
    notCopied: 'The browser did not let us copy the link.',
    secret: 'Whoever has this link can listen; give it only to those who should.',
  },

  keyboard: {
    heading: 'Keyboard',
    help: 'Keyboard help',
    play: 'Space or K: listen and stop',
    volume: 'Arrow up and down: volume',
    mute: 'M: mute and unmute',
    question: '?: this help',
    keysOn: 'Use single keys',
    close: 'Close',
  },

  live: {
    heading: 'Live now',
    nothing: 'Nothing is on air right now.',
    back: 'What is live now',
  },

  faults: {
    unknown: {
      heading: 'Not found',
      sentence: 'There is nothing to hear at this address. Is the link complete?',
    },
    ended: { heading: 'Over', sentence: 'This podcast has ended. Thank you for listening.' },
    busy: {
      heading: 'Too many requests',
      sentence: 'There were too many requests from your address. Wait a minute, then try again.',
    },
    away: {
      heading: 'Back in a moment',
      sentence: 'This server cannot answer right now. Try again in a moment.',
    },
    unbuilt: {
      heading: 'Almost there',
      sentence: 'The page has not been built yet: whoever runs this server should run npm run prepare.',
    },
    broken: { heading: 'Something broke', sentence: 'This server failed at the request. The fault is ours.' },
    again: 'Try again',
  },
};
