/** Faults of audio over UDP, one by one (PROTOCOL.md §4). */
import type { PlantedFault } from './planted-fault.ts';
import type { UdpDetour, UdpFault, UdpPeer } from './udp-detour.ts';

const DISCOVERY_BYTES = 74;

function isAudio(datagram: Buffer): boolean {
  return datagram.length !== DISCOVERY_BYTES;
}

/** Passes on what the relay drops. */
function passing(
  isPassed: (datagram: Buffer, from: UdpPeer, detour: UdpDetour) => boolean,
): PlantedFault['plant'] {
  return () => ({
    udp: {
      fromClient(datagram, from, detour) {
        if (!isAudio(datagram) || !isPassed(datagram, from, detour)) return;
        detour.sendToListeners(from.podcastId ?? detour.podcastOf(datagram), datagram);
      },
    },
  });
}

function sending(toClient: NonNullable<UdpFault['toClient']>): PlantedFault['plant'] {
  return () => ({ udp: { toClient } });
}

export const UDP_FAULTS: readonly PlantedFault[] = [
  {
    name: 'answers discoveries with another port',
    plant: () => ({ udp: { portsOff: 1 } }),
    breaks: [
      'A discovery request is answered with 74 bytes: type 2, the address seen from outside and a cookie.',
    ],
  },
  {
    name: 'flips a bit of a datagram',
    plant: sending((datagram) => {
      if (isAudio(datagram)) datagram.writeUInt8(datagram.at(-1)! ^ 1, datagram.length - 1);
      return datagram;
    }),
    breaks: [
      'Datagrams of the host come to listeners byte for byte.',
      'A listener of section 4 hears a host of section 3.',
    ],
  },
  {
    name: 'cuts long datagrams',
    plant: sending((datagram) => datagram.subarray(0, 1300)),
    breaks: ['Datagrams of the host come to listeners byte for byte.'],
  },
  {
    name: 'passes on what does not open under the key',
    plant: passing(
      (datagram, { isHost }, detour) =>
        isHost === true && datagram.length === 100 && detour.podcastOf(datagram) === undefined,
    ),
    breaks: ['A datagram that does not open under the key is not passed on.'],
  },
  {
    name: 'passes on a datagram twice',
    plant() {
      const seen = new Set<string>();
      const isRepeat = (datagram: Buffer): boolean => {
        const text = datagram.toString('hex');
        const isSeen = seen.has(text);
        seen.add(text);
        return isSeen;
      };
      return passing((datagram, { isHost }) => isHost === true && isRepeat(datagram))();
    },
    breaks: ['A datagram whose nonce was there before is not passed on.'],
  },
  {
    name: 'passes on what comes from anywhere',
    plant: passing((_datagram, { podcastId }) => podcastId === undefined),
    breaks: ['A datagram from another address than the host confirmed is not passed on.'],
  },
  {
    name: 'passes on what listeners send',
    plant: passing((_datagram, { isHost }) => isHost === false),
    breaks: ['A datagram of a listener is not passed on.'],
  },
  {
    name: 'passes on short datagrams',
    plant: passing((datagram) => datagram.length === 40),
    breaks: ['Datagrams too short or too long are not passed on, and the host stays.'],
  },
  {
    name: 'passes on long datagrams',
    plant: passing((datagram) => datagram.length === 1316),
    breaks: ['Datagrams too short or too long are not passed on, and the host stays.'],
  },
  {
    name: 'brings the datagrams of a host to UDP alone',
    plant() {
      const called = new Set<string>();
      return {
        answer(answer, { method }) {
          if (method === 'POST') called.add(/"id":(\d+)/.exec(answer.text)?.[1] ?? '');
          return answer;
        },
        fromRelay: (message, { asked, podcastId }) => {
          const isHeard = message.isBinary && message.data[0] === 1 && asked.url.pathname === '/';
          return isHeard && !called.has(podcastId) ? [] : [message];
        },
      };
    },
    breaks: ['A listener of section 3 hears a host of section 4.'],
  },
  {
    name: 'brings the packets of a host to WebSockets alone',
    plant() {
      const seen = new Set<string>();
      return {
        fromClient(message) {
          if (message.isBinary) seen.add(message.data.subarray(1).toString('hex'));
          return message;
        },
        udp: { toClient: (datagram) => (seen.has(datagram.toString('hex')) ? undefined : datagram) },
      };
    },
    breaks: ['A listener of section 4 hears a host of section 3.'],
  },
];
