/** Faults of Hello, audio and nonces, one by one (PROTOCOL.md §3). */
import type { Link, Message } from './faulty-relay.ts';
import type { PlantedFault } from './planted-fault.ts';
import { greeting, isAudio, listenersOf, tolerating } from './socket-changes.ts';

const helloFaults: readonly PlantedFault[] = [
  {
    name: 'writes the key in unsigned bytes',
    plant: greeting((content) => {
      content['secretKey'] = [...Uint8Array.from(content['secretKey'] as number[])];
    }),
    breaks: ['secretKey is 32 signed bytes.'],
  },
  {
    name: 'tells listeners another key than the host',
    plant: greeting((content, { isHost }) => {
      if (!isHost) content['secretKey'] = (content['secretKey'] as number[]).toReversed();
    }),
    breaks: [
      'Host and listeners are told the same key.',
      'A listener that joins later is told the key of the podcast and hears it from then on.',
    ],
  },
  {
    name: 'has one key for all podcasts',
    plant: greeting((content) => {
      content['secretKey'] = Array.from({ length: 32 }, (_, index) => index);
    }),
    breaks: ['Two podcasts have two keys.'],
  },
  {
    name: 'says Hello twice',
    plant: () => ({
      fromRelay: (message) => (message.data.includes('secretKey') ? [message, message] : [message]),
    }),
    breaks: ['Hello comes once to each connection.'],
  },
  {
    name: 'adds to Hello without being asked',
    plant: () => ({
      upgrade: (upgrade) => {
        upgrade.url.searchParams.set('events', 'all');
        return upgrade;
      },
    }),
    breaks: ['Hello has secretKey alone for a connection that did not ask for all events.'],
  },
  {
    name: 'writes client_id as a string',
    plant: greeting((content) => {
      if ('client_id' in content) content['client_id'] = String(content['client_id']);
    }),
    breaks: [
      'With ?events=all a host is told client_id, podcast_id, resume_token and resume_seconds.',
      'With ?events=all a listener is told client_id and podcast_id, and no resume_token.',
    ],
  },
  {
    name: 'tells no resume_seconds',
    plant: greeting((content) => delete content['resume_seconds']),
    breaks: ['With ?events=all a host is told client_id, podcast_id, resume_token and resume_seconds.'],
  },
  {
    name: 'knows no isHost',
    plant: () => ({
      upgrade({ url, headers }) {
        return { url, headers: { ...headers, ishost: 'false' } };
      },
    }),
    breaks: ['A host connects to /ws with isHost: true and is told Hello.'],
  },
  {
    name: 'has no /ws',
    plant: () => ({ upgrade: (upgrade) => (upgrade.url.pathname === '/ws' ? 404 : upgrade) }),
    breaks: [
      'A host connects to /ws with isHost: true and is told Hello.',
      'A listener connects to / or /ws and is told Hello, before and while the host is there.',
    ],
  },
];

const audioFaults: readonly PlantedFault[] = [
  { name: 'compresses', plant: () => ({ compresses: true }), breaks: ['Compression is not offered.'] },
  {
    name: 'holds each fifth packet back until there is another',
    plant() {
      const heard = new WeakMap<Link, Message[]>();
      return {
        fromRelay(message, link) {
          if (!isAudio(message)) return [message];
          const before = heard.get(link) ?? [];
          heard.set(link, [...before, message]);
          if (before.length % 5 === 4) return [];
          const held = before.length % 5 === 0 ? before.slice(-1) : [];
          return [...held, message];
        },
      };
    },
    breaks: [
      'Every packet comes, in the order of the host.',
      'All that a host sent before it left comes before the end.',
    ],
  },
  {
    name: 'flips a bit of the audio',
    plant: () => ({
      fromRelay(message) {
        if (!isAudio(message)) return [message];
        const data = Buffer.from(message.data);
        data.writeUInt8(data.at(-1)! ^ 1, data.length - 1);
        return [{ ...message, data }];
      },
    }),
    breaks: ['Audio comes byte for byte, from the smallest packet (42 bytes) to the largest (1316 bytes).'],
  },
  {
    name: 'swaps two packets in a hundred',
    plant() {
      const heard = new WeakMap<Link, number>();
      const held = new WeakMap<Link, Message>();
      return {
        fromRelay(message, link) {
          if (!isAudio(message)) return [message];
          const count = (heard.get(link) ?? 0) + 1;
          heard.set(link, count);
          if (count !== 70) return count === 71 ? [message, held.get(link)!] : [message];
          held.set(link, message);
          return [];
        },
      };
    },
    breaks: ['Every packet comes, in the order of the host.'],
  },
  {
    name: 'cuts long packets',
    plant: () => ({
      fromRelay: (message) => [{ ...message, data: message.data.subarray(0, 1315) }],
    }),
    breaks: ['Audio comes byte for byte, from the smallest packet (42 bytes) to the largest (1316 bytes).'],
  },
  {
    name: 'sends audio to the first listener only',
    plant() {
      const first = new Map<string, Link>();
      return {
        opened(link) {
          if (!link.isHost && !first.has(link.podcastId)) first.set(link.podcastId, link);
        },
        fromRelay(message, link) {
          return isAudio(message) && first.get(link.podcastId) !== link ? [] : [message];
        },
      };
    },
    breaks: [
      'Every listener hears the host.',
      'A listener that joins later is told the key of the podcast and hears it from then on.',
      'A listener that sends text is closed with 4002, and nobody hears of it.',
      'A listener that sends audio is closed with 4002, and nobody hears of it.',
    ],
  },
];

