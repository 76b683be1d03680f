import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { Mailbox, MailReader } from '../../../src/relay/media-threads/mailbox.ts';

const U32 = fc.integer({ min: 0, max: 0xffffffff });
type Entry = [job: number, packet: string, atMs: number];

function taken(reader: MailReader, untilBytes?: number): Entry[] {
  const found: Entry[] = [];
  reader.read((job, packet, atMs) => {
    found.push([job, Buffer.from(packet).toString('hex'), atMs]);
  }, untilBytes);
  return found;
}

test('packets come out as they went in, in their order, however many and whenever they are taken', () => {
  const packet = fc.uint8Array({ maxLength: 1316 });
  const mail = fc.tuple(U32, packet, fc.double({ noNaN: true }), fc.nat(3));
  // Not made anew for each run: it goes round many times.
  const mailbox = new Mailbox();
  const reader = new MailReader(mailbox.memory);
  fc.assert(
    fc.property(fc.array(mail, { maxLength: 300, size: 'max' }), (all) => {
      const expected: Entry[] = [];
      const found: Entry[] = [];
      for (const [job, bytes, atMs, chance] of all) {
        expect(mailbox.put(job, bytes, atMs)).toBe(true);
        expected.push([job, Buffer.from(bytes).toString('hex'), atMs]);
        if (chance === 0) found.push(...taken(reader));
      }
      found.push(...taken(reader));
      expect(found).toEqual(expected);
    }),
  );
});

test('one that is full takes nothing, and all that was in it comes out; then there is room again', () => {
  const mailbox = new Mailbox();
  const reader = new MailReader(mailbox.memory);
  let sent = 0;
  for (const bytes of [1, 41, 200, 1316]) {
    let put = 0;
    while (mailbox.put(put, new Uint8Array(bytes).fill(bytes), sent)) put += 1;
    expect(put).toBeGreaterThan(2 ** 20 / (bytes + 32) - 2);
    const found = taken(reader);
    expect(found.map(([job]) => job)).toEqual(Array.from({ length: put }, (_, job) => job));
    expect(found.at(-1)?.[1]).toBe(Buffer.alloc(bytes, bytes).toString('hex'));
    sent += put;
  }
});

test('what was put in after a moment is left, and comes with the next', () => {
  const mailbox = new Mailbox();
  const reader = new MailReader(mailbox.memory);
  mailbox.put(1, Uint8Array.of(1), 10);
  const { writtenBytes } = mailbox;
  mailbox.put(2, Uint8Array.of(2), 20);
  expect(taken(reader, writtenBytes)).toEqual([[1, '01', 10]]);
  expect(taken(reader, writtenBytes)).toEqual([]);
  expect(taken(reader)).toEqual([[2, '02', 20]]);
  expect(taken(reader, writtenBytes)).toEqual([]);
});

test('its counts go round after 4 GiB, and nothing is lost or left', () => {
  const mailbox = new Mailbox();
  const reader = new MailReader(mailbox.memory);
  const packet = new Uint8Array(400_000);
  let [found, wrong] = [0, 0];
  for (let job = 0; job < 11_000; job += 1) {
    if (!mailbox.put(job, packet, job)) wrong += 1;
    const { writtenBytes } = mailbox;
    reader.read((one, { length }) => {
      if (one !== job || length !== packet.length) wrong += 1;
      found += 1;
    }, writtenBytes);
  }
  expect([found, wrong]).toEqual([11_000, 0]);
});

const READS = `
  import { parentPort, workerData } from 'node:worker_threads';
  const { MailReader } = await import(workerData.module);
  const reader = new MailReader(workerData.memory);
  let next = 0;
  const look = () => {
    reader.read((job, packet, atMs) => {
      const isRight = job === next && atMs === next && packet.length === job % 1000 && packet.every((byte) => byte === job % 251);
      if (!isRight) throw new Error('packet ' + next + ' is another');
      next += 1;
    });
    if (next < workerData.count) setImmediate(look);
    else parentPort.postMessage(next);
  };
  look();
`;

test('another thread finds every packet whole, while it is written to', { timeout: 30_000 }, async () => {
  const mailbox = new Mailbox();
  const count = 20_000;
  const { href } = new URL('../../../src/relay/media-threads/mailbox.ts', import.meta.url);
  const reader = new Worker(new URL(`data:text/javascript,${encodeURIComponent(READS)}`), {
    workerData: { module: href, memory: mailbox.memory, count },
    execArgv: [],
  });
  onTestFinished(async () => void (await reader.terminate()));
  const done = new Promise((resolve, reject) => {
    reader.once('message', resolve);
    reader.once('error', reject);
  });
  for (let job = 0; job < count;) {
    if (mailbox.put(job, new Uint8Array(job % 1000).fill(job % 251), job)) job += 1;
    else await new Promise(setImmediate);
  }
  expect(await done).toBe(count);
});
