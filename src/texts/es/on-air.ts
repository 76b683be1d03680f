/** What people in a channel that is on air read, in Spanish. */
import type { Catalogue } from '../catalogue.ts';
import { counter } from '../numbers.ts';

const listenersOf = counter('es', { one: '# oyente', other: '# oyentes' });

export const onAir: Catalogue['onAir'] = {
  language: 'es',

  panel: {
    heading: '🔴 En el aire',
    notice: (title, where) =>
      `**${title}** se transmite en directo: todo lo que se dice en ${where} se oye fuera de este servidor.`,
    optOut:
      '¿Prefieres que no te oigan allí? Pulsa **No transmitirme**: tu voz se queda en este canal, ahora y en todo programa posterior.',
    optIn:
      'En este servidor solo se oye allí a quien quiere: pulsa **Transmitirme**. Las demás voces se quedan en este canal.',
    names: 'Quien escucha lee los nombres de quienes hablan.',
    since: (when) => `Desde ${when}`,
    visibility: { public: 'público', unlisted: 'no listado', private: 'privado' },
    speaking: (names) => `Habla: ${names}`,
    others: counter('es', { other: '# más' }),
    nobody: 'nadie en este momento',
    listening: (listeners) => `Escuchan: ${listeners}`,
    servers: counter('es', { one: '# servidor', other: '# servidores' }),
    page: counter('es', { other: '# en la página' }),
    apps: counter('es', { one: '# aplicación', other: '# aplicaciones' }),
    radio: counter('es', { other: '# por radio' }),
    hls: counter('es', { other: '# por HLS' }),
    offAir: counter('es', {
      one: '# persona aquí no se transmite',
      other: '# personas aquí no se transmiten',
    }),
    sound: (how) => `Sonido: ${how}`,
    clear: 'claro',
    lost: (percent) => `el ${percent} % de los paquetes se pierde de camino a mí`,
    undecryptable: counter('es', {
      one: '# persona no se puede descifrar',
      other: '# personas no se pueden descifrar',
    }),
    away: 'interrumpido, ya vuelvo',
    ended: (title, howLong, listeners) =>
      `⚫ **${title}** estuvo en el aire ${howLong}${listeners > 0 ? `, con un máximo de ${listenersOf(listeners)}` : ''}.`,
  },

  buttons: {
    stop: 'Terminar',
    link: 'Enlace para escuchar',
    offAir: 'No transmitirme',
    onAir: 'Transmitirme',
  },

  status: (title) => `🔴 En el aire: ${title}`,

  answers: {
    tookOffAir:
      'Tu voz **no se transmite** en este servidor: nada de lo que digas sale en ningún programa. `/podcast en-el-aire` o el botón **Transmitirme** lo cambia.',
    putOnAir:
      'Tu voz **se transmite** en este servidor: lo que digas en un canal que está en el aire sale en directo. `/podcast fuera-del-aire` o el botón **No transmitirme** lo cambia.',
    showIsGone: 'El programa de este mensaje ha terminado.',
    consent: {
      'opt-out':
        'En un canal que está en el aire se transmite a todas las personas hasta que dicen que no (consentimiento: **opt-out**).',
      'opt-in':
        'Solo se transmite a quien ha dicho que sí, con **Transmitirme** o `/podcast en-el-aire` (consentimiento: **opt-in**).',
    },
    names: {
      hide: 'No se dice a los oyentes quién habla: en la página de un podcast todo el mundo es anónimo (nombres: **ocultar**).',
      show: 'Se dice a los oyentes quién habla, con el nombre que cada persona tiene en este servidor; no se nombra a quien no se transmite (nombres: **mostrar**).',
    },
  },
};
