/** What listeners read in a browser, in Spanish. */
import type { Catalogue } from '../catalogue.ts';
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page: Catalogue['page'] = {
  language: 'es',
  tagline: 'Canales de voz de Discord, en directo para todo el mundo.',
  untitled: (id) => `Pódcast ${id}`,

  states: {
    created: 'Aún no está en antena',
    live: 'En antena',
    interrupted: 'Interrumpido',
    ended: 'Terminado',
    unknown: 'No encontrado',
  },

  messages: {
    before: {
      created: 'Aún no ha empezado. Pulsa ya para escuchar y empezará por sí solo.',
      live: 'Pulsa para escuchar.',
      interrupted: 'La emisión se ha interrumpido un momento. Pulsa y seguirá por sí sola.',
    },
    during: {
      connecting: 'Conectando …',
      waiting: 'Todo listo. Empezará por sí solo.',
      playing: 'Estás escuchando en directo.',
      interrupted: 'La emisión se ha interrumpido un momento. Seguirá por sí sola.',
      reconnecting: 'Se ha perdido la conexión. Intentándolo de nuevo …',
    },
    ended: 'Este pódcast ha terminado. Gracias por escuchar.',
    unknown: 'En esta dirección ya no hay nada que escuchar.',
    refused: 'Este pódcast no se puede escuchar ahora.',
    unable: 'Este navegador no puede reproducirlo aquí. Prueba otra forma de escuchar.',
    paused: 'El sonido se ha detenido. Pulsa para seguir escuchando.',
    unreachable: 'El servidor no responde. Intentándolo de nuevo …',
  },
  listeners: counter('es', { one: '# oyente', other: '# oyentes' }),
  howLong: hoursAndMinutes('es'),
  onAirFor: (howLong) => `En antena desde hace ${howLong}`,

  player: {
    heading: 'Reproductor',
    play: 'Escuchar',
    stop: 'Parar',
    mute: 'Silenciar',
    unmute: 'Activar el sonido',
    muted: 'Silenciado',
    volume: 'Volumen',
    volumeAt: (percent) => `Volumen al ${percent} %`,
    delay: (howLong) => `${howLong} de retraso`,
    way: { packets: 'Directo', stream: 'Por flujo, unos segundos más tarde' },
    quality: { good: 'Buena conexión', fair: 'Conexión regular', poor: 'Mala conexión' },
    plain: 'Si el reproductor no aparece, aquí se oye la emisión unos segundos más tarde:',
  },

  speakers: {
    heading: 'Voces',
    someone: (number) => `Alguien ${number}`,
    nobody: 'Ahora no habla nadie.',
    speaking: 'hablando',
    notYet: 'Aquí verás quién habla mientras escuchas.',
    notInStream: 'Un flujo no dice quién habla.',
  },

  ways: {
    heading: 'Otras formas de escuchar',
    mp3: 'MP3, para cualquier reproductor y radio',
    opus: 'Ogg Opus, para VLC, mpv y navegadores',
    hls: 'HLS, para teléfonos y televisores',
    playlist: 'Lista para un reproductor',
    link: 'Enlace a esta página',
    copy: 'Copiar el enlace',
    copied: 'Enlace copiado.',
    notCopied: 'El navegador no nos dejó copiar el enlace.',
    secret: 'Quien tenga este enlace puede escuchar; dáselo solo a quien deba.',
  },

  keyboard: {
    heading: 'Teclado',
    space: 'Espacio',
    play: 'Escuchar y parar',
    mute: 'Quitar y poner el sonido',
    volume: 'Más alto y más bajo',
    help: 'Esta lista',
    active: 'Usar estas teclas',
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
