import { expect, test } from 'vitest';
import { bestCorrelation } from '../../support/correlation.ts';
import { type Played, curl, playInFfmpeg, playInMpv, playInVlc, probe } from '../../support/players.ts';
import { startTalkingRelay } from '../../support/talking-relay.ts';

const TITLE = "Ann's “Wörter”; 言葉";
const GUILD = 'Knitting Circle';

const PLAYERS = { ffmpeg: playInFfmpeg, mpv: playInMpv, VLC: playInVlc };
const FORMATS = ['mp3', 'opus'] as const;

const PIECE_SAMPLES = 24_000;
const ENOUGH = 0.95;

/** How much a half second that a player made is like one that was said: the first of which that is enough, else the best. */
function likeness({ samples }: Played, said: Float32Array): number {
  let best = 0;
  for (let at = 0; at + PIECE_SAMPLES <= samples.length && best < ENOUGH; at += PIECE_SAMPLES) {
    const piece = samples.subarray(at, at + PIECE_SAMPLES);
    if (piece.some((sample) => Math.abs(sample) > 0.05)) {
      best = Math.max(best, bestCorrelation(said, piece).correlation);
    }
  }
  return best;
}

test('players hear in either stream what is said, and read its title', { timeout: 120_000 }, async () => {
  const { page, said } = await startTalkingRelay({ title: TITLE, guild: GUILD });
  // Somebody listens already; those who come get the last moments at once.
  await Promise.all(FORMATS.map((format) => curl(`${page}/live.${format}`, { seconds: 2 })));
  const plays = Object.entries(PLAYERS).flatMap(([name, play]) =>
    FORMATS.map(async (format) => {
      const played = await play(`${page}/live.${format}`, { seconds: 6 });
      return { what: `${name} on ${format}`, saysTitle: name !== 'VLC' && format === 'mp3', played };
    }),
  );
  for (const { what, saysTitle, played } of await Promise.all(plays)) {
    expect(likeness(played, said), `${what}: ${played.words}`).toBeGreaterThanOrEqual(ENOUGH);
    if (saysTitle) expect(played.words).toContain(`${GUILD} - ${TITLE}`);
  }
});

test('ffprobe and curl read what stream it is', { timeout: 60_000 }, async () => {
  const { page } = await startTalkingRelay({ title: TITLE, guild: GUILD });
  const mp3 = await probe(`${page}/live.mp3`);
  expect(mp3.streams).toMatchObject([{ codec_name: 'mp3', sample_rate: '48000', channels: 2 }]);
  expect(mp3.format.tags).toMatchObject({
    title: `${GUILD} - ${TITLE}`,
    'icy-name': TITLE,
    'icy-url': page,
    'icy-br': '128',
    StreamTitle: `${GUILD} - ${TITLE}`,
  });
  const opus = await probe(`${page}/live.opus`);
  expect(opus.streams).toMatchObject([{ codec_name: 'opus', channels: 2, tags: { TITLE } }]);
  const list = await curl(`${page}/live.m3u`, { seconds: 5 });
  expect(list.stdout.toString()).toContain(`${page}/live.mp3`);
  const head = await curl(`${page}/live.mp3`, { seconds: 5, args: ['-I'] });
  expect(head.exitStatus).toBe(0);
  expect(head.stdout.toString()).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*\r\ncontent-type: audio\/mpeg\r\n/);
});
