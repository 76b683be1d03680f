/** What is said where the bot plays a podcast, in Spanish. */
import type { Catalogue } from '../catalogue.ts';
import { counter } from '../numbers.ts';
import { commands } from './commands.ts';

const LISTEN = `\`/${commands.podcast.name} ${commands.listen.name}\``;
const LEAVE = `\`/${commands.podcast.name} ${commands.leave.name}\``;
const VOLUME = `\`/${commands.podcast.name} ${commands.volume.name}\``;

const listenersOf = counter('es', { one: '# oyente', other: '# oyentes' });

export const audience: Catalogue['audience'] = {
  joinFirst: 'Primero entra en un canal de voz: el podcast suena allí.',
  plays: ({ title, channel }) => `Reproduzco **${title}** en ${channel}. ${LEAVE} lo detiene.`,
  announced: ({ title, origin }) =>
    `▶️ Aquí suena **${title}**, en directo desde ${origin}. ${VOLUME} sube o baja el volumen, ${LEAVE} lo detiene.`,
  host: ({ account }) => `anfitrión ${account}`,
  untitled: ({ id }) => `Podcast n.º ${id}`,
  alreadyPlaying: ({ title, channel }) => `Ya reproduzco **${title}** en ${channel}; primero ${LEAVE}.`,
  aboutToPlay: ({ channel }) => `Estoy a punto de reproducir un podcast en ${channel}; dame un momento.`,
  notBegun: ({ why }) => `No he podido reproducirlo. ${why}`,
  couldNotBegin: 'No ha podido empezar.',
  over: ({ title, why }) => `Ya no reproduzco **${title}**. ${why}`,
  stopped: 'Ya no lo reproduzco.',
  stoppedBy: ({ name }) => `${name} lo ha detenido.`,
  nothingPlays: `No reproduzco nada en este servidor. ${LISTEN} reproduce un podcast.`,
  notYours: ({ channel }) =>
    `Suena en ${channel}: eso es para quien esté allí o tenga el permiso **Gestionar eventos** (Manage Events).`,
  mayNotSpeak: ({ channel }) =>
    `Lo que se oye en ${channel} lo decide quien puede hablar allí: con el permiso **Hablar** (Speak), en un escenario como orador, o con **Gestionar eventos** (Manage Events).`,
  volumeIs: ({ percent }) => `Aquí suena al ${percent} %.`,
  tooManyVolumes:
    'Ahora mismo hay demasiados volúmenes distintos en uso. Cada persona puede ajustar también mi volumen: clic derecho sobre mí.',

  unknownPodcast: 'No conozco ese podcast. Uno privado se abre con su enlace y la clave.',
  notAPodcast: 'Elige un podcast de la lista, o escribe su número o su enlace.',
  otherRelay: 'Ese enlace es de otro relay; yo reproduzco lo que hay en el mío.',

  listed: ({ title, origin, since, listeners, id, page }) =>
    `**${title}** · ${origin} · ${since} · ${listenersOf(listeners)} · ${id} · ${page}`,
  andOthers: ({ others }) => `… y ${others} más; ${LISTEN} los encuentra por título.`,
  nothingListed: 'Ahora mismo no hay ningún podcast público en el aire.',

  comingBack: 'Vuelvo enseguida; mientras tanto aquí hay silencio.',
  back: 'He vuelto; el podcast sigue.',
  goesOn: ({ why }: { readonly why: string }) => `${why} El podcast seguirá cuando esté de vuelta.`,
  handRaised:
    'He levantado la mano: nadie oye el podcast hasta que quien modera el escenario me invite a hablar.',
  inAudience:
    'No puedo hablar en este escenario ni levantar la mano (permiso **Solicitar hablar**, Request to Speak): nadie oye aquí el podcast.',
};
