/** A worker thread that makes encodings at a desk. See encoding-threads.ts. */
import { getPriority, setPriority } from 'node:os';
import { LibopusCodec } from '../../audio/opus-codec.ts';
import { runWorkshop } from '../media-threads/worker-loop.ts';
import { loadEncoders } from './encoders.ts';
import { EncodingDesk } from './encoding-desk.ts';

/**
 * When there is not enough for all, programmes and the relay's own thread go first: theirs are deadlines of 20 ms, and a player
 * of an encoding has a second in its buffer. Not by much: on a machine that others keep busy it must come to its turn, too.
 */
const NICE = 2;
giveWay();

runWorkshop(new EncodingDesk({ decoders: await LibopusCodec.load(), makers: await loadEncoders() }));

function giveWay(): void {
  // Only on Linux a thread has a priority of its own (setpriority(2), Notes).
  if (process.platform !== 'linux') return;
  try {
    // A relay that was started with a lower one may not raise it again.
    if (getPriority() < NICE) setPriority(NICE);
  } catch {
    // A sandbox forbids it: all have the same.
  }
}
