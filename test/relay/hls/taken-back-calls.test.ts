import { describe, expect, test } from 'vitest';
import { CLOSE } from '../../../src/protocol/close-codes.ts';
import { beside, HlsServer } from '../../support/hls-server.ts';

/** What hand-made packets have in them. */
const SOUND = 'a packet';

/** A podcast with four segments of sound, and one who listens. */
async function listening(visibility: 'public' | 'private' = 'public') {
  const server = await HlsServer.start();
  const channel = server.podcast(visibility);
  const { listenKey } = channel.podcast;
  const query = listenKey === undefined ? '' : `?key=${listenKey}`;
  const playlist = await server.join(channel, query);
  await server.readFirst(playlist);
  for (let time = 0; time < 3; time += 1) server.encodings.give();
  const { segments } = await server.read(playlist);
  const last = segments.at(-1)!;
  return { server, channel, query, playlist, last, sound: beside(playlist, last.uri) };
}

describe('when somebody has gone off air', () => {
  test('who comes finds silence, at once; who listened finds what it knows where it was', async () => {
    const { server, channel, playlist, last } = await listening();
    const before = await server.read(playlist);
    server.encodings.retract();
    const other = await server.join(channel);
    const { segments } = await server.read(other);
    expect(segments.map(({ number }) => number)).toEqual([3, 2, 1, 0].map((back) => last.number - back));
    for (const { uri } of segments) {
      expect(uri).toContain('-silence.m4s');
      const answer = await server.ask(beside(other, uri));
      expect([answer.status, answer.headers['cache-control']]).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ]);
      expect(answer.body.includes(SOUND)).toBe(false);
    }
    expect(await server.read(playlist)).toEqual(before);
    server.encodings.give();
    for (const each of [playlist, other]) {
      expect((await server.read(each)).segments.slice(4)).toMatchObject([{ number: last.number + 1 }]);
    }
  });

  test('who has read the link before and asks for segments only now has come now', async () => {
    const { server, channel } = await listening();
    const other = await server.join(channel);
    server.encodings.retract();
    expect((await server.read(other)).segments).toHaveLength(4);
  });

  test.each(['public', 'private'] as const)(
    'who knows where it was is led to silence: %s',
    async (visibility) => {
      const { server, query, sound, last } = await listening(visibility);
      expect((await server.ask(sound)).body.includes(SOUND)).toBe(true);
      expect((await server.ask(sound.replace('.m4s', '-silence.m4s'))).status).toBe(404);
      server.encodings.retract();
      for (const headers of [{}, { range: 'bytes=0-9' }, { 'if-none-match': '*' }]) {
        const answer = await server.ask(sound, { headers });
        expect(answer).toMatchObject({
          status: 302,
          headers: {
            location: `${last.number}-silence.m4s${query}`,
            'cache-control': `${visibility}, max-age=60`,
            'access-control-allow-origin': '*',
          },
        });
      }
      const silence = await server.ask(beside(sound, `${last.number}-silence.m4s${query}`));
      expect([silence.status, silence.body.includes(SOUND)]).toEqual([200, false]);
    },
  );

  test('when the podcast ends at once, nobody sees a segment become another, and who comes then finds only the rest', async () => {
    const { server, channel, playlist, last } = await listening();
    const before = await server.read(playlist);
    server.encodings.retract();
    const other = await server.join(channel);
    const after = await server.read(other);
    server.encodings.give(20);
    const late = await server.join(channel);
    server.hub.end(channel, CLOSE.senderDisconnected);
    server.encodings.end(CLOSE.senderDisconnected);
    const rest = { number: last.number + 1 };
    for (const [each, { segments }] of [
      [playlist, before],
      [other, after],
      [late, { segments: [] }],
    ] as const) {
      expect(await server.read(each)).toMatchObject({ isOver: true, segments: [...segments, rest] });
    }
    expect((await server.ask(beside(other, after.segments.at(-1)!.uri))).status).toBe(200);
  });
});
