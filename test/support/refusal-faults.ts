/** Faults of refusals and close codes, one by one (PROTOCOL.md §1, §5). */
import type { Fault, Link, Upgrade } from './faulty-relay.ts';
import { withEvent } from './faulty-relay.ts';
import type { PlantedFault } from './planted-fault.ts';
import { without } from './rest-changes.ts';
import { closingWith, isDisconnect } from './socket-changes.ts';

function hostOf({ url }: Upgrade, links: ReadonlySet<Link>): Link | undefined {
  return [...links].find(({ isHost, podcastId }) => isHost && podcastId === url.searchParams.get('id'));
}

function wantsToHost({ headers }: Upgrade): boolean {
  return headers['issender'] === 'true' || headers['ishost'] === 'true';
}

const codeFaults: readonly PlantedFault[] = [
  {
    name: 'closes with 1008 in place of 4000',
    plant: closingWith(1008, 'missingAuth'),
    breaks: ['A host without an account is let in and closed with 4000.'],
  },
  {
    name: 'closes with 4000 in place of 4001',
    plant: closingWith(4000, 'invalidAuth'),
    breaks: [
      'An account that is not the host is closed with 4001 when it wants to host.',
      'A wrong token is closed with 4001, and the host on air hears nothing of it.',
      'A host with a wrong secret is let in and closed with 4001.',
    ],
  },
  {
    name: 'closes with 1003 in place of 4002',
    plant: closingWith(1003, 'invalidPayload'),
    breaks: [
      'A host that sends an empty message is closed with 4002.',
      'A host that sends a text message is closed with 4002.',
      'A host that sends a message that starts with another byte than 1 is closed with 4002.',
      'A host that sends an event is closed with 4002.',
      'A host that sends a packet of 41 bytes is closed with 4002.',
      'A host that sends a packet of 1317 bytes is closed with 4002.',
      'A host that sends a message of 100000 bytes is closed with 4002.',
      'A listener that sends text is closed with 4002, and nobody hears of it.',
      'A listener that sends audio is closed with 4002, and nobody hears of it.',
    ],
  },
  {
    name: 'closes with 1000 in place of 4003',
    plant: closingWith(1000, 'senderDisconnected'),
    breaks: [
      'A host that closes with 1000 ends the podcast: listeners are closed with 4003, and it is gone.',
      'A host that closes without a code ends the podcast as well.',
    ],
  },
  {
    name: 'closes with 4001 in place of 4004',
    plant: closingWith(4001, 'senderAlreadyConnected'),
    breaks: [
      'A token takes over from a connection that still counts as alive: that one is closed with 4004.',
      'A second host is closed with 4004, and the first hears nothing of it.',
    ],
  },
  {
    name: 'closes with 4001 in place of 4006',
    plant: closingWith(4001, 'unknownPodcast'),
    breaks: [
      'A private podcast is closed with 4006 to whoever has no key or a wrong one.',
      'A listener of a podcast that is not there is closed with 4006.',
      'A host of a podcast that is not there is closed with 4006.',
    ],
  },
  {
    name: 'closes without Disconnect',
    plant: () => ({ fromRelay: (message) => (isDisconnect(message) ? [] : [message]) }),
    breaks: [
      'Disconnect says code and reason before a listener is closed because the podcast ends.',
      'Disconnect says code and reason before a host is closed for what it sent.',
      'Disconnect says code and reason before a connection is closed that is not let in.',
    ],
  },
  {
    name: 'says 0 as the code of every Disconnect',
    plant: () => ({
      fromRelay: (message) => [
        withEvent(message, ({ type, content }) => {
          if (type === 1) content['code'] = 0;
        }),
      ],
    }),
    breaks: [
      'Disconnect says code and reason before a listener is closed because the podcast ends.',
      'Disconnect says code and reason before a host is closed for what it sent.',
      'Disconnect says code and reason before a connection is closed that is not let in.',
    ],
  },
  {
    name: 'answers the upgrade of a host without an account with 401',
    plant: () => ({
      upgrade(upgrade) {
        const { headers } = upgrade;
        const isMissing = wantsToHost(upgrade) && !('client_id' in headers || 'clientid' in headers);
        return isMissing ? 401 : upgrade;
      },
    }),
    breaks: ['A host without an account is let in and closed with 4000.'],
  },
  {
    name: 'lets any account host',
    plant: () => {
      let first: string | undefined;
      let secret: string | undefined;
      return {
        request(request) {
          if (request.method === 'POST') {
            const { client_id: id, client_secret: given } = request.headers;
            if (id !== undefined && given !== 'a wrong secret' && given !== undefined) {
              first ??= id;
              secret ??= given;
            }
          }
          return request;
        },
        upgrade({ url, headers }) {
          const isStranger = 'client_id' in headers && headers['client_id'] !== first;
          return isStranger && first !== undefined && secret !== undefined
            ? { url, headers: { ...headers, client_id: first, client_secret: secret } }
            : { url, headers };
        },
      };
    },
    breaks: ['An account that is not the host is closed with 4001 when it wants to host.'],
  },
  {
    name: 'lets a second host throw out the first',
    plant() {
      const onAir = new WeakSet<Link>();
      return {
        fromRelay(message, link) {
          if (message.data.includes('secretKey')) onAir.add(link);
          return [message];
        },
        async upgrade(upgrade, links) {
          const first = wantsToHost(upgrade) ? hostOf(upgrade, links) : undefined;
          if (first && onAir.has(first)) {
            first.client.close(4004);
            const gone = new Promise((resolve) => first.upstream.once('close', resolve));
            first.upstream.terminate();
            await gone;
          }
          return upgrade;
        },
      };
    },
    breaks: ['A second host is closed with 4004, and the first hears nothing of it.'],
  },
];

