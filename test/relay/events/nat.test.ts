import { describe, expect, test } from 'vitest';
import { natTo } from '../../support/nat.ts';
import { discover, Ear, NaiveUdpClient } from '../../support/naive-udp-client.ts';
import { startTestRelay } from '../../support/test-relay.ts';
import { headersOf } from '../../support/udp-on-air.ts';

describe.each([
  ['that changes ports', '127.0.0.1'],
  ['that changes ports, and the WebSocket comes another way', '127.0.0.2'],
])('behind a NAT %s, who uses the discovery packet of Discord', (_, outside) => {
  async function behindNat(path: string) {
    const relay = await startTestRelay();
    const nat = await natTo({ relayPort: relay.udpPort, outside });
    const ear = await Ear.open();
    const host = new NaiveUdpClient(`${relay.socketUrl}/ws?events=all`, headersOf(relay));
    const { podcast_id: id } = await host.hello();
    const client =
      path === '/ws' ? host : new NaiveUdpClient(`${relay.socketUrl}${path}?id=${id}&events=all`);
    const { client_id: clientId = 0 } = await client.hello();
    /** Discovery, then Connected with what it said. */
    async function connect() {
      const found = await discover(ear, nat.port, clientId);
      expect(found.address).toBe(outside);
      expect(found.port).not.toBe(ear.port);
      expect(await client.connect(found.port, found.address, found.cookie)).toBe(clientId);
      return found;
    }
    return { relay, nat, ear, host, client, id, connect };
  }

  test('listens, and hears on after the NAT has moved it', async () => {
    const { relay, nat, ear, host, client, connect } = await behindNat('/listen');
    const mouth = await Ear.open();
    await host.connect(mouth.port);
    const before = await connect();
    mouth.socket.send(await host.sealed('before'), relay.udpPort, '127.0.0.1');
    await ear.heard(1);
    nat.move();
    const after = await connect();
    expect(after.port).not.toBe(before.port);
    mouth.socket.send(await host.sealed('after'), relay.udpPort, '127.0.0.1');
    await ear.heard(2);
    expect(await client.opened(ear.datagrams)).toEqual(['before', 'after']);
  });

  test('hosts, and is heard on after the NAT has moved it', async () => {
    const { relay, nat, ear, host, id, connect } = await behindNat('/ws');
    const listener = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}`);
    const listening = await Ear.open();
    await listener.hello();
    await listener.connect(listening.port);
    await connect();
    ear.socket.send(await host.sealed('before'), nat.port, '127.0.0.1');
    await listening.heard(1);
    nat.move();
    ear.socket.send(await host.sealed('lost'), nat.port, '127.0.0.1');
    await relay.counted('datagram-stranger', 1);
    await connect();
    ear.socket.send(await host.sealed('after'), nat.port, '127.0.0.1');
    await listening.heard(2);
    expect(await listener.opened(listening.datagrams)).toEqual(['before', 'after']);
  });
});
