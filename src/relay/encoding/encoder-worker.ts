/** A worker thread that makes encodings at a desk. See encoding-threads.ts. */
import { setPriority } from 'node:os';
import { LibopusCodec } from '../../audio/opus-codec.ts';
import { runWorkshop } from '../media-threads/worker-loop.ts';
import { loadAacCodec } from './aac-codec.ts';
import { aacEncoders } from './aac-encoder.ts';
import { EncodingDesk } from './encoding-desk.ts';
import { Lames, Mp3Encoder } from './mp3-encoder.ts';
import { OggOpusEncoder } from './ogg-opus-encoder.ts';

/** Whoever listens to an encoding has a second in a player's buffer: everything else on this machine goes first. */
const NICE = 5;
// Only there a thread has a priority of its own (setpriority(2), Notes).
if (process.platform === 'linux') setPriority(0, NICE);

const decoders = await LibopusCodec.load();
const lames = await Lames.load();
const desk = new EncodingDesk({
  decoders,
  makers: {
    mp3(give) {
      const lame = lames.take();
      return lame && new Mp3Encoder(give, lame);
    },
    opus: (give, title) => new OggOpusEncoder(give, title, randomU32()),
    aac: aacEncoders(loadAacCodec),
  },
});
runWorkshop(desk);

function randomU32(): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
  return value;
}
