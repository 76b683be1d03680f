import { describe, expect, test } from 'vitest';
import { factsIn, speakersIn } from '../../src/protocol/podcast-facts.ts';

const DATA = {
  state: 'live',
  title: '',
  guild: '',
  active_since: 5,
  listeners: 0,
  listeners_by: {},
  speakers: [],
};

describe('facts of a podcast', () => {
  test('may say more than we know, and count fewer kinds of listeners', () => {
    const read = factsIn({ ...DATA, mood: 'fine', listeners: 3, listeners_by: { page: 1, telepathy: 2 } });
    expect(read).toEqual({
      state: 'live',
      title: '',
      guild: '',
      activeSinceMs: 5,
      listeners: 3,
      listenersBy: { websocket: 0, udp: 0, guilds: 0, page: 1, radio: 0, hls: 0 },
      speakers: [],
    });
  });

  test.each<[Record<string, unknown>, string]>([
    [{ state: 'ended' }, 'state is none'],
    [{ title: 5 }, 'without title and guild'],
    [{ guild: null }, 'without title and guild'],
    [{ active_since: 'now' }, 'active_since is neither a number nor null'],
    [{ listeners: -1 }, 'without listeners and listeners_by'],
    [{ listeners_by: [] }, 'without listeners and listeners_by'],
    [{ listeners_by: { page: 'many' } }, 'listeners_by.page is no number'],
    [{ speakers: {} }, 'a Podcast without a list of speakers'],
  ])('with %j are refused with 4002', (change, sentence) => {
    expect(() => factsIn({ ...DATA, ...change })).toThrow(sentence);
  });
});

describe('a list of speakers', () => {
  test('may be as long as a call is large, with names as long as they get', () => {
    const speakers = Array.from({ length: 64 }, (_, ssrc) => ({ ssrc, name: '木'.repeat(32) }));
    expect(speakersIn({ speakers }, 'a Speakers').speakers).toEqual(speakers);
  });

  test('has no control characters, nobody twice and nobody without a name', () => {
    const speakers = [
      { ssrc: 1, name: 'Eve' },
      { ssrc: 2, name: ' \u0007 ' },
      { ssrc: 3, name: '\u202eAnn\n\u2028 of\u0000 York\u0085', more: true },
      { ssrc: 1, name: 'Adam' },
    ];
    expect(speakersIn({ speakers }, 'a Speakers').speakers).toEqual([
      { ssrc: 1, name: 'Adam' },
      { ssrc: 3, name: 'Ann of York' },
    ]);
  });

  test.each<[unknown, string]>([
    [undefined, 'a Speakers without a list of speakers'],
    ['Ann', 'a Speakers without a list of speakers'],
    [Array.from({ length: 65 }, () => ({ ssrc: 1, name: 'Ann' })), 'with 65 speakers: 64 is the most'],
    [['Ann'], 'a speaker that is no object'],
    [[null], 'a speaker that is no object'],
    [[{ name: 'Ann' }], 'a speaker whose ssrc is not a whole number of 32 bits'],
    [[{ ssrc: 2 ** 32, name: 'Ann' }], 'a speaker whose ssrc is not a whole number of 32 bits'],
    [[{ ssrc: 1 }], 'a speaker whose name is no text'],
    [[{ ssrc: 1, name: 'x'.repeat(33) }], 'a name of 33 characters: 32 is the most'],
  ])('that is %j is refused with 4002', (speakers, sentence) => {
    expect(() => speakersIn({ speakers }, 'a Speakers')).toThrow(sentence);
  });
});
