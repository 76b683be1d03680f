/** Slash commands in Spanish, as it is understood on both sides of the Atlantic. */
import type { Catalogue } from '../catalogue.ts';

export const commands: Catalogue['commands'] = {
  podcast: { name: 'podcast', description: 'Transmite este canal de voz en directo' },
  start: { name: 'iniciar', description: 'Pone en el aire el canal de voz en el que estás' },
  'start.title': { name: 'título', description: 'Cómo se llama el programa' },
  'start.visibility': {
    name: 'visibilidad',
    description: 'Quién puede escuchar (público, salvo que indiques otra cosa)',
    choices: {
      public: 'público: aparece en la lista, cualquiera puede escuchar',
      unlisted: 'no listado: cualquiera que tenga el enlace',
      private: 'privado: solo con la clave',
    },
  },
  stop: { name: 'terminar', description: 'Termina el podcast de este servidor' },
  status: { name: 'estado', description: 'Cómo va el podcast de este servidor' },
  invite: { name: 'invitar', description: 'El enlace que añade este bot a otro servidor' },
  listen: { name: 'escuchar', description: 'Reproduce un podcast en el canal de voz en el que estás' },
  'listen.podcast': { name: 'podcast', description: 'Su enlace o su número' },
  leave: { name: 'salir', description: 'Detiene la reproducción y sale del canal de voz' },
  list: { name: 'lista', description: 'Los podcasts que están en el aire ahora mismo' },
  volume: { name: 'volumen', description: 'A qué volumen suena el podcast aquí' },
  'volume.percent': { name: 'porcentaje', description: '100 es el volumen original' },
  offair: { name: 'fuera-del-aire', description: 'Deja tu voz fuera de las transmisiones de este servidor' },
  onair: {
    name: 'en-el-aire',
    description: 'Permite que tu voz se oiga en las transmisiones de este servidor',
  },
  settings: { name: 'ajustes', description: 'Lo que vale para todos los podcasts de este servidor' },
  'settings.consent': {
    name: 'consentimiento',
    description: 'Qué voces se transmiten',
    choices: {
      'opt-out': 'opt-out: las de todos, salvo quien diga que no',
      'opt-in': 'opt-in: solo las de quienes dijeron que sí',
    },
  },
  'settings.names': {
    name: 'nombres',
    description: 'Si los oyentes ven los nombres de quienes hablan (ocultos, salvo que indiques otra cosa)',
    choices: {
      hide: 'ocultar: todo el mundo es anónimo',
      show: 'mostrar: como se llaman en este servidor',
    },
  },
};
