import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mediaPlaylist } from '../../../src/relay/hls/playlist.ts';
import { SegmentWindow } from '../../../src/relay/hls/segment-window.ts';
import { ToldSegments } from '../../../src/relay/hls/told-segments.ts';
import { LEAD_PACKETS, segmentOf } from '../../support/hand-encodings.ts';
import { type ReadPlaylist, readPlaylist } from '../../support/hls-playlist.ts';
import { boxAt } from '../../support/mp4-boxes.ts';

const NEW_YEAR = Date.UTC(2026, 0, 1);
const SEGMENT_MS = (187 * 64) / 3;
/** What hand-made packets have in them. */
const SOUND = 'a packet';

/** A window with what a run begins with and so many segments of sound. */
function windowWith(segments: number): SegmentWindow {
  const window = new SegmentWindow(NEW_YEAR);
  begin(window, 'AAA', NEW_YEAR);
  for (let index = 0; index < segments; index += 1) addSound(window, index);
  return window;
}

function begin(window: SegmentWindow, token: string, wallMs: number): void {
  window.begin({ token, header: Buffer.from(token) });
  for (let packet = 0; packet < LEAD_PACKETS; packet += 125) window.add(segmentOf(125, packet), wallMs);
}

function addSound(window: SegmentWindow, index: number): void {
  window.add(segmentOf(187, LEAD_PACKETS + index * 187), NEW_YEAR + (index + 1) * SEGMENT_MS);
}

/** @param told what the player knows: nothing when it comes now */
function read(window: SegmentWindow, told = new ToldSegments()): ReadPlaylist {
  return readPlaylist(mediaPlaylist(window.listing(told), undefined));
}

/** All but where it is. */
function facts({ segments }: ReadPlaylist): unknown {
  return segments.map((segment) => ({ ...segment, uri: '' }));
}

function soundOf(window: SegmentWindow, uri: string): boolean {
  const [token = '', file = ''] = uri.split('/');
  return Buffer.from(window.segment(token, Number.parseInt(file, 10))?.bytes ?? []).includes(SOUND);
}

describe('who comes after somebody went off air', () => {
  test('is told of silence in the place of what was said, elsewhere, at its time and of its length', () => {
    const window = windowWith(5);
    const before = read(window);
    window.retract();
    const after = read(window);
    expect(facts(after)).toEqual(facts(before));
    expect(after.segments.map(({ uri }) => uri)).toEqual(
      before.segments.map(({ uri, number }, index) => (index === 0 ? uri : `AAA/${number}-silence.m4s`)),
    );
    addSound(window, 5);
    const [newest, last] = [read(window).segments.at(-1)!, after.segments.at(-1)!];
    expect(newest).toMatchObject({ number: last.number + 1, discontinuity: last.discontinuity });
    expect(Math.abs(newest.dateMs - last.dateMs - SEGMENT_MS)).toBeLessThanOrEqual(1);
  });

  test('gets silence that says of itself what the sound has said', () => {
    const window = windowWith(3);
    const { number } = read(window).segments.at(-1)!;
    const sound = window.segment('AAA', number)!.bytes;
    window.retract();
    const silence = window.segment('AAA', number)!.bytes;
    for (const path of [
      ['moof', 'mfhd'],
      ['moof', 'traf', 'tfdt'],
      ['moof', 'traf', 'tfhd'],
    ]) {
      expect(boxAt(silence, ...path).body).toEqual(boxAt(sound, ...path).body);
    }
    expect(boxAt(silence, 'moof', 'traf', 'trun').body.readUInt32BE(4)).toBe(187);
    expect(boxAt(silence, 'mdat').body).toEqual(
      Buffer.concat(Array<Buffer>(187).fill(Buffer.from('211004608c1c', 'hex'))),
    );
  });

  test('is told the same when the next one goes off air, if nothing was said in between', () => {
    const window = windowWith(5);
    window.retract();
    const before = read(window);
    window.retract();
    expect(read(window)).toEqual(before);
  });

  test('has more than three target durations to begin with, as soon as there were', () => {
    const window = windowWith(1);
    window.retract();
    const { segments, targetSeconds } = read(window);
    expect(segments).toHaveLength(4);
    expect(segments.reduce((sum, { seconds }) => sum + seconds, 0)).toBeGreaterThan(3 * targetSeconds - 1);
  });

  test('hears the silence that a run begins with where it was', () => {
    const window = windowWith(0);
    const before = read(window);
    window.retract();
    expect(read(window)).toEqual(before);
  });
});

