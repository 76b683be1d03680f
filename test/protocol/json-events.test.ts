import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JsonEvent, readJsonEvent, writeJsonEvent } from '../../src/protocol/json-events.ts';
import { FACTS, SPEAKERS } from '../support/drawn-facts.ts';
import vectors from '../vectors/json-events.json' with { type: 'json' };

const U32 = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const PORT = fc.integer({ min: 1, max: 65_535 });

function eventOf({ event, secret }: (typeof vectors)[number]): JsonEvent {
  const key = secret === undefined ? {} : { secret: Uint8Array.from(Buffer.from(secret, 'hex')) };
  return { ...event, ...key } as JsonEvent;
}

describe.each(vectors)('an event made elsewhere: $name', (vector) => {
  test('is what we write, byte for byte', () => {
    expect(writeJsonEvent(eventOf(vector))).toBe(vector.text);
  });

  test('is read', () => {
    expect(readJsonEvent(vector.text)).toEqual(eventOf(vector));
  });

  test('is refused when it is cut off anywhere', () => {
    for (let length = 0; length < vector.text.length; length += 1) {
      expect(() => readJsonEvent(vector.text.slice(0, length))).toThrow(
        'This is a message that is not JSON.',
      );
    }
  });
});

test('an event goes through unchanged, whatever it says', () => {
  const resume = fc.record({ token: fc.string(), seconds: fc.nat() });
  const hello = fc.record(
    {
      type: fc.constant('hello' as const),
      podcastId: U32,
      ip: fc.string(),
      port: PORT,
      secret: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      additions: fc.record({ clientId: U32, resume }, { requiredKeys: ['clientId'] }),
    },
    { requiredKeys: ['type', 'podcastId', 'ip', 'port', 'secret'] },
  );
  const cookie = fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((bytes) => Buffer.from(bytes).toString('hex'));
  const connected = fc.record(
    { type: fc.constant('connected' as const), ip: fc.string(), port: PORT, cookie },
    { requiredKeys: ['type', 'ip', 'port'] },
  );
  const aboutClient = fc.record({ type: fc.constantFrom('disconnected', 'client-join'), clientId: U32 });
  const ssrc = fc.integer({ min: 0, max: 0xffffffff });
  const retract = fc.record({ type: fc.constant('retract' as const), ssrc });
  const guilds = fc.record({ type: fc.constant('guilds' as const), guilds: fc.nat() });
  const speakers = fc.record({ type: fc.constant('speakers' as const), speakers: SPEAKERS });
  const podcast = fc.record({ type: fc.constant('podcast' as const), facts: FACTS });
  fc.assert(
    fc.property(fc.oneof(hello, connected, aboutClient, retract, guilds, speakers, podcast), (event) => {
      expect(readJsonEvent(writeJsonEvent(event as JsonEvent))).toEqual(event);
    }),
  );
});

test('a message is read or refused with 4002, and nothing else, whatever arrives', () => {
  const almost = fc.record({ t: fc.integer({ min: 0, max: 10 }), data: fc.jsonValue() });
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    almost.map((event) => JSON.stringify(event)),
  );
  fc.assert(
    fc.property(text, (message) => {
      try {
        readJsonEvent(message);
      } catch (error) {
        expect(error).toMatchObject({ name: 'ContractError', close: { code: 4002 } });
      }
    }),
  );
});

test('unknown fields are passed over, and a code above 9 is none that we know', () => {
  expect(readJsonEvent('{"t":4,"data":{"client_id":7,"mood":"fine"},"n":1}')).toEqual({
    type: 'client-join',
    clientId: 7,
  });
  expect(readJsonEvent('{"t":10}')).toBeUndefined();
});

test('an empty cookie is none', () => {
  const expected = { type: 'connected', ip: '', port: 1 };
  expect(readJsonEvent('{"t":2,"data":{"ip":"","port":1,"cookie":""}}')).toEqual(expected);
  expect(readJsonEvent('{"t":2,"data":{"ip":"","port":1,"cookie":null}}')).toEqual(expected);
});

test.each([
  ['null', 'not a JSON object'],
  ['[2]', 'not a JSON object'],
  ['{"data":{}}', 't is not a whole number from 1'],
  ['{"t":"2","data":{}}', 't is not a whole number from 1'],
  ['{"t":0,"data":{}}', 't is not a whole number from 1'],
  ['{"t":2.5,"data":{}}', 't is not a whole number from 1'],
  ['{"t":2}', 'an event 2 without data'],
  ['{"t":2,"data":[]}', 'an event 2 without data'],
  ['{"t":2,"data":{"port":5}}', 'ip is no text'],
  ['{"t":2,"data":{"ip":"","port":0}}', 'port is not a whole number from 1 to 65535'],
  ['{"t":2,"data":{"ip":"","port":65536}}', 'port is not a whole number from 1 to 65535'],
  ['{"t":2,"data":{"ip":"","port":"5"}}', 'port is not a whole number from 1 to 65535'],
  ['{"t":2,"data":{"ip":"","port":5,"cookie":"00"}}', 'cookie is not 16 bytes in hex'],
  ['{"t":2,"data":{"ip":"","port":5,"cookie":7}}', 'cookie is not 16 bytes in hex'],
  ['{"t":3,"data":{}}', 'an event 3 without client_id'],
  ['{"t":8,"data":{"state":"over"}}', 'a Podcast whose state is none'],
  ['{"t":9,"data":{}}', 'a Speakers without a list of speakers'],
  ['{"t":1,"data":{"ip":"","port":5}}', 'a Hello without podcast_id'],
  ['{"t":1,"data":{"podcast_id":1,"ip":5,"port":5}}', 'a Hello without ip and port'],
  ['{"t":1,"data":{"podcast_id":1,"ip":"","port":5,"secret":[1]}}', 'secret is not 32 bytes'],
])('%s is refused with 4002', (json, sentence) => {
  expect(() => readJsonEvent(json)).toThrow(sentence);
});
