import { expect, test } from 'vitest';
import { SendmmsgWire } from '../../../src/relay/udp/sendmmsg-wire.ts';
import { FakeKernel } from './fake-kernel.ts';

const AF_INET = 2;
const AF_INET6 = 10;
const packet = Buffer.from('packet');

function wireOf(ipv6: boolean, slots = 4): { wire: SendmmsgWire; kernel: FakeKernel } {
  const kernel = new FakeKernel();
  return { wire: new SendmmsgWire({ calls: kernel, ipv6, combines: true }, slots), kernel };
}

test('an IPv4 socket is given sockaddr_in', () => {
  const { wire, kernel } = wireOf(false);
  wire.place(0, '192.0.2.1', 5004);
  wire.load([packet]);
  expect(wire.transmit(0, 1)).toBe(1);
  expect(kernel.sent).toEqual([
    { family: AF_INET, port: 5004, address: Buffer.of(192, 0, 2, 1), datagrams: [packet] },
  ]);
});

test('a dual-stack socket is given IPv4 as mapped addresses', () => {
  const { wire, kernel } = wireOf(true);
  wire.place(0, '192.0.2.1', 5004);
  wire.place(1, '2001:db8::1', 5006);
  wire.load([packet]);
  expect(wire.transmit(0, 2)).toBe(2);
  const hex = kernel.sent.map(({ family, port, address }) => [family, port, address.toString('hex')]);
  expect(hex).toEqual([
    [AF_INET6, 5004, '00000000000000000000ffffc0000201'],
    [AF_INET6, 5006, '20010db8000000000000000000000001'],
  ]);
});

test('a slot that changes hands is the new one’s alone, of either family', () => {
  const { wire, kernel } = wireOf(false);
  for (const [slot, address] of [
    '2001:db8::1',
    '192.0.2.2',
    '192.0.2.3',
    '2001:db8::4',
    '192.0.2.5',
  ].entries()) {
    wire.place(slot, address, 5000 + slot);
  }
  wire.move(4, 0);
  wire.move(3, 1);
  wire.place(3, '192.0.2.9', 5009);
  wire.load([packet]);
  wire.transmit(0, 4);
  expect(kernel.sent.map(({ family, port }) => [family, port])).toEqual([
    [AF_INET, 5004],
    [AF_INET6, 5003],
    [AF_INET, 5002],
    [AF_INET, 5009],
  ]);
});

test('one call goes to no more slots than lie together', () => {
  const { wire } = wireOf(false, 4);
  for (let slot = 0; slot < 10; slot += 1) wire.place(slot, '127.0.0.1', 5000 + slot);
  wire.load([packet]);
  expect([wire.transmit(0, 10), wire.transmit(2, 10), wire.transmit(8, 2)]).toEqual([4, 2, 2]);
});

test('a single packet after combined ones is not cut', () => {
  const { wire, kernel } = wireOf(false);
  wire.place(0, '127.0.0.1', 5000);
  const pair = [Buffer.alloc(20, 1), Buffer.alloc(10, 2)];
  const long = Buffer.alloc(100, 3);
  for (const message of [pair, [long], pair]) {
    wire.load(message);
    wire.transmit(0, 1);
  }
  expect(kernel.sent.map(({ datagrams }) => datagrams)).toEqual([pair, [long], pair]);
});

test('memory of its own holds a loaded packet', () => {
  const { wire, kernel } = wireOf(false);
  wire.place(0, '127.0.0.1', 5000);
  const reused = Buffer.from('before');
  wire.load([reused]);
  reused.write('after!');
  wire.transmit(0, 1);
  expect(kernel.sent[0]?.datagrams).toEqual([Buffer.from('before')]);
});
