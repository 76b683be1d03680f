import { expect, test } from 'vitest';
import { bestCorrelation } from '../support/correlation.ts';
import { curl, playInFfmpeg, playInMpv, playInVlc, probe, run } from '../support/players.ts';
import { pageWith, someSpeech } from '../support/sounding-page.ts';

const PLAYERS = { ffmpeg: playInFfmpeg, mpv: playInMpv, VLC: playInVlc };

for (const [name, play] of Object.entries(PLAYERS)) {
  test(`${name} plays what an address gives, and it is heard as it was`, async () => {
    const said = await someSpeech();
    const url = new URL('said.wav', await pageWith('', said)).href;
    const { samples, exitStatus, words } = await play(url, { seconds: 2 });
    expect(exitStatus, words).toBe(0);
    const { correlation, delaySamples } = bestCorrelation(samples, said.subarray(24_000, 72_000));
    expect(correlation).toBeGreaterThan(0.999);
    expect(Math.abs(delaySamples - 24_000)).toBeLessThan(4800);
  });
}

test('ffprobe and curl tell what an address gives', async () => {
  const url = new URL('said.wav', await pageWith('', await someSpeech())).href;
  const { streams, format } = await probe(url);
  expect(streams).toMatchObject([{ codec_name: 'pcm_f32le', sample_rate: '48000', channels: 1 }]);
  expect(format.format_name).toBe('wav');
  const { exitStatus, stdout } = await curl(url, { seconds: 5 });
  expect(exitStatus).toBe(0);
  expect(stdout.toString('latin1')).toMatch(/^HTTP\/1.1 200 OK\r\n(.+\r\n)+\r\nRIFF/);
});

test('A program that is not there is named, with what installs it', () => {
  expect(() => run('no-such-player', [], { apt: 'no-such-package', timeoutMs: 1000 })).toThrow(
    'no-such-player is not there, and this needs it: apt install no-such-package',
  );
});
