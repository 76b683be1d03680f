import fc from 'fast-check';
import nacl from 'tweetnacl';
import { describe, expect, test } from 'vitest';
import { readDiscoveryAnswer, writeDiscoveryRequest } from '../../../src/protocol/discovery.ts';
import { nonceOf } from '../../../src/protocol/packet.ts';
import { ReplayWindow } from '../../../src/protocol/replay-window.ts';
import { Counters } from '../../../src/relay/counters.ts';
import { AddressCookies } from '../../../src/relay/events/address-cookie.ts';
import { DatagramDesk } from '../../../src/relay/events/datagram-desk.ts';
import { UdpListeners } from '../../../src/relay/events/udp-listeners.ts';
import { type Endpoint, UdpSession } from '../../../src/relay/events/udp-session.ts';
import type { Audience, DatagramSocket, Destination } from '../../../src/relay/udp/datagram-sender.ts';
import { type NetworkFaults, SimNetwork } from '../../support/sim-network.ts';

const RELAY = ['203.0.113.1', 8080] as const;
const KEY = nacl.randomBytes(32);
const DISCOVERY_RETRY_MS = 500;

/** The relay's end of the simulated network. */
function relaySocket(
  network: SimNetwork,
): Pick<DatagramSocket, 'onDatagram' | 'send'> & { audience(): Audience } {
  const socket = {
    onDatagram: (() => undefined) as DatagramSocket['onDatagram'],
    send: (datagram: Uint8Array, address: string, port: number) =>
      network.send(datagram, RELAY, [address, port]),
    audience(): Audience {
      const destinations = new Set<Destination>();
      return {
        add(address, port) {
          const destination = { address, port };
          destinations.add(destination);
          return destination;
        },
        remove: (destination) => void destinations.delete(destination),
        get size() {
          return destinations.size;
        },
        publish(datagram) {
          for (const { address, port } of destinations) socket.send(datagram, address, port);
        },
        retract: () => 0,
        close: () => destinations.clear(),
      };
    },
  };
  network.bind(...RELAY, (datagram, address, port) => socket.onDatagram(datagram, address, port));
  return socket;
}

/** One podcast of a relay without a single real socket. */
function simulatedRelay(network: SimNetwork) {
  const socket = relaySocket(network);
  const counters = new Counters();
  const cookies = new AddressCookies(Buffer.alloc(32, 7));
  const desk = new DatagramDesk({ socket, cookies, counters });
  const room = new UdpListeners({ audience: socket.audience(), onOut: () => undefined });
  const replay = new ReplayWindow(4096);
  const take = (packet: Uint8Array): void => {
    if (replay.accept(nonceOf(packet))) room.publish(packet);
    else counters.add('replay');
  };
  const sessionOf = (clientId: number, use: (endpoint: Endpoint) => () => void): UdpSession => {
    return new UdpSession({
      // WebSockets come from elsewhere than datagrams, so that every address needs its cookie.
      ownAddress: '192.0.2.1',
      isProof: (endpoint, cookie) => cookies.proves(clientId, endpoint, cookie),
      use,
    });
  };
  return {
    room,
    count: (name: 'replay' | 'datagram-stranger' | 'datagram-unopened') => counters.snapshot()[name],
    hostSession: (id: number) => sessionOf(id, (endpoint) => desk.hostAt(endpoint, { key: KEY, take })),
    listenerSession: (id: number) => sessionOf(id, (endpoint) => room.destinations.add(endpoint)),
  };
}

/** A client that asks until it is answered, says Connected, and does both again when its NAT moves it. */
class SimClient {
  readonly heard: Buffer[] = [];
  connections = 0;
  readonly #network: SimNetwork;
  readonly #session: UdpSession;
  readonly #clientId: number;
  #place: readonly [string, number];
  #isKnown = false;

  constructor(network: SimNetwork, session: UdpSession, clientId: number) {
    this.#network = network;
    this.#session = session;
    this.#clientId = clientId;
    this.#place = [`198.51.100.${clientId}`, 40_000];
    this.#settle();
  }

  moveNat(): void {
    this.#network.unbind(...this.#place);
    this.#place = [this.#place[0], this.#place[1] + 1];
    this.#settle();
  }

  send(datagram: Uint8Array): void {
    this.#network.send(datagram, this.#place, RELAY);
  }

  leave(): void {
    this.#session.close();
  }

