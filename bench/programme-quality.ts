/**
 * How does a programme sound, and how late is it, when the network is bad? Its control is its first line, a perfect network: what is
 * wrong there is the codec's.
 *
 * Usage: node bench/programme-quality.ts [ticks of 20 ms = 1500]
 *        node bench/programme-quality.ts hours [4]: does a wrong clock add up to delay, in hours without a pause?
 */
import { loadSpeech, speechFiles } from '../simulator/speech.ts';
import { LibopusCodec } from '../src/audio/opus-codec.ts';
import { broadcastFor } from '../test/support/long-broadcast.ts';
import { type Quality, qualityOf } from '../test/support/programme-quality.ts';
import { printTable } from './figures.ts';

const [mode, count = '4'] = process.argv.slice(2);
if (mode === 'hours') {
  printHours(Number(count));
  process.exit();
}
const TICKS = Number(mode ?? 1500);
const codec = await LibopusCodec.load({ spares: 16 });
const speeches = (await Promise.all(Object.values(speechFiles).map((file) => loadSpeech(file)))).map(
  ({ frames }) => frames.slice(0, TICKS),
);
const rows: string[][] = [];
for (const loss of [0, 0.02, 0.05, 0.1]) {
  for (const jitterMs of [0, 20, 40, 80]) {
    const qualities: Quality[] = [];
    for (const drift of [200, -200]) {
      const conditions = { loss, jitterMs, driftPpm: [drift, -drift, drift], seed: 7 };
      qualities.push(await qualityOf(codec, speeches, TICKS, conditions));
    }
    const mean = (of: (quality: Quality) => number): number =>
      qualities.reduce((sum, quality) => sum + of(quality), 0) / qualities.length;
    rows.push([
      `${loss * 100} %`,
      `${jitterMs}`,
      mean((quality) => quality.segmentalSnr).toFixed(1),
      mean((quality) => quality.spectralDistance).toFixed(1),
      mean((quality) => quality.spectralDistanceP95).toFixed(1),
      mean((quality) => quality.delayP50Ms).toFixed(0),
      mean((quality) => quality.delayP95Ms).toFixed(0),
      ((100 * mean(({ counts }) => counts.concealed)) / (3 * TICKS)).toFixed(1),
      mean((quality) => quality.lufs).toFixed(1),
      Math.max(...qualities.map(({ peak }) => peak)).toFixed(2),
    ]);
  }
}
printTable(
  [
    'loss',
    'jitter, ms',
    'segmental SNR, dB',
    'spectral distance, dB',
    'p95',
    'delay p50, ms',
    'p95',
    'concealed, %',
    'LUFS',
    'peak',
  ],
  rows,
);
codec.close();

function printHours(hours: number): void {
  const lines = [200, -200].map((driftPpm) => {
    const { delaysMs, counts, owned } = broadcastFor(hours, driftPpm);
    const heapMb = process.memoryUsage().heapUsed / 1e6;
    const corrected = (100 * (1 - counts.passed / (hours * 180_000))).toFixed(2);
    const ends = [meanOf(delaysMs.slice(0, 4)), meanOf(delaysMs.slice(4 * hours - 4, 4 * hours))];
    return [`${driftPpm} ppm, ${hours} h`, ...ends, `${corrected} %`, `${owned}`, heapMb.toFixed(0)];
  });
  printTable(
    ['clock', 'delay in the first hour, ms', 'in the last', 'not passed on', 'codecs owned', 'heap, MB'],
    lines,
  );
}

function meanOf(ms: readonly number[]): string {
  return (ms.reduce((sum, one) => sum + one, 0) / ms.length).toFixed(1);
}
