/** What listeners read in a browser, in German. */
import type { Catalogue } from '../catalogue.ts';
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page: Catalogue['page'] = {
  language: 'de',
  tagline: 'Sprachkanäle von Discord, live für alle.',
  untitled: (id) => `Podcast Nr. ${id}`,

  states: {
    created: 'Noch nicht auf Sendung. Es beginnt von selbst.',
    live: 'Auf Sendung',
    interrupted: 'Die Übertragung ist kurz unterbrochen.',
    ended: 'Dieser Podcast ist zu Ende.',
    connecting: 'Verbindung wird aufgebaut …',
    reconnecting: 'Die Verbindung ist abgerissen. Neuer Versuch …',
    refused: 'Diesen Podcast kann man nicht mehr hören.',
    unable: 'Dieser Browser kann ihn hier nicht abspielen. Versuche es unten auf einem anderen Weg.',
  },
  listeners: counter('de', { one: '# Person hört zu', other: '# Personen hören zu' }),
  howLong: hoursAndMinutes('de'),
  onAirFor: (howLong) => `Auf Sendung seit ${howLong}`,

  player: {
    heading: 'Wiedergabe',
    play: 'Abspielen',
    pause: 'Anhalten',
    mute: 'Stummschalten',
    unmute: 'Ton einschalten',
    volume: 'Lautstärke',
    volumeAt: (percent) => `Lautstärke ${percent} %`,
    delay: (seconds) => `${seconds} s Verzögerung`,
    quality: { good: 'Gute Verbindung', fair: 'Mäßige Verbindung', poor: 'Schlechte Verbindung' },
    needsScript: 'Ohne JavaScript hörst du die Übertragung hier ein paar Sekunden später:',
  },

  speakers: {
    heading: 'Stimmen',
    someone: (number) => `Jemand ${number}`,
    nobody: 'Gerade spricht niemand.',
    speaks: (name) => `${name} spricht`,
  },

  ways: {
    heading: 'Anders zuhören',
    mp3: 'MP3, für jeden Player und jedes Radio',
    opus: 'Ogg Opus, für VLC, mpv und Browser',
    hls: 'HLS, für Telefone und Fernseher',
    playlist: 'Wiedergabeliste für einen Player',
    copy: 'Link kopieren',
    copied: 'Der Link ist kopiert.',
    notCopied: 'Der Browser ließ uns den Link nicht kopieren.',
    secret: 'Wer diesen Link hat, kann zuhören; gib ihn nur denen, die das sollen.',
  },

  keyboard: {
    heading: 'Tastatur',
    play: 'Leertaste oder K: abspielen und anhalten',
    volume: 'Pfeil nach oben und unten: Lautstärke',
    mute: 'M: Ton aus und ein',
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
