import { describe, expect, test } from 'vitest';
import { CLOSE, ContractError } from '../../../src/protocol/close-codes.ts';
import {
  ENCODING_TRADE,
  MADE_END,
  type EncodingStart,
  writeMadePage,
} from '../../../src/relay/encoding/encoding-threads.ts';
import { KeepingSink, makeScene } from '../../support/encodings-scene.ts';
import { HandWorker } from '../../support/hand-worker.ts';

const HEADER = writeMadePage({ isHeader: true, samples: 0, bytes: Uint8Array.of(7, 7) });
const PAGE = writeMadePage({ isHeader: false, samples: 4800, bytes: Uint8Array.of(1, 2, 3) });

/** A scene whose threads do what the test says. */
function makeHandScene({ perThread = 4, perAddress = 100 } = {}) {
  const workers: HandWorker<EncodingStart>[] = [];
  const scene = makeScene({
    perThread,
    perAddress,
    encodingTrade: {
      ...ENCODING_TRADE,
      startWorker() {
        const worker = new HandWorker<EncodingStart>();
        workers.push(worker);
        return worker;
      },
    },
  });
  const worker = (index = 0): HandWorker<EncodingStart> => {
    const one = workers[index];
    if (!one) throw new Error('no such worker');
    return one;
  };
  return { ...scene, workers, worker };
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('an encoding', () => {
  test('is one for all who want it; who comes later has the header at once', () => {
    const { encodings, channel, asker, worker, threads, count } = makeHandScene();
    const [first, second, third] = [new KeepingSink(), new KeepingSink(), new KeepingSink()];
    encodings.want(channel, 'opus', asker, first);
    encodings.want(channel, 'opus', asker, second);
    worker().made(1, 0, HEADER);
    worker().made(1, 0, PAGE);
    encodings.want(channel, 'opus', asker, third);
    expect([first.headers, second.headers, third.headers].map(([header]) => header)).toEqual(
      Array.from({ length: 3 }, () => Uint8Array.of(7, 7)),
    );
    expect(first.pages).toEqual([{ isHeader: false, samples: 4800, bytes: Uint8Array.of(1, 2, 3) }]);
    expect(second.pages[0]).toBe(first.pages[0]);
    expect(third.pages).toEqual([]);
    expect([threads.size, count('encoding-pages')]).toEqual([1, 1]);
    expect(worker().sent('start')).toMatchObject([
      { start: { key: channel.podcast.key, format: 'opus', title: 'Knitting' } },
    ]);
  });

  test('is another for each format', () => {
    const { encodings, channel, asker, worker } = makeHandScene();
    for (const format of ['opus', 'mp3', 'aac'] as const) {
      encodings.want(channel, format, asker, new KeepingSink());
    }
    expect(
      worker()
        .sent('start')
        .map(({ start }) => start.format),
    ).toEqual(['opus', 'mp3', 'aac']);
  });

  test('gets the packets of the programme, each once, also before the podcast is on air', async () => {
    const { encodings, channel, asker, worker, hub } = makeHandScene();
    encodings.want(channel, 'mp3', asker, new KeepingSink());
    hub.publishProgramme(channel, Uint8Array.of(1, 2, 3));
    await endOfTurn();
    const got = worker().sent('packet');
    expect(got.map(({ job, packet }) => [job, ...packet])).toEqual([[1, 1, 2, 3]]);
  });

  test('goes on for 10 s when nobody wants it: who comes back in that time finds it running', () => {
    const { encodings, channel, asker, worker, clock, threads, programmeThreads, goOnAir } = makeHandScene();
    goOnAir();
    const sink = new KeepingSink();
    const unwant = encodings.want(channel, 'mp3', asker, sink);
    encodings.want(channel, 'mp3', asker, new KeepingSink())();
    unwant();
    unwant();
    clock.advance(9000);
    const unwantAgain = encodings.want(channel, 'mp3', asker, sink);
    clock.advance(60_000);
    expect([threads.size, programmeThreads.size, worker().sent('start').length]).toEqual([1, 1, 1]);
    unwantAgain();
    clock.advance(10_000);
    expect([threads.size, worker().sent('stop').length]).toEqual([0, 1]);
    worker().made(1, 0, PAGE);
    expect(sink.pages).toEqual([]);
    clock.advance(5000);
    expect(programmeThreads.size).toBe(0);
    encodings.want(channel, 'mp3', asker, sink);
    expect(worker().sent('start')).toHaveLength(2);
  });

  test('is over when its podcast is, after its last page, and says why', () => {
    const { encodings, channel, asker, worker, hub, goOnAir, threads } = makeHandScene();
    const sink = new KeepingSink();
    goOnAir();
    encodings.want(channel, 'mp3', asker, sink);
    hub.end(channel, CLOSE.senderDisconnected);
    expect([sink.ends, worker().sent('stop').length]).toEqual([[], 1]);
    worker().made(1, 0, PAGE);
    worker().made(1, 0, MADE_END);
    expect(sink.pages).toHaveLength(1);
    expect(sink.ends).toEqual([CLOSE.senderDisconnected.code]);
    expect(threads.size).toBe(0);
  });

  test('ends without the last page when that does not come, and with the relay', async () => {
    const { encodings, channel, asker, hub, clock } = makeHandScene();
    const [late, last] = [new KeepingSink(), new KeepingSink()];
    encodings.want(channel, 'mp3', asker, late);
    hub.end(channel, CLOSE.goingAway);
    clock.advance(2000);
    expect(late.ends).toHaveLength(1);
    const another = hub.create('1', { title: '', description: '', guild: '', visibility: 'public' });
    encodings.want(another, 'mp3', asker, last);
    hub.end(another, CLOSE.goingAway);
    await encodings.close();
    expect(last.ends).toEqual([4010]);
  });

  test('ends at once for who is put out of a podcast that goes on', () => {
    const { encodings, asker, hub, worker } = makeHandScene();
    const channel = hub.create('1', { title: '', description: '', guild: '', visibility: 'private' });
    const [old, fresh] = [new KeepingSink(), new KeepingSink()];
    encodings.want(channel, 'mp3', asker, old);
    hub.renewListenKey(channel);
    expect(old.ends).toEqual([4001]);
    encodings.want(channel, 'mp3', asker, fresh);
    worker().made(1, 0, PAGE);
    worker().made(2, 0, PAGE);
    expect([old.pages.length, fresh.pages.length, fresh.ends]).toEqual([0, 1, []]);
  });

  test('throws away what is under way when its host takes something back', async () => {
    const { encodings, channel, asker, worker, hub, count } = makeHandScene();
    const sink = new KeepingSink();
    encodings.want(channel, 'mp3', asker, sink);
    hub.publishProgramme(channel, Uint8Array.of(1));
    hub.retractProgramme(channel, 5);
    hub.publishProgramme(channel, Uint8Array.of(2));
    await endOfTurn();
    expect(worker().messages.map(({ type }) => type)).toEqual(['start', 'packet', 'retract', 'packet']);
    worker().made(1, 0, PAGE);
    expect([sink.pages.length, sink.retracted, count('retracted')]).toEqual([0, 1, 3]);
    worker().made(1, 1, PAGE);
    expect(sink.pages).toHaveLength(1);
  });

  test('has its header, whatever is taken back before that has come', () => {
    const { encodings, channel, asker, worker, hub } = makeHandScene();
    const sink = new KeepingSink();
    encodings.want(channel, 'opus', asker, sink);
    hub.retractProgramme(channel, 5);
    worker().made(1, 0, HEADER);
    worker().made(1, 0, PAGE);
    expect([sink.headers.length, sink.pages.length]).toEqual([1, 0]);
  });

  test('is begun anew when its thread dies, with another header', () => {
    const { encodings, channel, asker, worker, workers, clock, count } = makeHandScene();
    const sink = new KeepingSink();
    encodings.want(channel, 'opus', asker, sink);
    worker().made(1, 0, HEADER);
    worker().emit('exit', 1);
    clock.advance(1000);
    expect([workers.length, count('encoding-worker-lost')]).toEqual([2, 1]);
    worker(1).made(1, 0, HEADER);
    worker(1).made(1, 0, PAGE);
    expect([sink.headers.length, sink.pages.length]).toEqual([2, 1]);
  });

  test('is refused with 4009 when there are as many as may be, and leaves nothing behind', () => {
    const { encodings, channel, asker, threads, programmeThreads, goOnAir, clock } = makeHandScene({
      perThread: 1,
    });
    goOnAir();
    const unwant = encodings.want(channel, 'mp3', asker, new KeepingSink());
    expect(() => encodings.want(channel, 'opus', asker, new KeepingSink())).toThrow(
      expect.objectContaining({ message: 'This relay makes 1 encodings: that is the most.' }),
    );
    unwant();
    clock.advance(15_000);
    expect([threads.size, programmeThreads.size]).toEqual([0, 0]);
    expect(() => encodings.want(channel, 'opus', asker, new KeepingSink())).not.toThrow();
  });

  test('is made for whoever asks first: one address has so many, also while others have the programme made', () => {
    const { encodings, channel, asker, threads, hub, clock } = makeHandScene({ perAddress: 2 });
    const other = { ...asker, address: '203.0.113.2' };
    const refusal = expect.objectContaining({
      message: '2 encodings are made for your address: that is the most.',
    });
    const want = (format: 'aac' | 'mp3' | 'opus', who = asker) =>
      encodings.want(channel, format, who, new KeepingSink());
    want('aac', other);
    const unwant = want('mp3');
    want('opus');
    // What is made already costs nothing more.
    want('aac')();
    const another = hub.create('1', { title: '', description: '', guild: '', visibility: 'public' });
    hub.takeUp(another, { dismiss: () => undefined });
    const wantAnother = () => encodings.want(another, 'mp3', asker, new KeepingSink());
    expect(wantAnother).toThrow(refusal);
    unwant();
    clock.advance(9_999);
    expect(wantAnother).toThrow(refusal);
    clock.advance(1);
    expect(wantAnother).not.toThrow();
    expect(threads.size).toBe(3);
  });

  test('that cannot be made counts for nobody', () => {
    const { encodings, channel, asker, clock } = makeHandScene({ perThread: 1, perAddress: 1 });
    const other = { ...asker, address: '203.0.113.2' };
    const unwant = encodings.want(channel, 'mp3', asker, new KeepingSink());
    for (const _ of Array(2))
      expect(() => encodings.want(channel, 'aac', other, new KeepingSink())).toThrow('This relay makes 1');
    unwant();
    clock.advance(10_000);
    expect(() => encodings.want(channel, 'aac', other, new KeepingSink())).not.toThrow();
  });

  test('is refused with its programme, at once or when the podcast goes on air', () => {
    const { encodings, channel, asker, hub, goOnAir, threads, clock } = makeHandScene({ perThread: 1 });
    const other = hub.create('1', { title: '', description: '', guild: '', visibility: 'public' });
    const refused: ContractError[] = [];
    const refuse = (error: ContractError): void => void refused.push(error);
    const unwant = encodings.want(channel, 'mp3', { ...asker, refuse }, new KeepingSink());
    hub.takeUp(other, { dismiss: () => undefined });
    unwant();
    clock.advance(10_000);
    encodings.want(other, 'mp3', asker, new KeepingSink());
    goOnAir();
    expect(refused).toEqual([]);
    expect(() => encodings.want(channel, 'mp3', { ...asker, refuse }, new KeepingSink())).toThrow(
      ContractError,
    );
    expect(threads.size).toBe(1);
  });
});
