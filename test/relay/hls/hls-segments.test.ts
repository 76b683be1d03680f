import { describe, expect, test } from 'vitest';
import { withFirstSegment } from '../../support/hls-server.ts';

describe('segments', () => {
  test('and their header never change, and say so', async () => {
    const { server, segment, init } = await withFirstSegment();
    for (const path of [segment, init]) {
      const { headers } = await server.ask(path);
      expect(headers).toMatchObject({
        'content-type': 'audio/mp4',
        'cache-control': 'public, max-age=31536000, immutable',
        'access-control-allow-origin': '*',
        'accept-ranges': 'bytes',
      });
      const known = { headers: { 'if-none-match': `W/"other", ${String(headers['etag'])}` } };
      expect(await server.ask(path, known)).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    }
  });

  test.each([
    ['bytes=0-1', 206, [0, 2]],
    ['bytes=5-', 206, [5, Infinity]],
    ['bytes=-7', 206, [-7, Infinity]],
    ['bytes=-999999999', 206, [0, Infinity]],
    ['bytes=3-999999999', 206, [3, Infinity]],
    ['bytes=9-3', 200, [0, Infinity]],
    ['bytes=0-1,4-5', 200, [0, Infinity]],
    ['bytes=-', 200, [0, Infinity]],
    ['lines=0-1', 200, [0, Infinity]],
    [`bytes=${'9'.repeat(400)}-`, 200, [0, Infinity]],
    ['bytes=999999999-', 416, [0, 0]],
    ['bytes=-0', 416, [0, 0]],
  ])('in parts: %s is %i', async (range, status, [from, to]) => {
    const { server, segment } = await withFirstSegment();
    const { body: whole } = await server.ask(segment);
    const part = await server.ask(segment, { headers: { range } });
    expect(part.status).toBe(status);
    if (status === 416) {
      expect(part.headers['content-range']).toBe(`bytes */${whole.length}`);
      expect(part.headers['cache-control']).toBe('no-store');
      expect(JSON.parse(String(part.body))).toMatchObject({ error: 'range_not_satisfiable' });
      return;
    }
    expect(part.body).toEqual(whole.subarray(from, to));
    const first = from! < 0 ? whole.length + from! : from!;
    const last = Math.min(whole.length, to!) - 1;
    if (status === 206) expect(part.headers['content-range']).toBe(`bytes ${first}-${last}/${whole.length}`);
  });

  test('are whole for who has a part of other bytes', async () => {
    const { server, segment } = await withFirstSegment();
    const { headers } = await server.ask(segment);
    const statusOf = async (condition: string): Promise<number> =>
      (await server.ask(segment, { headers: { range: 'bytes=0-1', 'if-range': condition } })).status;
    expect(await statusOf(String(headers['etag']))).toBe(206);
    expect(await statusOf('"another"')).toBe(200);
  });

  test.each([
    '1.m4s',
    '99999999999999999999.m4s',
    '-1.m4s',
    'x.m4s',
    'x1767225600.m4s',
    '1767225600.m4s.m4s',
    'init.mp5',
    '..%2f..%2finit.mp4',
    '%00',
  ])('that there are not are 404: %s', async (file) => {
    const { server, segment } = await withFirstSegment();
    const { status, headers } = await server.ask(segment.replace(/[^/]+$/, file));
    expect([status, headers['cache-control']]).toEqual([404, 'no-store']);
  });

  test('of another run are 404', async () => {
    const { server, segment } = await withFirstSegment();
    expect((await server.ask(segment.replace(/hls\/[^/]+/, 'hls/another'))).status).toBe(404);
  });
});
