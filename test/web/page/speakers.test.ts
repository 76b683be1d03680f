import { describe, expect, test } from 'vitest';
import { isSpeaking, withLevels, withNames, type Places } from '../../../web/page/speakers.ts';

const NOW_MS = 1_000_000;
const ANN = { ssrc: 1, name: 'Ann' };
const BEN = { ssrc: 2, name: 'Ben' };
const CID = { ssrc: 3, name: 'Cid' };

function namesOf(places: Places): (string | undefined)[] {
  return places.map((place) => place && (place.name ?? `someone ${place.someone}`));
}

describe('whoever is heard', () => {
  test('stays in their place when others come, leave and come back', () => {
    const three = withNames([], [ANN, BEN, CID]);
    expect(namesOf(three)).toEqual(['Ann', 'Ben', 'Cid']);
    const two = withNames(three, [CID, ANN]);
    expect(namesOf(two)).toEqual(['Ann', undefined, 'Cid']);
    expect(namesOf(withNames(two, [ANN, CID, { ssrc: 4, name: 'Dee' }]))).toEqual(['Ann', 'Dee', 'Cid']);
    expect(namesOf(withNames(two, [ANN]))).toEqual(['Ann']);
  });

  test('is someone, by number, where the host names nobody', () => {
    const heard = withLevels(
      [],
      [
        { ssrc: 9, level: 0.5 },
        { ssrc: 8, level: 0.2 },
      ],
      NOW_MS,
    );
    expect(namesOf(heard)).toEqual(['someone 1', 'someone 2']);
    const named = withNames(heard, [{ ssrc: 9, name: 'Ann' }]);
    expect(namesOf(named)).toEqual(['Ann', 'someone 2']);
    expect(namesOf(withLevels(named, [{ ssrc: 7, level: 0.1 }], NOW_MS))).toEqual([
      'Ann',
      'someone 2',
      'someone 1',
    ]);
  });

  test('loses the name at once when it is taken back, and is someone when heard again', () => {
    const gone = withNames(withNames([], [ANN, BEN]), [BEN]);
    expect(namesOf(gone)).toEqual([undefined, 'Ben']);
    expect(namesOf(withLevels(gone, [{ ssrc: 1, level: 0.5 }], NOW_MS))).toEqual(['someone 1', 'Ben']);
  });

  test('speaks for as long as they are heard, and does not flicker between two words', () => {
    const [before] = withNames([], [ANN]);
    const [during] = withLevels([before], [{ ssrc: 1, level: 0.5 }], NOW_MS);
    const [after] = withLevels([during], [], NOW_MS + 100);
    expect([before, during, after].map((place) => place && isSpeaking(place, NOW_MS + 200))).toEqual([
      false,
      true,
      true,
    ]);
    expect(after && isSpeaking(after, NOW_MS + 1000)).toBe(false);
    expect(after?.level).toBe(0);
  });

  test('without a name gives up the place after two minutes of silence', () => {
    const heard = withLevels([], [{ ssrc: 9, level: 0.5 }], NOW_MS);
    expect(namesOf(withLevels(heard, [], NOW_MS + 119_000))).toEqual(['someone 1']);
    expect(namesOf(withLevels(heard, [], NOW_MS + 121_000))).toEqual([]);
  });
});

test('a hundred places are enough: a host that invents voices fills no memory', () => {
  const levels = Array.from({ length: 1000 }, (_, ssrc) => ({ ssrc, level: 0.5 }));
  expect(withLevels([], levels, NOW_MS)).toHaveLength(100);
});
