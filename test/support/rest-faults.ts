/** Faults of the REST calls, one by one (PROTOCOL.md §2). */
import { withFields } from './faulty-relay.ts';
import type { PlantedFault } from './planted-fault.ts';
import { answering, cutting, failingWith, hasSecret, without, writingPodcasts } from './rest-changes.ts';

const podcastFaults: readonly PlantedFault[] = [
  {
    name: 'answers POST /podcast with 201',
    plant: answering('POST /podcast', 200, (answer) => ({ ...answer, status: 201 })),
    breaks: ['POST /podcast answers 200.'],
  },
  {
    name: 'writes ids as strings',
    plant: writingPodcasts((podcast) => {
      podcast['id'] = String(podcast['id']);
    }),
    breaks: ['A podcast has an id from 1 to 2147483647, as a number.'],
  },
  {
    name: 'writes the host as a number',
    plant: writingPodcasts((podcast) => {
      podcast['host'] = Number(podcast['host']);
    }),
    breaks: ['A podcast names its host by account id, as a string.'],
  },
  {
    name: 'writes no port',
    plant: writingPodcasts((podcast) => delete podcast['port']),
    breaks: ['A podcast says by ip and port where its WebSocket is.'],
  },
  {
    name: 'writes no active_since, only activeSince',
    plant: writingPodcasts((podcast) => delete podcast['active_since']),
    breaks: ['active_since is null until a sender has connected, and then ms since 1970.'],
  },
  {
    name: 'writes active_since in seconds, in both spellings',
    plant: writingPodcasts((podcast) => {
      for (const field of ['active_since', 'activeSince']) {
        if (podcast[field] !== null) podcast[field] = Math.floor(Number(podcast[field]) / 1000);
      }
    }),
    breaks: ['active_since is null until a sender has connected, and then ms since 1970.'],
  },
  {
    name: 'writes activeSince as a date',
    plant: writingPodcasts((podcast) => {
      if (podcast['activeSince'] !== null) podcast['activeSince'] = new Date().toISOString();
    }),
    breaks: ['activeSince has the value of active_since.'],
  },
  {
    name: 'writes listeners_by without its kinds',
    plant: writingPodcasts((podcast) => {
      podcast['listeners_by'] = {};
    }),
    breaks: [
      'listeners_by says how many listen by websocket, by udp and in guilds, and listeners is their sum.',
    ],
  },
  {
    name: 'makes podcasts unlisted when nothing is said',
    plant: () => ({
      request(request) {
        const isIt = request.method === 'POST' && request.body.length === 0 && hasSecret(request);
        return isIt ? { ...request, body: Buffer.from('{"visibility":"unlisted"}') } : request;
      },
    }),
    breaks: [
      'A podcast made without a body is public, with an empty title and description.',
      'GET /list has the public podcasts, and neither unlisted nor private ones.',
    ],
  },
  {
    name: 'forgets the title',
    plant: writingPodcasts((podcast) => {
      podcast['title'] = '';
    }),
    breaks: ['POST /podcast takes title, description and visibility.'],
  },
  {
    name: 'gives an address of its pages in place of its WebSocket',
    plant: writingPodcasts((podcast) => {
      podcast['url'] = String(podcast['url']).replace('ws:', 'http:');
    }),
    breaks: ['The url of a podcast is a WebSocket to listen on.'],
  },
  {
    name: 'cuts guilds off',
    plant: cutting('guild', 3),
    breaks: ['POST /podcast takes a guild.'],
  },
  {
    name: 'writes page as a WebSocket',
    plant: writingPodcasts((podcast) => {
      podcast['page'] = String(podcast['page']).replace('http:', 'ws:');
    }),
    breaks: ['The page of a podcast is a link for browsers.'],
  },
  {
    name: 'counts no listeners',
    plant: writingPodcasts((podcast) => {
      podcast['listeners'] = 0;
    }),
    breaks: [
      'listeners counts who listens now.',
      'listeners_by says how many listen by websocket, by udp and in guilds, and listeners is their sum.',
    ],
  },
];