  #settle(): void {
    this.#isKnown = false;
    this.#network.bind(...this.#place, (datagram) => this.#receive(datagram));
    this.#ask();
  }

  #ask(): void {
    if (this.#isKnown) return;
    this.send(writeDiscoveryRequest(this.#clientId));
    this.#network.after(DISCOVERY_RETRY_MS, () => this.#ask());
  }

  #receive(datagram: Buffer): void {
    const answer = readDiscoveryAnswer(datagram);
    if (!answer) {
      this.heard.push(datagram);
      return;
    }
    if (this.#isKnown || answer.port !== this.#place[1]) return;
    this.#isKnown = true;
    this.connections += 1;
    const { address: ip, port, cookie } = answer;
    this.#session.connected({ type: 'connected', ip, port, cookie: Buffer.from(cookie).toString('hex') });
  }
}

function sealed(frame: string): Buffer {
  const nonce = nacl.randomBytes(24);
  return Buffer.concat([nonce, nacl.secretbox(Buffer.from(frame), nonce, KEY)]);
}

function opened(datagram: Buffer): string {
  const frame = nacl.secretbox.open(datagram.subarray(24), datagram.subarray(0, 24), KEY);
  if (!frame) throw new Error('a listener was sent what does not open');
  return Buffer.from(frame).toString();
}

const PERFECT: NetworkFaults = { loss: 0, duplicates: 0, delayMs: 40, jitterMs: 0 };
const FRAMES = 200;

/** A whole life: connect, ten seconds of talk with moves and a leave in the middle, the end. */
function life(seed: number, faults: NetworkFaults) {
  const network = new SimNetwork(seed, faults);
  const relay = simulatedRelay(network);
  const host = new SimClient(network, relay.hostSession(1), 1);
  const listeners = [2, 3, 4, 5].map((id) => new SimClient(network, relay.listenerSession(id), id));
  const [stayer, mover, leaver] = listeners as [SimClient, SimClient, SimClient];
  network.advance(20_000);
  const said = Array.from({ length: FRAMES }, (_, index) => `frame ${index}`);
  let heardByLeaver = 0;
  for (const [index, frame] of said.entries()) {
    if (index === 50) mover.moveNat();
    if (index === 100) host.moveNat();
    if (index === 150) leaver.leave();
    if (index === 170) heardByLeaver = leaver.heard.length;
    host.send(sealed(frame));
    network.advance(20);
  }
  network.advance(5000);
  relay.room.end({ code: 4003, name: '', reconnect: 'no', sentence: '' }, '');
  const sentAtEnd = network.sent;
  host.send(sealed('after the end'));
  network.advance(5000);
  expect(network.sent).toBe(sentAtEnd + 1);
  expect(leaver.heard.length).toBe(heardByLeaver);
  return { relay, host, listeners, stayer, mover, said };
}

describe('whole lives on a simulated network', () => {
  test('a perfect one: what is lost is lost to the moves alone', () => {
    const { relay, stayer, mover, said } = life(1, PERFECT);
    const heard = stayer.heard.map(opened);
    const lostToHostMove = said.filter((frame) => !heard.includes(frame));
    // Discovery takes 80 ms there and back, and a frame 40 ms: those of the first 40 ms come too early.
    expect(lostToHostMove).toEqual(['frame 100', 'frame 101']);
    expect(relay.count('datagram-stranger')).toBe(lostToHostMove.length);
    expect(mover.heard.length).toBeLessThan(stayer.heard.length);
    expect(mover.connections).toBe(2);
    expect(mover.heard.map(opened)).toContain('frame 199');
  });

  test('any other: listeners hear only what was said, unchanged, and no relay doubles anything', () => {
    const faults = fc.record({
      loss: fc.double({ min: 0, max: 0.3, noNaN: true }),
      duplicates: fc.double({ min: 0, max: 0.3, noNaN: true }),
      delayMs: fc.integer({ min: 0, max: 200 }),
      jitterMs: fc.integer({ min: 0, max: 150 }),
    });
    fc.assert(
      fc.property(fc.integer(), faults, (seed, network) => {
        const { relay, host, listeners, said, stayer } = life(seed, network);
        expect(host.connections).toBe(2);
        for (const { heard } of listeners) {
          for (const frame of heard.map(opened)) expect(said).toContain(frame);
        }
        expect(relay.count('datagram-unopened')).toBe(0);
        const different = new Set(stayer.heard.map(opened)).size;
        if (network.duplicates === 0) {
          expect(relay.count('replay')).toBe(0);
          expect(stayer.heard).toHaveLength(different);
        }
        expect(different).toBeGreaterThan(FRAMES / 5);
      }),
      { numRuns: 40 },
    );
  });

  test('what the network doubles on its way to the relay is dropped there', () => {
    const { relay, host, stayer } = life(3, { ...PERFECT, duplicates: 1 });
    expect(host.connections).toBe(2);
    const taken = FRAMES - relay.count('datagram-stranger') / 2;
    // One more for the frame after the end, which comes twice like all others.
    expect(relay.count('replay')).toBe(taken + 1);
    // Each went once from the relay, and was doubled once more behind it.
    expect(stayer.heard.length).toBe(2 * taken);
  });

  test('a relay that can be reached by nobody connects nobody', () => {
    const network = new SimNetwork(4, { ...PERFECT, loss: 1 });
    const relay = simulatedRelay(network);
    const listener = new SimClient(network, relay.listenerSession(1), 1);
    network.advance(60_000);
    expect(listener.connections).toBe(0);
    expect(relay.room.destinations.size).toBe(0);
  });
});

describe('a session', () => {
  const endpoint = { address: '192.0.2.1', port: 5 };
  const claim = { type: 'connected', ip: '', port: 5 } as const;

  function session(): { readonly session: UdpSession; readonly uses: string[] } {
    const uses: string[] = [];
    const use = ({ address, port }: Endpoint): (() => void) => {
      uses.push(`+${address} ${port}`);
      return () => void uses.push(`-${address} ${port}`);
    };
    return { session: new UdpSession({ ownAddress: endpoint.address, isProof: () => false, use }), uses };
  }

  test('uses one endpoint at a time, and none when it is closed', () => {
    const { session: client, uses } = session();
    client.connected(claim);
    client.connected({ ...claim, port: 6 });
    client.close();
    client.close();
    client.connected(claim);
    expect(uses).toEqual(['+192.0.2.1 5', '-192.0.2.1 5', '+192.0.2.1 6', '-192.0.2.1 6']);
  });

  test('keeps the endpoint that it has when a further one is refused, until whoever it is for is closed', () => {
    const { session: client, uses } = session();
    client.connected(claim);
    expect(() => client.connected({ ...claim, ip: '192.0.2.9' })).toThrow(/192\.0\.2\.9 is not 192\.0\.2\.1/);
    expect(() => client.connected({ ...claim, ip: 'nowhere' })).toThrow(/neither empty nor an IP address/);
    expect(uses).toEqual(['+192.0.2.1 5']);
  });
});