test('who listened when somebody went off air is told of all it knows as before, and of what it does not know yet as silence', () => {
  const [window, told] = [windowWith(4), new ToldSegments()];
  const before = read(window, told);
  addSound(window, 4);
  window.retract();
  addSound(window, 5);
  const { segments } = read(window, told);
  expect(segments.slice(0, 4)).toEqual(before.segments.slice(2));
  const { number } = before.segments.at(-1)!;
  expect(segments.slice(4).map(({ uri }) => uri)).toEqual([
    `AAA/${number + 1}-silence.m4s`,
    `AAA/${number + 2}.m4s`,
  ]);
});

test('who is known no more is told only of what nobody knows as something else', () => {
  const window = windowWith(5);
  const last = read(window).segments.at(-1)!;
  window.retract();
  const unknown = (): string => mediaPlaylist(window.listing(), undefined);
  expect(unknown().split('\n').slice(3, 5)).toEqual([
    `#EXT-X-MEDIA-SEQUENCE:${last.number + 1}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${last.discontinuity}`,
  ]);
  expect(unknown()).not.toContain('.m4s');
  // The page with the last words was taken back, too.
  addSound(window, 6);
  const { segments } = readPlaylist(unknown());
  expect(segments.map(({ uri }) => uri)).toEqual([
    `AAA/${last.number + 1}-silence.m4s`,
    `AAA/${last.number + 2}.m4s`,
  ]);
  for (let index = 7; index < 20; index += 1) addSound(window, index);
  expect(readPlaylist(unknown())).toEqual(read(window));
});

type Step = 'said' | 'lost' | 'anew' | 'retracted' | 'joins';
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Step>('said') },
    { weight: 3, arbitrary: fc.constant<Step>('retracted') },
    { weight: 3, arbitrary: fc.constant<Step>('joins') },
    fc.constantFrom<Step>('lost', 'anew'),
  ),
  { maxLength: 60 },
);

interface Player {
  readonly told: ToldSegments;
  readonly known: Map<number, ReadPlaylist['segments'][number]>;
  firstNumber: number;
}

/** What a playlist may do under a player's eyes (RFC 8216 §6.2.1, §6.2.2): lose the first of many segments, and get more. */
function reload({ told, known, ...player }: Player, window: SegmentWindow): number {
  const before = known.size;
  const { segments } = read(window, told);
  const firstNumber = segments[0]!.number;
  expect(firstNumber).toBeGreaterThanOrEqual(player.firstNumber);
  if (before > 0 && firstNumber > player.firstNumber) expect(segments).toHaveLength(6);
  for (const [index, segment] of segments.entries()) {
    expect(segment.number).toBe(firstNumber + index);
    expect(segment).toEqual(known.get(segment.number) ?? segment);
    known.set(segment.number, segment);
  }
  return firstNumber;
}

test('whatever happens, no player sees a segment become another, nobody gets what was taken back, and who comes has enough', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const window = windowWith(1);
      const players: Player[] = [];
      const said: string[] = [];
      let [place, runs, token] = [1, 0, 'AAA'];
      for (const step of all) {
        const before = read(window);
        if (step === 'lost') place += 1;
        else if (step === 'joins')
          players.push({ told: new ToldSegments(), known: new Map(), firstNumber: 0 });
        else if (step === 'anew') {
          runs += 1;
          place = 0;
          token = `run${runs}`;
          begin(window, token, before.segments.at(-1)!.dateMs + 1000 * before.segments.at(-1)!.seconds);
        } else if (step === 'said') {
          addSound(window, place);
          place += 1;
          said.push(`${token}/${read(window).segments.at(-1)!.number}.m4s`);
        } else {
          window.retract();
          expect(facts(read(window))).toEqual(facts(before));
          for (const uri of said) expect(soundOf(window, uri)).toBe(false);
          const gone = new Set(said.splice(0));
          for (const { uri } of [
            ...read(window).segments,
            ...readPlaylist(mediaPlaylist(window.listing(), undefined)).segments,
          ])
            expect(gone).not.toContain(uri);
        }
        for (const player of players) if (step !== 'joins') player.firstNumber = reload(player, window);
        for (const uri of said.slice(-6)) expect(soundOf(window, uri)).toBe(true);
      }
    }),
  );
});
