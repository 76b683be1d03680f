/** A worker thread that makes encodings at a desk. See encoding-threads.ts. */
import { setPriority } from 'node:os';
import { LibopusCodec } from '../../audio/opus-codec.ts';
import { runWorkshop } from '../media-threads/worker-loop.ts';
import { loadEncoders } from './encoders.ts';
import { EncodingDesk } from './encoding-desk.ts';

/** Whoever listens to an encoding has a second in a player's buffer: everything else on this machine goes first. */
const NICE = 5;
// Only there a thread has a priority of its own (setpriority(2), Notes).
if (process.platform === 'linux') setPriority(0, NICE);

runWorkshop(new EncodingDesk({ decoders: await LibopusCodec.load(), makers: await loadEncoders() }));
