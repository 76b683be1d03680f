import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beginningOf, oneLine, plain } from '../../src/bot/plain-text.ts';
import { anyText } from '../support/any-text.ts';

describe('plain text', () => {
  test.each([
    [
      'masked links, each of them',
      '[a](http://x) [b](http://y)',
      String.raw`\[a\]\(http:\/\/x\) \[b\]\(http:\/\/y\)`,
    ],
    ['links and invites', 'https://x.example discord.gg/x', String.raw`https:\/\/x.example discord.gg\/x`],
    [
      'emphasis, code and spoilers',
      '*a* __b__ ~~c~~ `d` ||e||',
      String.raw`\*a\* \_\_b\_\_ \~\~c\~\~ ${'\\`d\\`'} \|\|e\|\|`,
    ],
    ['mentions, emojis and times', '<@1> <#2> <t:3:R>', String.raw`\<@1\> \<#2\> \<t:3:R\>`],
    ['a heading', '# loud', String.raw`\# loud`],
    ['small print', '-# quiet', String.raw`\-# quiet`],
    ['a quote', '> said', String.raw`\> said`],
    ['a bulleted list', '- one', String.raw`\- one`],
    ['a numbered list', '12. twelve', String.raw`12\. twelve`],
    ['what is escaped already', String.raw`\*`, String.raw`\\\*`],
    ['lines and control characters', ' a\r\n# b\u0000\u2028\tc\u0085 ', 'a # b c'],
    ['what turns the direction', 'a\u202Eb\u2066c', 'a b c'],
  ])('takes nothing for formatting: %s', (_what, text, shown) => {
    expect(plain(text)).toBe(shown);
  });

  test.each(['round table · Knitting Circle', 'O’Neill & Co., 24.12. – #1!', '編み物 👩‍👩‍👧', 'J.-P. @everyone'])(
    'leaves %s as it is',
    (text) => {
      expect(plain(text)).toBe(text);
    },
  );

  test('is read as the same text, whatever that is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = plain(text).replaceAll(/\\([^0-9A-Za-z\s])/g, '$1');
        expect(shown).toBe(oneLine(text));
      }),
    );
  });
});

describe('the beginning of a text', () => {
  test('never ends in half a character', () => {
    expect(beginningOf('ab🎙️', 3)).toBe('ab');
    expect(beginningOf('ab🎙', 4)).toBe('ab🎙');
    fc.assert(
      fc.property(anyText, fc.nat(20), (text, max) => {
        const beginning = beginningOf(text, max);
        expect(text.startsWith(beginning)).toBe(true);
        expect(beginning.length).toBeLessThanOrEqual(max);
        expect(beginning.length).toBeGreaterThanOrEqual(Math.min(text.length, max) - 1);
        expect(beginning.isWellFormed()).toBe(true);
      }),
    );
  });
});
