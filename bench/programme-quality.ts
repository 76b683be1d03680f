/**
 * How does a programme sound, and how late is it, when the network is bad? Its control is its first line, a perfect network: what is
 * wrong there is the codec's.
 *
 * Usage: node bench/programme-quality.ts [ticks of 20 ms = 1500]
 */
import { loadSpeech, speechFiles } from '../simulator/speech.ts';
import { LibopusCodec } from '../src/audio/opus-codec.ts';
import { type Quality, qualityOf } from '../test/support/programme-quality.ts';
import { printTable } from './figures.ts';

const [TICKS = 1500] = process.argv.slice(2).map(Number);
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
