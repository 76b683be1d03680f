import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mediaPlaylist, multivariantPlaylist } from '../../../src/relay/hls/playlist.ts';
import { type Run, type Segment, SegmentWindow } from '../../../src/relay/hls/segment-window.ts';
import { LEAD_PACKETS, segmentOf } from '../../support/hand-encodings.ts';
import { readPlaylist } from '../../support/hls-playlist.ts';

const NEW_YEAR = Date.UTC(2026, 0, 1);

function listed(window: SegmentWindow): readonly Segment[] {
  return window.listing().segments;
}

function written(window: SegmentWindow): string {
  return mediaPlaylist(window.listing(), undefined);
}

function run(token: string): Run {
  return { token, header: Buffer.from(`header of ${token}`) };
}

test('the playlist that is shared names the other, with a session and the key', () => {
  expect(multivariantPlaylist('a-session', undefined)).toBe(
    [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-STREAM-INF:BANDWIDTH=160000,AVERAGE-BANDWIDTH=131000,CODECS="mp4a.40.2"',
      'hls/audio.m3u8?session=a-session',
      '',
    ].join('\n'),
  );
  expect(multivariantPlaylist('a-session', 'a&key')).toContain('audio.m3u8?session=a-session&key=a%26key\n');
});

describe('the playlist of segments', () => {
  test('begins with the first, and each has its header, its length and its hour', () => {
    const window = new SegmentWindow(NEW_YEAR);
    window.begin(run('AAA'));
    window.add(segmentOf(46), NEW_YEAR + 982);
    window.add(segmentOf(187, LEAD_PACKETS + 46), NEW_YEAR + 4980);
    expect(written(window)).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:7',
        '#EXT-X-TARGETDURATION:4',
        '#EXT-X-MEDIA-SEQUENCE:1767225600',
        '#EXT-X-DISCONTINUITY-SEQUENCE:5120',
        '#EXT-X-INDEPENDENT-SEGMENTS',
        '#EXT-X-MAP:URI="AAA/init.mp4"',
        '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.001Z',
        '#EXTINF:0.98133,',
        'AAA/1767225600.m4s',
        '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.982Z',
        '#EXTINF:3.98933,',
        'AAA/1767225601.m4s',
        '',
      ].join('\n'),
    );
  });

  test('says where an encoder was begun anew, and carries the key to everything', () => {
    const window = new SegmentWindow(NEW_YEAR);
    window.begin(run('AAA'));
    window.add(segmentOf(187), NEW_YEAR);
    window.begin(run('BBB'));
    window.add(segmentOf(187), NEW_YEAR + 6000);
    window.end();
    const lines = mediaPlaylist(window.listing(), 'KEY').split('\n').slice(6);
    expect(lines.filter((line) => !line.includes('DATE-TIME'))).toEqual([
      '#EXT-X-MAP:URI="AAA/init.mp4?key=KEY"',
      '#EXTINF:3.98933,',
      'AAA/1767225600.m4s?key=KEY',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-MAP:URI="BBB/init.mp4?key=KEY"',
      '#EXTINF:3.98933,',
      'BBB/1767225601.m4s?key=KEY',
      '#EXT-X-ENDLIST',
      '',
    ]);
  });

  test('has silence where a segment is missing', () => {
    const window = new SegmentWindow(NEW_YEAR);
    window.begin(run('AAA'));
    window.add(segmentOf(187), NEW_YEAR + 3989);
    window.add(segmentOf(187, LEAD_PACKETS + 3 * 187 - 50), NEW_YEAR + 4 * 3989 - 1067);
    const { segments } = readPlaylist(written(window));
    const first = Math.floor(NEW_YEAR / 1000);
    expect(segments.map(({ uri }) => uri)).toEqual([
      `AAA/${first}.m4s`,
      `AAA/${first + 1}-silence.m4s`,
      `AAA/${first + 2}-silence.m4s`,
      `AAA/${first + 3}.m4s`,
    ]);
    expect(segments.map(({ discontinuity }) => discontinuity)).toEqual([5120, 5120, 5120, 5120]);
    expect(segments.map(({ dateMs }) => dateMs - NEW_YEAR)).toEqual([0, 3989, 7978, 10_901]);
  });

  test('says that more is missing than it would name, and goes on at the right hour', () => {
    const window = new SegmentWindow(NEW_YEAR);
    window.begin(run('AAA'));
    window.add(segmentOf(187), NEW_YEAR + 3989);
    window.add(segmentOf(187, LEAD_PACKETS + 8 * 187), NEW_YEAR + 9 * 3989);
    const { segments } = readPlaylist(written(window));
    expect(segments.map(({ discontinuity }) => discontinuity)).toEqual([5120, 5121]);
    expect(segments[1]!.dateMs - segments[0]!.dateMs).toBeCloseTo(8 * 3989, -1);
  });

  test('believes a clock that was set, and not its small errors', () => {
    const window = new SegmentWindow(NEW_YEAR);
    window.begin(run('AAA'));
    let nowMs = NEW_YEAR;
    const add = (packet: number, lateMs: number): void => {
      nowMs += (187 * 64) / 3;
      window.add(segmentOf(187, LEAD_PACKETS + packet * 187), nowMs + lateMs);
    };
    for (const [packet, lateMs] of [0, 300, -200, 3_600_000, 3_600_000].entries()) add(packet, lateMs);
    const dates = listed(window).map(({ wallMs }) => Math.round(wallMs - NEW_YEAR));
    expect(dates).toEqual([0, 3989, 7979, 3_611_968, 3_615_957]);
  });
});

/** Silence of so many packets, all there at once. */
const LEAD = [125, 125, 125];

