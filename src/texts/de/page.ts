/** What listeners read in a browser, in German. */
import type { Catalogue } from '../catalogue.ts';
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page: Catalogue['page'] = {
  language: 'de',
  tagline: 'Sprachkanäle von Discord, live für alle.',
  untitled: (id) => `Podcast Nr. ${id}`,

  states: {
    created: 'Noch nicht auf Sendung',
    live: 'Auf Sendung',
    interrupted: 'Unterbrochen',
    ended: 'Zu Ende',
    unknown: 'Nicht gefunden',
  },

  messages: {
    before: {
      created: 'Es hat noch nicht begonnen. Drücke schon jetzt auf Start, dann beginnt es von selbst.',
      live: 'Drücke auf Start, um zuzuhören.',
      interrupted: 'Die Übertragung ist kurz unterbrochen. Drücke auf Start, dann geht es von selbst weiter.',
    },
    during: {
      connecting: 'Verbindung wird aufgebaut …',
      waiting: 'Alles bereit. Es beginnt von selbst.',
      playing: 'Du hörst live zu.',
      interrupted: 'Die Übertragung ist kurz unterbrochen. Es geht von selbst weiter.',
      reconnecting: 'Die Verbindung ist abgerissen. Neuer Versuch …',
    },
    ended: 'Dieser Podcast ist zu Ende. Danke fürs Zuhören.',
    unknown: 'Unter dieser Adresse gibt es nichts mehr zu hören.',
    refused: 'Diesen Podcast kann man gerade nicht hören.',
    unable: 'Dieser Browser kann ihn hier nicht abspielen. Versuche es auf einem anderen Weg.',
    paused: 'Der Ton wurde angehalten. Drücke auf Start, dann geht es weiter.',
    unreachable: 'Der Server antwortet nicht. Neuer Versuch …',
  },
  listeners: counter('de', { one: '# Person hört zu', other: '# Personen hören zu' }),
  howLong: hoursAndMinutes('de'),
  onAirFor: (howLong) => `Auf Sendung seit ${howLong}`,

  player: {
    heading: 'Wiedergabe',
    play: 'Zuhören',
    stop: 'Aufhören',
    mute: 'Stummschalten',
    unmute: 'Ton einschalten',
    muted: 'Stumm',
    volume: 'Lautstärke',
    volumeAt: (percent) => `Lautstärke ${percent} %`,
    delay: (howLong) => `${howLong} verzögert`,
    way: { packets: 'Direkt', stream: 'Als Stream, einige Sekunden später' },
    quality: { good: 'Gute Verbindung', fair: 'Mäßige Verbindung', poor: 'Schlechte Verbindung' },
    plain: 'Falls der Player nicht erscheint, hörst du die Übertragung hier ein paar Sekunden später:',
  },

  speakers: {
    heading: 'Stimmen',
    someone: (number) => `Jemand ${number}`,
    nobody: 'Gerade spricht niemand.',
    speaking: 'spricht',
    notYet: 'Wer spricht, siehst du hier, während du zuhörst.',
    notInStream: 'Ein Stream verrät nicht, wer spricht.',
  },

  ways: {
    heading: 'Anders zuhören',
    mp3: 'MP3, für jeden Player und jedes Radio',
    opus: 'Ogg Opus, für VLC, mpv und Browser',
    hls: 'HLS, für Telefone und Fernseher',
    playlist: 'Wiedergabeliste für einen Player',
    link: 'Link zu dieser Seite',
    copy: 'Link kopieren',
    copied: 'Der Link ist kopiert.',
    notCopied: 'Der Browser ließ uns den Link nicht kopieren.',
    secret: 'Wer diesen Link hat, kann zuhören; gib ihn nur denen, die das sollen.',
  },

  keyboard: {
    heading: 'Tastatur',
    space: 'Leertaste',
    play: 'Zuhören und aufhören',
    mute: 'Ton aus und ein',
    volume: 'Lauter und leiser',
    help: 'Diese Liste',
    active: 'Diese Tasten verwenden',
    close: 'Schließen',
  },

  live: {
    heading: 'Jetzt live',
    nothing: 'Gerade ist nichts auf Sendung.',
    back: 'Was gerade live ist',
  },

  faults: {
    unknown: {
      heading: 'Nicht gefunden',
      sentence: 'Unter dieser Adresse gibt es nichts zu hören. Ist der Link vollständig?',
    },
    ended: { heading: 'Zu Ende', sentence: 'Dieser Podcast ist zu Ende. Danke fürs Zuhören.' },
    busy: {
      heading: 'Zu viele Anfragen',
      sentence:
        'Von deiner Adresse kamen zu viele Anfragen. Warte eine Minute und versuche es dann noch einmal.',
    },
    away: {
      heading: 'Gleich wieder da',
      sentence: 'Dieser Server kann gerade nicht antworten. Versuche es gleich noch einmal.',
    },
    unbuilt: {
      heading: 'Fast fertig',
      sentence: 'Die Seite ist noch nicht gebaut: Wer diesen Server betreibt, führe npm run prepare aus.',
    },
    broken: {
      heading: 'Etwas ist kaputt',
      sentence: 'Dieser Server ist an der Anfrage gescheitert. Der Fehler liegt bei uns.',
    },
    again: 'Noch einmal versuchen',
  },
};
