/** What listeners read in a browser, in English: the page of a podcast, the list of what is live, and what went wrong. */
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page = {
  /** For `<html lang>`, numbers and durations: a BCP 47 tag. */
  language: 'en',
  tagline: 'Discord voice channels, live for everyone.',
  /** @param id of a podcast to which nobody gave a title */
  untitled: (id: number): string => `Podcast ${id}`,

  /** What the page says of a podcast, and of its own way to it. */
  states: {
    created: 'Not on air yet. It begins by itself.',
    live: 'On air',
    interrupted: 'The host is away for a moment.',
    ended: 'This podcast is over.',
    connecting: 'Connecting …',
    reconnecting: 'The connection is lost. Trying again …',
    refused: 'This podcast cannot be heard any more.',
    unable: 'This browser cannot play it here. Try another way below.',
  },
  listeners: counter('en', { one: '# listener', other: '# listeners' }),
  howLong: hoursAndMinutes('en'),
  onAirFor: (howLong: string): string => `On air for ${howLong}`,

  player: {
    heading: 'Player',
    play: 'Play',
    pause: 'Pause',
    mute: 'Mute',
    unmute: 'Unmute',
    volume: 'Volume',
    /** @param percent 0 … 100 */
    volumeAt: (percent: number): string => `Volume ${percent} %`,
    /** @param seconds as a number is written in the language, say `1.2` */
    delay: (seconds: string): string => `${seconds} s behind`,
    quality: { good: 'Good connection', fair: 'Fair connection', poor: 'Poor connection' },
    needsScript: 'Without JavaScript, this plays the broadcast a few seconds later:',
  },

  speakers: {
    heading: 'Voices',
    /** @param number 1 for the first voice that has no name */
    someone: (number: number): string => `Someone ${number}`,
    nobody: 'Nobody speaks right now.',
    speaks: (name: string): string => `${name} speaks`,
  },

  ways: {
    heading: 'Other ways to listen',
    mp3: 'MP3, for every player and radio',
    opus: 'Ogg Opus, for VLC, mpv and browsers',
    hls: 'HLS, for phones and television sets',
    playlist: 'Playlist for a media player',
    copy: 'Copy the link',
    copied: 'The link is copied.',
    notCopied: 'The browser did not let us copy the link.',
    secret: 'Whoever has this link can listen; give it only to those who should.',
  },

  keyboard: {
    heading: 'Keyboard',
    play: 'Space or K: play and pause',
    volume: 'Arrow up and down: volume',
    mute: 'M: mute',
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
