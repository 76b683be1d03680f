/** What happens to the bot in a voice channel, in Spanish. */
import type { Catalogue } from '../catalogue.ts';
import { counter, durations } from '../numbers.ts';

/** As Discord's Spanish client has them, with the English name: it is what guides and other clients show. */
const PERMISSIONS = {
  ViewChannel: '**Ver canal** (View Channel)',
  Connect: '**Conectar** (Connect)',
  Speak: '**Hablar** (Speak)',
};
const PURPOSES = { broadcast: 'ponerlo en el aire', play: 'reproducir algo allí' };

const lists = new Intl.ListFormat('es');
const forSoLong = durations(
  counter('es', { one: 'un segundo', other: '# segundos' }),
  counter('es', { one: 'un minuto', other: '# minutos' }),
);
const timesOf = counter('es', { one: 'una vez', other: '# veces' });

export const voice: Catalogue['voice'] = {
  permissionsMissing: ({ permissions, channel, purpose }) => {
    const names = permissions.map((permission) => PERMISSIONS[permission]);
    const noun = names.length > 1 ? 'los permisos' : 'el permiso';
    return `Necesito ${noun} ${lists.format(names)} en ${channel} para ${PURPOSES[purpose]}.`;
  },
  full: ({ channel, limit }) =>
    `${channel} está lleno: su límite es de ${limit}. Súbelo en uno, o deja que alguien salga.`,
  notLetIn: 'Discord no me ha dejado entrar a tiempo en el canal de voz.',
  failed: ({ message }) => `La conexión de voz ha fallado: ${message}`,
  gaveUp: ({ why, times }) => `${why} He intentado volver ${timesOf(times)}.`,

  closed: ({ why }) => `Discord ha cerrado la conexión de voz: ${why}`,
  closes: {
    4001: 'no conocía un mensaje mío.',
    4002: 'no pudo leer un mensaje mío.',
    4003: 'yo no estaba identificado.',
    4004: 'no aceptó mi token.',
    4005: 'yo ya estaba identificado.',
    4006: 'mi sesión ya no es válida.',
    4009: 'mi sesión ha caducado.',
    4011: 'no se encontró el servidor de voz.',
    4012: 'no conoce el protocolo que hablo.',
    4014: 'alguien me ha desconectado, o el canal ya no existe.',
    4015: 'el servidor de voz ha fallado.',
    4016: 'no conoce el cifrado que pedí.',
    4017: 'esta llamada está cifrada de extremo a extremo y no aceptó mi cifrado.',
    4020: 'una petición mía le pareció incorrecta.',
    4021: 'he hecho demasiadas peticiones.',
    4022: 'la llamada se ha terminado para todos.',
  },
  closedOtherwise: ({ code }) => `se perdió la conexión (${code}).`,

  cannotDecrypt: 'Hay gente hablando y no puedo descifrarlo.',
  unheard: ({ names }) =>
    `Oigo que ${names.length === 1 ? 'habla' : 'hablan'} ${lists.format(names)}, pero no puedo descifrarlo.`,
  rejoining: ({ why }) => `${why} Vuelvo a entrar en el canal.`,

  empty: ({ channel, ms }) => `Hace ${forSoLong(ms)} que no hay nadie en ${channel}.`,
  takenOut: 'Alguien me ha sacado del canal.',
  moved: ({ who, channel }) =>
    `${who ?? 'Alguien'} me ha movido a ${channel}, donde nadie ha dado su permiso.`,
  disconnected: ({ who }) => `${who ?? 'Alguien'} me ha desconectado del canal.`,
  channelDeleted: 'El canal ha sido eliminado.',
  removed: 'Me han quitado del servidor.',
  shuttingDown: 'Me estoy apagando.',
  restarting: 'Me estoy reiniciando.',
  restarted: 'Me he reiniciado.',
  gatewayLost: 'Discord ha perdido mi conexión.',
  gatewayStayedAway: 'Discord ha perdido mi conexión y no me ha dado otra a tiempo.',
};
