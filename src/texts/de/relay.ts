/** What the relay says to people, in German. */
import type { Catalogue } from '../catalogue.ts';

const ERRORS: Readonly<Record<string, string>> = {
  unreachable: 'Das Relay antwortet nicht.',
  invalid_auth: 'Das Relay kennt mein Konto nicht, oder das Geheimnis dazu ist falsch.',
  not_host: 'Das darf nur, wer diesen Podcast überträgt.',
  unknown_podcast: 'Einen Podcast mit dieser Nummer gibt es nicht.',
  rate_limited: 'Das waren zu viele Anfragen an das Relay; warte ein wenig.',
  capacity:
    'Eine Grenze des Relays ist erreicht. Versuche es noch einmal, wenn ein anderer Podcast zu Ende ist.',
  not_ready: 'Das Relay ist noch nicht so weit; versuche es gleich noch einmal.',
  going_away: 'Das Relay wird gerade heruntergefahren; versuche es gleich noch einmal.',
  internal: 'Das Relay ist an dieser Anfrage gescheitert; der Fehler liegt bei ihm.',
};

const ENDINGS: Readonly<Record<number, string>> = {
  1006: 'Die Verbindung zum Relay ist abgerissen.',
  1011: 'Ein Fehler hat es abgebrochen.',
  4001: 'Das Relay kennt mein Konto nicht, oder das Geheimnis dazu ist falsch.',
  4003: 'Die Übertragung wurde beendet, der Podcast ist zu Ende.',
  4004: 'Dieser Podcast wird schon von anderswo übertragen.',
  4005: 'Die Übertragung hat nicht rechtzeitig begonnen.',
  4006: 'Einen Podcast mit dieser Nummer gibt es nicht.',
  4008: 'Die Verbindung ist zu langsam für den Live-Ton.',
  4009: 'Eine Grenze des Relays ist erreicht.',
  4010: 'Das Relay wird gerade heruntergefahren.',
};

export const relay: Catalogue['relay'] = {
  refused: ({ code, message }) => ERRORS[code] ?? `Das Relay hat abgelehnt: ${message}`,
  ended: ({ code, reason }) => ENDINGS[code] ?? reason,
};
