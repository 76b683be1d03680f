/** All encoders of a thread, by format. */
import { randomU32 } from '../../protocol/random-u32.ts';
import { loadAacCodec } from './aac-codec.ts';
import { aacEncoders } from './aac-encoder.ts';
import type { Format, MakeEncoder } from './encoder.ts';
import { Lames, Mp3Encoder } from './mp3-encoder.ts';
import { OggOpusEncoder } from './ogg-opus-encoder.ts';

/** @throws Error when WebAssembly does not load */
export async function loadEncoders(): Promise<Readonly<Record<Format, MakeEncoder>>> {
  const lames = await Lames.load();
  return {
    mp3(give) {
      const lame = lames.take();
      return lame && new Mp3Encoder(give, lame);
    },
    opus: (give, title) => new OggOpusEncoder(give, title, randomU32()),
    aac: aacEncoders(loadAacCodec),
  };
}