const callFaults: readonly PlantedFault[] = [
  {
    name: 'answers an id that is none with 404',
    plant: failingWith('invalid_id', (answer) => ({ ...answer, status: 404 })),
    breaks: ['GET /podcast with an id that is none answers 400 invalid_id.'],
  },
  {
    name: 'answers a missing id with the code of an invalid one',
    plant: failingWith('missing_parameter', (answer) =>
      withFields(answer, (fields) => {
        fields['error'] = 'invalid_id';
      }),
    ),
    breaks: ['GET /podcast without an id answers 400 missing_parameter.'],
  },
  {
    name: 'answers an unknown podcast with an empty 200',
    plant: answering('GET /podcast', 404, () => ({ status: 200, type: 'application/json', text: '{}' })),
    breaks: [
      'GET /podcast with the id of no podcast answers 404 unknown_podcast.',
      'GET /podcast finds a private podcast for its key and its host alone.',
      'DELETE /podcast by its host answers 204, and the podcast is gone.',
    ],
  },
  {
    name: 'tells everyone the listen key',
    plant() {
      const keys = new Map<unknown, unknown>();
      return {
        answer(answer, { url }) {
          if (url.pathname !== '/podcast' || answer.status !== 200) return answer;
          return withFields(answer, (podcast) => {
            keys.set(podcast['id'], podcast['listen_key'] ?? keys.get(podcast['id']));
            const key = keys.get(podcast['id']);
            if (key !== undefined) podcast['listen_key'] = key;
          });
        },
      };
    },
    breaks: ['The listen key is shown to the host alone, and only of a private podcast.'],
  },
  {
    name: 'keeps the listen key',
    plant: () => ({
      request(request) {
        const isIt = request.url.pathname === '/podcast/listen-key' && request.method === 'POST';
        if (!isIt) return request;
        const url = new URL(request.url);
        url.pathname = '/podcast';
        return { ...request, url, method: 'GET' };
      },
      answer(answer, { url }) {
        // The call on a podcast that has no key is as it should be.
        const isPublic = url.pathname === '/podcast/listen-key' && !answer.text.includes('listen_key');
        const text = JSON.stringify({ error: 'not_private', message: 'It has none.' });
        return isPublic ? { ...answer, status: 400, text } : answer;
      },
    }),
    breaks: ['POST /podcast/listen-key changes the key: who listens by the old one is closed with 4001.'],
  },
  {
    name: 'answers 404 where a podcast has no listen key',
    plant: failingWith('not_private', (answer) => ({ ...answer, status: 404 })),
    breaks: ['POST /podcast/listen-key for a podcast that is not private answers 400 not_private.'],
  },
  {
    name: 'lists private podcasts',
    plant() {
      const hidden: unknown[] = [];
      return {
        answer(answer, { method, url }) {
          if (answer.status !== 200 || !answer.text.startsWith('{')) return answer;
          return withFields(answer, (fields) => {
            if (method === 'POST' && fields['visibility'] === 'private') hidden.push(fields);
            if (url.pathname === '/list') fields['podcasts'] = [...(fields['podcasts'] as []), ...hidden];
          });
        },
      };
    },
    breaks: ['GET /list has the public podcasts, and neither unlisted nor private ones.'],
  },
  {
    name: 'answers DELETE with 200',
    plant: answering('DELETE /podcast', 204, () => ({ status: 200, type: 'application/json', text: '{}' })),
    breaks: ['DELETE /podcast by its host answers 204, and the podcast is gone.'],
  },
  {
    name: 'answers DELETE, but keeps the podcast',
    plant: () => ({
      request(request) {
        return request.method === 'DELETE' ? { ...request, method: 'GET' } : request;
      },
      answer(answer, { method }) {
        const isIt = method === 'DELETE' && answer.status === 200;
        return isIt ? { ...answer, status: 204 } : answer;
      },
    }),
    breaks: [
      'DELETE /podcast by its host answers 204, and the podcast is gone.',
      'DELETE /podcast ends it with 4003 for host and listeners.',
      'DELETE /podcast without an account answers 401 missing_auth, and the podcast stays.',
      'DELETE /podcast by another account answers 403 not_host, and the podcast stays.',
    ],
  },
  {
    name: 'lets strangers DELETE',
    plant() {
      const hosts = new Map<unknown, Record<string, string>>();
      return {
        request(request) {
          const host = hosts.get(request.url.searchParams.get('id'));
          return request.method === 'DELETE' && host ? { ...request, headers: host } : request;
        },
        answer(answer, { method, headers }) {
          if (method !== 'POST' || answer.status !== 200) return answer;
          const { id } = JSON.parse(answer.text) as { id: number };
          hosts.set(String(id), without(headers, 'content-type'));
          return answer;
        },
      };
    },
    breaks: [
      'DELETE /podcast without an account answers 401 missing_auth, and the podcast stays.',
      'DELETE /podcast by another account answers 403 not_host, and the podcast stays.',
    ],
  },
  {
    name: 'answers GET /ip in JSON',
    plant: answering('GET /ip', 200, ({ text }) => {
      return { status: 200, type: 'application/json', text: JSON.stringify({ ip: text }) };
    }),
    breaks: ['GET /ip answers the address of the caller as plain text.'],
  },
  {
    name: 'answers an address where nothing is with a page',
    plant: failingWith('unknown_path', () => ({ status: 404, type: 'text/html', text: '<h1>Not found' })),
    breaks: ['An address where nothing is answers 404 unknown_path.'],
  },
  {
    name: 'answers a method it does not take as an unknown address',
    plant: failingWith('method_not_allowed', (answer) => ({ ...answer, status: 404 })),
    breaks: ['A method that an address does not take answers 405 method_not_allowed.'],
  },
  {
    name: 'is never ready',
    plant: answering('GET /ready', 200, (answer) => ({ ...answer, status: 503 })),
    breaks: ['GET /live and GET /ready answer 200.'],
  },
];

export const REST_FAULTS: readonly PlantedFault[] = [...podcastFaults, ...callFaults];
