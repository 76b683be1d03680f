import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markedNickname, unmarkedNickname } from '../../../src/bot/marker/marked-nickname.ts';

describe('the marked nickname', () => {
  test.each([
    ['Guildcast', '![ON AIR] Guildcast'],
    ['![ON AIR] Guildcast', '![ON AIR] Guildcast'],
    ['A bot with a very long name', '![ON AIR] A bot with a very long'],
    ['a bot of twenty-one c🧶', '![ON AIR] a bot of twenty-one c'],
    ['', '![ON AIR]'],
  ])('of %j is %j', (name, marked) => {
    expect(markedNickname(name)).toBe(marked);
  });

  test('is never longer than Discord takes, nor marked twice, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
        const marked = markedNickname(name);
        expect(marked.length).toBeLessThanOrEqual(32);
        expect(markedNickname(marked)).toBe(marked);
      }),
    );
  });
});

describe('what a nickname was before', () => {
  test.each([
    [null, null],
    ['Radio Wool', 'Radio Wool'],
    ['![ON AIR] Radio Wool', 'Radio Wool'],
    ['![ON AIR] Guildcast', null],
    ['![ON AIR]', null],
  ])('%j is %j', (nickname, before) => {
    expect(unmarkedNickname(nickname, 'Guildcast')).toBe(before);
  });
});