const privacyFaults: readonly PlantedFault[] = [
  {
    name: 'opens private podcasts to anyone',
    plant: openingPrivate(() => true),
    breaks: ['A private podcast is closed with 4006 to whoever has no key or a wrong one.'],
  },
  {
    name: 'opens private podcasts to any key',
    plant: openingPrivate(({ url }) => url.searchParams.has('key')),
    breaks: ['A private podcast is closed with 4006 to whoever has no key or a wrong one.'],
  },
  {
    name: 'wants an account of who listens to an unlisted podcast',
    plant() {
      const unlisted = new Set<string | null>();
      return {
        answer(answer, { method }) {
          if (method === 'POST' && answer.text.includes('"unlisted"')) {
            unlisted.add(String((JSON.parse(answer.text) as { id: number }).id));
          }
          return answer;
        },
        upgrade: (upgrade) => {
          const isIt = unlisted.has(upgrade.url.searchParams.get('id'));
          return isIt && !('client_id' in upgrade.headers) ? 401 : upgrade;
        },
      };
    },
    breaks: ['Listening to a public or unlisted podcast needs no account.', 'Two podcasts have two keys.'],
  },
  {
    name: 'knows no header listen_key',
    plant: () => ({
      upgrade: ({ url, headers }) => ({ url, headers: without(headers, 'listen_key') }),
    }),
    breaks: ['A private podcast opens to its listen key, in the query and as a header.'],
  },
  {
    name: 'opens private podcasts to keys alone, not to their host',
    plant: () => ({
      upgrade(upgrade) {
        if (wantsToHost(upgrade)) return upgrade;
        return { ...upgrade, headers: without(upgrade.headers, 'client_id') };
      },
    }),
    breaks: ['A private podcast opens to the account of its host.'],
  },
];

/** Brings the right key for whoever should not have it. */
function openingPrivate(isOpen: (upgrade: Upgrade) => boolean): () => Fault {
  return () => {
    const keys = new Map<string, string>();
    return {
      answer(answer, { method }) {
        if (method === 'POST' && answer.text.includes('listen_key')) {
          const { id, listen_key: key } = JSON.parse(answer.text) as { id: number; listen_key: string };
          keys.set(String(id), key);
        }
        return answer;
      },
      upgrade(upgrade) {
        const key = keys.get(upgrade.url.searchParams.get('id') ?? '');
        if (key !== undefined && isOpen(upgrade)) upgrade.url.searchParams.set('key', key);
        return upgrade;
      },
    };
  };
}

export const REFUSAL_FAULTS: readonly PlantedFault[] = [...codeFaults, ...privacyFaults];