function beginRun(window: SegmentWindow, token: string, wallMs: number): void {
  window.begin(run(token));
  let packet = 0;
  for (const packets of LEAD) {
    window.add(segmentOf(packets, packet), wallMs);
    packet += packets;
  }
}

describe('the silence that a run begins with', () => {
  test('is of the time before: what is said then has its hour', () => {
    const window = new SegmentWindow(NEW_YEAR);
    beginRun(window, 'AAA', NEW_YEAR);
    expect(listed(window)).toHaveLength(3);
    window.add(segmentOf(187), NEW_YEAR + 3989);
    const { segments } = readPlaylist(written(window));
    expect(segments.map(({ dateMs }) => dateMs - NEW_YEAR)).toEqual([-8000, -5333, -2667, 0]);
    expect(new Set(segments.map(({ discontinuity }) => discontinuity)).size).toBe(1);
  });

  test.each([
    ['at once is left out', 0, 0],
    ['after 2 s fills them', 2000, 1],
    ['after 5 s fills them', 5000, 2],
    ['after a minute is all of it', 60_000, 3],
  ])('of a run that goes on %s', (_name, lateMs, leads) => {
    const window = new SegmentWindow(NEW_YEAR);
    beginRun(window, 'AAA', NEW_YEAR);
    window.add(segmentOf(187), NEW_YEAR + 3989);
    const before = listed(window).at(-1)!;
    const nowMs = NEW_YEAR + 3989 + lateMs;
    beginRun(window, 'BBB', nowMs);
    window.add(segmentOf(46), nowMs + 981);
    const after = listed(window).filter((segment) => segment.run.token === 'BBB');
    expect(after).toHaveLength(leads + 1);
    expect(after.map(({ discontinuity }) => discontinuity)).toEqual(
      after.map(() => before.discontinuity + 1),
    );
    expect(after.map(({ number }) => number)).toEqual(after.map((_, index) => before.number + 1 + index));
    expect(after.at(-1)!.wallMs).toBeCloseTo(nowMs, 0);
  });

  test('is all that a clock that was set back can take away', () => {
    const window = new SegmentWindow(NEW_YEAR);
    beginRun(window, 'AAA', NEW_YEAR);
    beginRun(window, 'BBB', NEW_YEAR - 3_600_000);
    expect(listed(window)).toHaveLength(3);
    window.add(segmentOf(187), NEW_YEAR - 3_596_000);
    expect(listed(window)).toHaveLength(4);
  });
});

type Step = { readonly packets: number } | 'anew' | 'lost';
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ packets: fc.integer({ min: 1, max: 187 }) }) },
    fc.constant<Step>('anew'),
    fc.constant<Step>('lost'),
  ),
  { maxLength: 60 },
);

test('whatever happens, numbers never go back, lengths keep to the target, and what follows begins where the last one ends', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const window = new SegmentWindow(NEW_YEAR);
      let runs = 0;
      window.begin(run(`run${runs}`));
      let [packet, nowMs] = [LEAD_PACKETS, NEW_YEAR];
      let before = readPlaylist(written(window));
      for (const step of all) {
        if (step === 'anew') {
          runs += 1;
          window.begin(run(`run${runs}`));
          packet = LEAD_PACKETS;
          continue;
        }
        const packets = step === 'lost' ? 100 : step.packets;
        nowMs += (packets * 64) / 3;
        if (step !== 'lost') window.add(segmentOf(packets, packet), nowMs);
        packet += packets;
        if (step === 'lost') continue;
        const now = readPlaylist(written(window));
        expect(now.segments.length).toBeLessThanOrEqual(6);
        for (const [index, segment] of now.segments.entries()) {
          expect(segment.seconds).toBeLessThanOrEqual(now.targetSeconds);
          const last = now.segments[index - 1];
          if (last?.discontinuity === segment.discontinuity) {
            expect(Math.abs(segment.dateMs - last.dateMs - last.seconds * 1000)).toBeLessThanOrEqual(2);
          }
          const old = before.segments.find(({ number }) => number === segment.number);
          if (old) expect(segment).toEqual(old);
        }
        if (before.segments[0]) {
          expect(now.segments[0]!.number).toBeGreaterThanOrEqual(before.segments[0].number);
          expect(now.segments.at(-1)!.number).toBeGreaterThan(before.segments.at(-1)!.number);
        }
        before = now;
      }
    }),
  );
});

test('what a playlist named can be had for as long again, and then no more', () => {
  const window = new SegmentWindow(NEW_YEAR);
  window.begin(run('AAA'));
  for (let index = 0; index < 20; index += 1)
    window.add(segmentOf(187, LEAD_PACKETS + index * 187), NEW_YEAR);
  const first = listed(window)[0]!.number;
  expect(listed(window)).toHaveLength(6);
  expect(window.segment('AAA', first - 7)).toBeDefined();
  expect(window.segment('AAA', first - 8)).toBeUndefined();
  expect(window.segment('BBB', first)).toBeUndefined();
  expect(window.header('AAA')).toEqual(Buffer.from('header of AAA'));
  expect(window.header('BBB')).toBeUndefined();
});

test('what was there when a podcast ended stays: players are some segments behind', () => {
  const window = new SegmentWindow(NEW_YEAR);
  window.begin(run('AAA'));
  for (let index = 0; index < 13; index += 1)
    window.add(segmentOf(187, LEAD_PACKETS + index * 187), NEW_YEAR);
  const last = listed(window).at(-1)!.number;
  window.end();
  expect(listed(window)).toHaveLength(6);
  for (let back = 0; back < 13; back += 1) expect(window.segment('AAA', last - back)).toBeDefined();
});
