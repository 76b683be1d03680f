/** The piece of sound that programmes and pages are made in. */

/** What a frame lasts, in samples of 48 kHz: 20 ms. */
export const FRAME_SAMPLES = 960;

/** How many channels a frame has; two are interleaved. */
export type Channels = 1 | 2;
