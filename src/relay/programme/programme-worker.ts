/** A worker thread that makes programmes in a studio. See programme-threads.ts. */
import { LibopusCodec } from '../../audio/opus-codec.ts';
import { Programme, noProgrammeCounts } from '../../audio/programme.ts';
import { randomU32 } from '../../protocol/random-u32.ts';
import { runWorkshop } from '../media-threads/worker-loop.ts';
import { Studio } from './studio.ts';

const codec = await LibopusCodec.load();
const counts = noProgrammeCounts();
const studio = new Studio({
  makeEngine: () => new Programme({ codec, counts }),
  losses: counts,
  random: randomU32,
  isReady: () => codec.isFull,
});
runWorkshop(studio);
