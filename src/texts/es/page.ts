/** What listeners read in a browser, in Spanish. */
import type { Catalogue } from '../catalogue.ts';
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page: Catalogue['page'] = {
  language: 'es',
  tagline: 'Canales de voz de Discord, en directo para todo el mundo.',
  untitled: (id) => `Pódcast ${id}`,

  standings: {
    created: 'Aún no está en antena',
    live: 'En antena',
    interrupted: 'Interrumpido un momento',
    over: 'Terminado',
    unknown: 'No se encuentra',
  },
  messages: {
    'before-created': 'Aún no ha empezado. Pulsa Escuchar y lo oirás desde el principio.',
    'before-live': 'Pulsa Escuchar para oírlo.',
    'before-interrupted': 'La emisión se ha interrumpido un momento. Pulsa Escuchar y oirás cuando siga.',
    unreachable: 'El servidor no responde. Intentándolo de nuevo …',
    connecting: 'Conectando …',
    waiting: 'Aún no ha empezado. Quédate y lo oirás desde el principio.',
    playing: 'Estás escuchando.',
    interrupted: 'La emisión se ha interrumpido un momento. Quédate y oirás cuando siga.',
    reconnecting: 'Se ha perdido la conexión. Intentándolo de nuevo …',
    over: 'Este pódcast ha terminado. Gracias por escuchar.',
    unknown: 'Este pódcast ya no se encuentra.',
    refused: 'Con este enlace ya no se puede escuchar el pódcast.',
    unable: 'Este navegador no puede reproducirlo. Abajo hay otras formas de escuchar.',
  },
  listeners: counter('es', { one: '# oyente', other: '# oyentes' }),
  howLong: hoursAndMinutes('es'),
  onAirFor: (howLong) => `En antena desde hace ${howLong}`,

  player: {
    heading: 'Reproductor',
    listen: 'Escuchar',
    stop: 'Parar',
    mute: 'Silenciar',
    unmute: 'Activar el sonido',
    muted: 'Silenciado',
    volume: 'Volumen',
    volumeAt: (percent) => `Volumen al ${percent} %`,
    delay: (howLong) => `${howLong} de retraso`,
    way: { packets: 'Cada voz por separado', stream: 'Una sola señal' },
    quality: { good: 'Buena conexión', fair: 'Conexión regular', poor: 'Mala conexión' },
    needsScript: 'Sin JavaScript, aquí se oye la emisión unos segundos más tarde:',
  },

  speakers: {
    heading: 'Voces',
    someone: (number) => `Alguien ${number}`,
    nobody: 'Ahora no habla nadie.',
    speaking: 'está hablando',
    notYet: 'Mientras escuchas se ve quién habla.',
    notInStream: 'Por esta vía no se ve quién habla.',
  },

  ways: {
    heading: 'Otras formas de escuchar',
    mp3: 'MP3, para cualquier reproductor y radio',
    opus: 'Ogg Opus, para VLC, mpv y navegadores',
    hls: 'HLS, para teléfonos y televisores',
    playlist: 'Lista para un reproductor',
    link: 'Enlace',
    copy: 'Copiar el enlace',
    copied: 'Enlace copiado.',
    notCopied: 'El navegador no nos dejó copiar el enlace.',
    secret: 'Quien tenga este enlace puede escuchar; dáselo solo a quien deba.',
  },

  keyboard: {
    heading: 'Teclado',
    help: 'Ayuda del teclado',
    play: 'Espacio o K: escuchar y parar',
    volume: 'Flechas arriba y abajo: volumen',
    mute: 'M: silenciar',
    question: '?: esta ayuda',
    keysOn: 'Usar teclas sueltas',
    close: 'Cerrar',
  },

  live: {
    heading: 'Ahora en directo',
    nothing: 'Ahora no hay nada en antena.',
    back: 'Qué hay en directo',
  },

  faults: {
    unknown: {
      heading: 'No encontrado',
      sentence: 'En esta dirección no hay nada que escuchar. ¿Está completo el enlace?',
    },
    ended: { heading: 'Terminado', sentence: 'Este pódcast ha terminado. Gracias por escuchar.' },
    busy: {
      heading: 'Demasiadas peticiones',
      sentence: 'Ha habido demasiadas peticiones desde tu dirección. Espera un minuto e inténtalo de nuevo.',
    },
    away: {
      heading: 'Volvemos enseguida',
      sentence: 'Este servidor no puede responder ahora. Inténtalo de nuevo en un momento.',
    },
    unbuilt: {
      heading: 'Ya casi está',
      sentence: 'La página aún no está construida: quien lleva este servidor debe ejecutar npm run prepare.',
    },
    broken: {
      heading: 'Algo ha fallado',
      sentence: 'Este servidor ha fallado con la petición. El fallo es nuestro.',
    },
    again: 'Intentarlo de nuevo',
  },
};