/** Sends listeners what the relay drops because it was there before. */
function repeating(isRepeat: (seen: Message, message: Message) => boolean): PlantedFault['plant'] {
  return () => {
    const seen: Message[] = [];
    return {
      fromClient(message, link, links) {
        if (!link.isHost || !isAudio(message)) return message;
        if (seen.some((before) => isRepeat(before, message))) {
          for (const { client } of listenersOf(link, links)) client.send(message.data);
        }
        seen.push(message);
        return message;
      },
    };
  };
}

const nonceFaults: readonly PlantedFault[] = [
  {
    name: 'lets a replay through',
    plant: repeating(({ data }, message) => data.equals(message.data)),
    breaks: [
      'A packet whose nonce was there before is not passed on, and the host stays.',
      'A repeat is found 50 packets later.',
      'A repeat is found after the host came back.',
    ],
  },
  {
    name: 'knows a replay only by the whole packet',
    plant: repeating(({ data }, message) => {
      return data.subarray(0, 25).equals(message.data.subarray(0, 25)) && !data.equals(message.data);
    }),
    breaks: ['A repeated nonce counts as repeated whatever is sealed under it.'],
  },
  {
    name: 'remembers ten nonces',
    plant() {
      const seen = new WeakMap<Link, Buffer[]>();
      return {
        fromClient(message, link, links) {
          if (!link.isHost || !isAudio(message)) return message;
          const before = seen.get(link) ?? [];
          seen.set(link, [...before, message.data]);
          const isForgotten = before.slice(0, -10).some((data) => data.equals(message.data));
          if (isForgotten) for (const { client } of listenersOf(link, links)) client.send(message.data);
          return message;
        },
      };
    },
    breaks: ['A repeat is found 50 packets later.'],
  },
  {
    name: 'forgets the nonces when a host comes back',
    plant() {
      const seen = new Map<string, Link>();
      return {
        fromClient(message, link, links) {
          if (!link.isHost || !isAudio(message)) return message;
          const before = seen.get(message.data.toString('hex'));
          if (before && before !== link) {
            for (const { client } of listenersOf(link, links)) client.send(message.data);
          }
          seen.set(message.data.toString('hex'), link);
          return message;
        },
      };
    },
    breaks: ['A repeat is found after the host came back.'],
  },
  {
    name: 'takes the RTP header alone for the nonce',
    plant() {
      const seen = new Set<string>();
      return {
        fromClient(message, { isHost }) {
          if (!isHost || !isAudio(message)) return message;
          const header = message.data.subarray(1, 13).toString('hex');
          const isNew = !seen.has(header);
          seen.add(header);
          return isNew ? message : undefined;
        },
      };
    },
    breaks: ['Any nonce that is new is taken: in one byte, at its end, or with an RTP header that is old.'],
  },
];

const payloadFaults: readonly PlantedFault[] = [
  {
    name: 'tolerates an empty message',
    plant: tolerating('host', ({ data }) => data.length === 0),
    breaks: ['A host that sends an empty message is closed with 4002.'],
  },
  {
    name: 'tolerates text of a host',
    plant: tolerating('host', ({ isBinary }) => !isBinary),
    breaks: ['A host that sends a text message is closed with 4002.'],
  },
  {
    name: 'tolerates an unknown kind of message',
    plant: tolerating('host', ({ data }) => data[0] === 7),
    breaks: ['A host that sends a message that starts with another byte than 1 is closed with 4002.'],
  },
  {
    name: 'tolerates an event of a host',
    plant: tolerating('host', ({ data }) => data[0] === 0),
    breaks: ['A host that sends an event is closed with 4002.'],
  },
  {
    name: 'tolerates a packet one byte too short',
    plant: tolerating('host', ({ data }) => data.length === 41),
    breaks: ['A host that sends a packet of 41 bytes is closed with 4002.'],
  },
  {
    name: 'tolerates a packet one byte too long',
    plant: tolerating('host', ({ data }) => data.length === 1317),
    breaks: ['A host that sends a packet of 1317 bytes is closed with 4002.'],
  },
  {
    name: 'tolerates text of a listener',
    plant: tolerating('listener', ({ isBinary }) => !isBinary),
    breaks: ['A listener that sends text is closed with 4002, and nobody hears of it.'],
  },
  {
    name: 'tolerates audio of a listener',
    plant: tolerating('listener', isAudio),
    breaks: ['A listener that sends audio is closed with 4002, and nobody hears of it.'],
  },
];

export const SOCKET_FAULTS: readonly PlantedFault[] = [
  ...helloFaults,
  ...audioFaults,
  ...nonceFaults,
  ...payloadFaults,
];
