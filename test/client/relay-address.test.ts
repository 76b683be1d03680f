import { describe, expect, test } from 'vitest';
import { listenTarget, relayAddress } from '../../src/client/relay-address.ts';

describe('the address of a relay', () => {
  test.each([
    { text: 'http://127.0.0.1:8080', rest: 'http://127.0.0.1:8080', socket: 'ws://127.0.0.1:8080' },
    { text: 'ws://127.0.0.1:8080/', rest: 'http://127.0.0.1:8080', socket: 'ws://127.0.0.1:8080' },
    { text: 'https://a.example/relay/', rest: 'https://a.example/relay', socket: 'wss://a.example/relay' },
    { text: 'wss://[::1]:1', rest: 'https://[::1]:1', socket: 'wss://[::1]:1' },
  ])('$text gives both kinds', ({ text, rest, socket }) => {
    expect(relayAddress(text)).toEqual({ restUrl: rest, socketUrl: socket });
  });

  test.each(['', 'localhost:8080', 'ftp://a.example'])('"%s" is refused with an example', (text) => {
    expect(() => relayAddress(text)).toThrow('it looks like http://127.0.0.1:8080');
  });
});

describe('what to listen to', () => {
  test('a bare id means the relay nearby', () => {
    expect(listenTarget('77', 'http://here:1')).toEqual({ relay: 'http://here:1', podcastId: 77 });
  });

  test('a link says relay, id and key', () => {
    expect(listenTarget('ws://there:2/?id=78&key=abc', 'http://here:1')).toEqual({
      relay: 'ws://there:2',
      podcastId: 78,
      listenKey: 'abc',
    });
  });

  test.each([
    ['http://there:2/p/78', { relay: 'ws://there:2', podcastId: 78 }],
    ['https://there/p/78?key=abc', { relay: 'wss://there', podcastId: 78, listenKey: 'abc' }],
    ['https://there/pod/p/78/', { relay: 'wss://there/pod', podcastId: 78 }],
    ['https://there/p/78/live.mp3?key=abc', { relay: 'wss://there', podcastId: 78, listenKey: 'abc' }],
  ])('the link of a page says so too: %s', (link, target) => {
    expect(listenTarget(link, 'http://here:1')).toEqual(target);
  });

  test('an address that is no relay is refused in words', () => {
    expect(() => listenTarget('ftp://there/?id=5', 'http://here:1')).toThrow('not the address of a relay');
  });

  test.each([
    '',
    'seven',
    'ws://there:2/',
    'ws://there:2/?id=x',
    'http://there:2/p/x',
    'http://there:2/p/7/8/9',
  ])('"%s" is refused in words', (text) => {
    expect(() => listenTarget(text, 'http://here:1')).toThrow('neither a podcast');
  });
});
