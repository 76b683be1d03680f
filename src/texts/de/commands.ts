/** Slash commands in German. */
import type { Catalogue } from '../catalogue.ts';

export const commands: Catalogue['commands'] = {
  podcast: { name: 'podcast', description: 'Diesen Sprachkanal live übertragen' },
  start: { name: 'starten', description: 'Bringt den Sprachkanal, in dem du bist, auf Sendung' },
  'start.title': { name: 'titel', description: 'Wie die Sendung heißt' },
  'start.visibility': {
    name: 'sichtbarkeit',
    description: 'Wer zuhören kann (öffentlich, wenn du nichts anderes angibst)',
    choices: {
      public: 'öffentlich: steht in der Liste, alle dürfen zuhören',
      unlisted: 'nicht gelistet: alle, die den Link haben',
      private: 'privat: nur mit dem Schlüssel',
    },
  },
  stop: { name: 'beenden', description: 'Beendet den Podcast dieses Servers' },
  status: { name: 'status', description: 'Wie der Podcast dieses Servers läuft' },
  invite: { name: 'einladen', description: 'Der Link, mit dem dieser Bot auf einen anderen Server kommt' },
  listen: { name: 'anhören', description: 'Spielt einen Podcast in dem Sprachkanal ab, in dem du bist' },
  'listen.podcast': { name: 'podcast', description: 'Sein Link oder seine Nummer' },
  leave: { name: 'verlassen', description: 'Beendet die Wiedergabe und verlässt den Sprachkanal' },
  list: { name: 'liste', description: 'Die Podcasts, die gerade auf Sendung sind' },
  volume: { name: 'lautstärke', description: 'Wie laut der Podcast hier abgespielt wird' },
  'volume.percent': { name: 'prozent', description: '100 ist so laut, wie er gesendet wird' },
  offair: {
    name: 'nicht-senden',
    description: 'Hält deine Stimme aus den Übertragungen dieses Servers heraus',
  },
  onair: { name: 'senden', description: 'Lässt deine Stimme in den Übertragungen dieses Servers hören' },
  settings: { name: 'einstellungen', description: 'Was für alle Podcasts dieses Servers gilt' },
  'settings.consent': {
    name: 'einwilligung',
    description: 'Wessen Stimme übertragen wird',
    choices: {
      'opt-out': 'Opt-out: alle, bis sie Nein sagen',
      'opt-in': 'Opt-in: nur wer Ja gesagt hat',
    },
  },
  'settings.names': {
    name: 'namen',
    description: 'Ob Zuhörende die Namen derer erfahren, die sprechen (nur, wenn du es angibst)',
    choices: {
      hide: 'verbergen: alle sind anonym',
      show: 'zeigen: so, wie sie auf diesem Server heißen',
    },
  },
};
