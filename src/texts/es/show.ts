/** What is said of a show, in Spanish. */
import type { Catalogue } from '../catalogue.ts';
import { counter } from '../numbers.ts';
import { commands } from './commands.ts';
import { onAir } from './on-air.ts';

const START = `\`/${commands.podcast.name} ${commands.start.name}\``;
const STOP = `\`/${commands.podcast.name} ${commands.stop.name}\``;

const listenersOf = counter('es', { one: '# oyente', other: '# oyentes' });
const framesOf = counter('es', { one: '# trama enviada', other: '# tramas enviadas' });
const othersOf = counter('es', { one: '# persona más', other: '# personas más' });
const numbers = new Intl.NumberFormat('es');

export const show: Catalogue['show'] = {
  deeds: {
    start: 'iniciar un podcast',
    endAnothers: 'terminar un podcast que inició otra persona',
    changeSettings: 'cambiar estos ajustes',
  },
  joinFirst: 'Primero entra en un canal de voz: el podcast es lo que se dice allí.',
  noneOnAir: `No hay ningún podcast en el aire en este servidor. ${START} inicia uno.`,
  alreadyOnAir: ({ channel }) => `Ya hay un podcast en el aire en ${channel}. ${STOP} lo termina.`,
  aboutToBegin: ({ channel }) => `Un podcast está a punto de empezar en ${channel}; dale un momento.`,
  notBegun: ({ why }) => `El podcast no ha empezado. ${why} ${START} lo intenta de nuevo.`,
  unmarked:
    'Discord no me ha dejado cambiar ni el estado del canal ni mi apodo, y un canal que está en el aire tiene que estar señalado.',
  mayNotMark: ({ channel }) => {
    const status =
      channel === undefined
        ? ''
        : `**Establecer estado del canal de voz** (Set Voice Channel Status) en ${channel} o `;
    return `Necesito el permiso ${status}**Cambiar apodo** (Change Nickname), para que todo el mundo vea que el canal está en el aire.`;
  },
  couldNotBegin: 'No ha podido empezar.',

  mayNotWrite: ({ channel }) =>
    `No puedo escribir en ${channel}: di a quienes están allí que están en el aire, o dame el permiso **Enviar mensajes** (Send Messages).`,
  mayNotSpeak: ({ channel }) =>
    `No puedo hablar en ${channel}, así que nadie oye mi aviso: di a quienes están allí que están en el aire.`,
  onAir: ({ title, visibility, id }) =>
    `**${title}** está en el aire (${onAir.panel.visibility[visibility]}), podcast ${id}.`,
  howToListen: ({ link, line }) => `Escuchar en el navegador: ${link}\nO en una terminal: ${line}`,
  askForKey: ({ host }) => `Para escuchar, pide a ${host} el enlace con la clave.`,
  keepKey: 'Quien tenga este enlace puede escuchar; dáselo solo a quien deba.',

  goes: ({ since, channel, listeners, frames }) =>
    `En el aire en ${channel} (${since}) · ${listenersOf(listeners)} · ${framesOf(frames)}.`,
  onAirElsewhere: 'Hay un podcast en el aire en este servidor, en un canal que no ves.',
  nobodySpeaks: 'Nadie habla ahora mismo.',
  speaking: ({ names, others }) =>
    `Hablando: ${names.join(', ')}${others > 0 ? ` y ${othersOf(others)}` : ''}.`,
  notBroadcast: ({ drops }) =>
    `No transmitido: ${drops.map(({ count, reason }) => `${numbers.format(count)} ${reason}`).join('; ')}.`,
  dropReasons: {
    malformed: 'que no eran paquetes RTP con Opus',
    'unknown-ssrc': 'de alguien a quien el servidor de voz aún no ha nombrado',
    'no-key': 'antes de acordar la clave de transporte',
    transport: 'no auténticos',
    padding: 'con relleno o extensión más largos que el paquete',
    empty: 'solo con relleno',
    duplicate: 'repetidos',
    dave: 'cuyo descifrado de extremo a extremo falló',
    'dave-not-ready': 'cifrados de extremo a extremo antes de que este bot entrara en el grupo',
    'dave-message': 'mensajes incomprensibles del cifrado de extremo a extremo',
    'off-air': 'de personas que están fuera del aire',
    'not-connected': 'mientras el relay no estaba disponible',
    'relay-slow': 'porque el relay iba lento',
    'not-opus': 'que no eran Opus',
    'still-encrypted': 'todavía cifrados',
  },

  stopped: 'El podcast ha terminado.',
  over: ({ why }) => `El podcast ha terminado. ${why}`,
  endedBy: ({ name }) => `Lo ha terminado ${name}.`,
  endedByRelay: ({ why }) => `El relay ha terminado el podcast: ${why}`,

  comingBack: 'Ya vuelvo; mientras tanto, los oyentes solo oyen silencio.',
  back: 'Ya estoy de vuelta; el podcast sigue.',
  goesOn: ({ why }: { readonly why: string }) => `${why} El podcast seguirá cuando esté de vuelta.`,
  handRaised:
    'He levantado la mano: quien modera el escenario puede invitarme a hablar. Mientras tanto, el podcast está en el aire.',
  inAudience:
    'No puedo ni hablar en este escenario ni levantar la mano (permiso **Solicitar hablar**, Request to Speak). El podcast está en el aire; yo solo me quedo entre el público.',
};
