/** Faults of how hosts leave and come back, one by one (PROTOCOL.md §3). */
import { type Link, withEvent } from './faulty-relay.ts';
import type { PlantedFault } from './planted-fault.ts';
import { listenersOf } from './socket-changes.ts';

export const RESUME_FAULTS: readonly PlantedFault[] = [
  {
    name: 'knows no resume',
    plant: () => ({
      upgrade(upgrade) {
        upgrade.url.searchParams.delete('resume');
        return upgrade;
      },
    }),
    breaks: [
      'A host that dropped comes back with its token alone, and the listeners that stayed hear it.',
      'A token takes over from a connection that still counts as alive: that one is closed with 4004.',
      'A token stays the same and serves again.',
      'A wrong token is closed with 4001, and the host on air hears nothing of it.',
    ],
  },
  {
    name: 'takes any token',
    plant() {
      const tokens = new Map<string, string>();
      return {
        fromRelay: (message, { podcastId }) => [
          withEvent(message, ({ content }) => {
            const { resume_token: token } = content;
            if (typeof token === 'string') tokens.set(podcastId, token);
          }),
        ],
        upgrade(upgrade) {
          const { searchParams } = upgrade.url;
          const token = tokens.get(searchParams.get('id') ?? '');
          if (searchParams.has('resume') && token !== undefined) searchParams.set('resume', token);
          return upgrade;
        },
      };
    },
    breaks: ['A wrong token is closed with 4001, and the host on air hears nothing of it.'],
  },
  {
    name: 'gives another token at each return',
    plant: () => ({
      fromRelay: (message, { asked }) => [
        withEvent(message, ({ content }) => {
          if ('resume_token' in content && asked.url.searchParams.has('resume'))
            content['resume_token'] = 'new';
        }),
      ],
    }),
    breaks: ['A token stays the same and serves again.'],
  },
  {
    name: 'ends the podcast when its host drops',
    plant() {
      const leaving = new Set<Promise<unknown>>();
      return {
        closeFromClient(code, { isHost, upstream }) {
          if (!isHost || code !== 1006 || upstream.readyState === upstream.CLOSED) return code;
          leaving.add(new Promise((resolve) => upstream.once('close', resolve)));
          return 1000;
        },
        async upgrade(upgrade) {
          // Else a token could overtake the end.
          await Promise.all(leaving);
          return upgrade;
        },
      };
    },
    breaks: [
      'A repeat is found after the host came back.',
      'A host that dropped comes back with its token alone, and the listeners that stayed hear it.',
      'A host that dropped comes back with its account, and the listeners that stayed hear it.',
      'A host that comes back is told the same key.',
      'active_since stays the same when a host comes back.',
    ],
  },
  {
    name: 'ends the podcast whatever code its host closes with',
    plant: () => ({ closeFromClient: (code, { isHost }) => (isHost && code === 1001 ? 1000 : code) }),
    breaks: ['A host that closes with another code may come back.'],
  },
  {
    name: 'waits for a host that left with 1000 while somebody listens',
    plant: () => ({
      closeFromClient(code, link, links) {
        return link.isHost && code === 1000 && listenersOf(link, links).length > 0 ? 1006 : code;
      },
    }),
    breaks: [
      'A host that closes with 1000 ends the podcast: listeners are closed with 4003, and it is gone.',
      'Disconnect says code and reason before a listener is closed because the podcast ends.',
    ],
  },
  {
    name: 'waits for a host that left without a code',
    plant: () => ({ closeFromClient: (code, { isHost }) => (isHost && code === 1005 ? 1006 : code) }),
    breaks: ['A host that closes without a code ends the podcast as well.'],
  },
  {
    name: 'loses the listeners when a host comes back',
    plant() {
      const hosted = new Map<string, Link>();
      return {
        fromRelay(message, link, links) {
          if (link.isHost && message.data.includes('secretKey')) {
            const isBack = hosted.has(link.podcastId);
            if (isBack) for (const { client } of listenersOf(link, links)) client.terminate();
            hosted.set(link.podcastId, link);
          }
          return [message];
        },
      };
    },
    breaks: [
      'Listeners do not notice that a host is closed with 4002, and hear it when it is back.',
      'A repeat is found after the host came back.',
      'A host that dropped comes back with its token alone, and the listeners that stayed hear it.',
      'A host that dropped comes back with its account, and the listeners that stayed hear it.',
      'A token takes over from a connection that still counts as alive: that one is closed with 4004.',
      'A host that closes with another code may come back.',
    ],
  },
];
