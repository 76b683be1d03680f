import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Batch, ListenerQueue, type ListenerSocket } from '../../../src/relay/listener-queue.ts';
import { IcyStream, METADATA_PERIOD_BYTES, titleBlock } from '../../../src/relay/radio/icy-stream.ts';
import { plainWords } from '../../../src/relay/radio/plain-words.ts';
import { readIcy, readId3 } from '../../support/icy-reader.ts';

const titles = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.constantFrom("it's';", "';';';", "''"),
);
const named = titles.map((title) => `n${title}n`);
const sizes = fc.integer({ min: 0, max: 20_000 });

function pageOf(bytes: number, value: number): { bytes: Uint8Array; isHeader: boolean } {
  return { bytes: new Uint8Array(bytes).fill(128 + (value % 100)), isHeader: false };
}

function bytesOf(batches: readonly Batch[]): Buffer {
  return Buffer.concat(batches.map(({ bytes }) => bytes));
}

function said(title: string): string {
  return plainWords(title).replaceAll("';", '’;');
}

describe('a stream with titles', () => {
  test('taken apart is the pages and the titles, whenever one joins and whatever the pages are', () => {
    const steps = fc.array(fc.record({ size: sizes, joins: fc.boolean() }));
    const property = fc.property(named, fc.array(sizes, { maxLength: 4 }), steps, (title, burst, all) => {
      const stream = new IcyStream(title);
      const joined: { from: number; opening: Buffer; before: number[] }[] = [];
      const batches: Batch[] = [];
      const recent = [...burst];
      for (const [index, step] of all.entries()) {
        if (step.joins) {
          const before = recent.slice(-4);
          const opening = bytesOf(stream.opening(before.map((size) => pageOf(size, 99))));
          joined.push({ from: index, opening, before });
        }
        batches.push(stream.next(pageOf(step.size, index)));
        recent.push(step.size);
      }
      for (const { from, opening, before } of joined) {
        const { sound, titles: heard } = readIcy(
          Buffer.concat([opening, bytesOf(batches.slice(from))]),
          METADATA_PERIOD_BYTES,
        );
        const tag = readId3(sound);
        expect(tag.title).toBe(plainWords(title));
        const pages = [
          ...before.map((size) => pageOf(size, 99)),
          ...all.slice(from).map(({ size }, index) => pageOf(size, from + index)),
        ];
        expect(tag.rest.equals(bytesOf(pages.map(({ bytes }) => ({ bytes, packets: 1 }))))).toBe(true);
        expect(new Set(heard)).toEqual(new Set([said(title)]));
      }
    });
    fc.assert(property, { numRuns: 60 });
  });

  test('says the title in its first block, to all, and then only once in a while', () => {
    const stream = new IcyStream('one');
    const opening = bytesOf(stream.opening([]));
    const batches = Array.from({ length: 130 }, (_, index) =>
      stream.next(pageOf(METADATA_PERIOD_BYTES, index)),
    );
    const { titles: heard, blocks } = readIcy(
      Buffer.concat([opening, bytesOf(batches)]),
      METADATA_PERIOD_BYTES,
    );
    expect(blocks).toBe(131);
    expect(heard).toEqual(['one', 'one', 'one', 'one']);
  });

  test('stays in its phase for one who loses pages, or has them taken back, wherever that is', () => {
    const step = fc.record({
      size: fc.integer({ min: 1, max: 9000 }),
      takes: fc.integer({ min: 0, max: 5 }),
      retracts: fc.integer({ min: 0, max: 20 }).map((chance) => chance === 0),
    });
    const property = fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
      const stream = new IcyStream('the title');
      const socket = new LazySocket();
      const queue = new ListenerQueue(socket, 40_000, {
        keptBytes: 20_000,
        repair: (lost, next) => stream.repair(lost, next),
      });
      for (const batch of stream.opening([])) queue.offer(batch, 0);
      for (const [index, { size, takes, retracts }] of steps.entries()) {
        queue.offer(stream.next(pageOf(size, index)), 0);
        if (retracts) queue.retract();
        for (let count = 0; count < takes; count += 1) socket.take();
      }
      queue.offer(stream.next(pageOf(100, 7)), 0);
      while (socket.writableLength > 0) socket.take();
      const { sound } = readIcy(socket.taken, METADATA_PERIOD_BYTES);
      const { rest } = readId3(sound);
      const whole = runsOf(rest);
      const sizesOf = new Map<number, Set<number>>();
      for (const [index, { size }] of steps.entries()) {
        const value = 128 + (index % 100);
        sizesOf.set(value, (sizesOf.get(value) ?? new Set()).add(size));
      }
      for (const { value, length } of whole.slice(0, -1)) {
        if (value !== 0) expect(sizesOf.get(value)).toContain(length);
      }
      expect(whole.at(-1)).toEqual({ value: 135, length: 100 });
    });
    fc.assert(property, { numRuns: 200 });
  });
});

/** Node has all that it was given, until it is told that the kernel takes a piece. */
class LazySocket implements ListenerSocket {
  readonly #held: { readonly bytes: Uint8Array; readonly taken: (() => void) | undefined }[] = [];
  taken = Buffer.alloc(0);

  get writableLength(): number {
    return this.#held.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  send({ bytes }: Batch): undefined {
    this.#held.push({ bytes, taken: undefined });
  }

  write(bytes: Uint8Array, taken?: () => void): void {
    this.#held.push({ bytes, taken });
  }

  take(): void {
    const next = this.#held.shift();
    if (!next) return;
    this.taken = Buffer.concat([this.taken, next.bytes]);
    if (this.#held[0]?.bytes.length === 0) this.#held.shift()?.taken?.();
    next.taken?.();
  }
}

function runsOf(bytes: Buffer): { value: number; length: number }[] {
  const runs: { value: number; length: number }[] = [];
  for (const value of bytes) {
    const last = runs.at(-1);
    if (last?.value === value) last.length += 1;
    else runs.push({ value, length: 1 });
  }
  return runs;
}

describe('a block of metadata', () => {
  test.each([
    ['Hello', "\x02StreamTitle='Hello';"],
    ["it's", "\x02StreamTitle='it's';"],
    ["a'; b", "\x02StreamTitle='a’; b';"],
    ['two\r\nlines\0', "\x02StreamTitle='two lines';"],
  ])('of %j', (title, expected) => {
    expect(titleBlock(title).toString().replace(/\0+$/, '')).toBe(expected);
    expect((titleBlock(title).length - 1) % 16).toBe(0);
  });

  test('is never longer than its first byte can say, and cut between characters', () => {
    const block = titleBlock('é'.repeat(5000));
    expect(block.length).toBe(1 + 255 * 16);
    expect(readIcy(Buffer.concat([Buffer.alloc(1), block]), 1).titles).toEqual(['é'.repeat(2032)]);
  });
});
