/** Writes the playlists of HLS (RFC 8216): the one that is shared, and the one that is asked for again and again. */
import { SEGMENT_SECONDS_MAX } from '../encoding/aac-encoder.ts';
import type { Listing, Segment } from './segment-window.ts';

const SAMPLE_RATE = 48_000;
/** AAC-LC (RFC 6381). */
const CODECS = 'mp4a.40.2';
/** bit/s of any segment at most, and of all on average, boxes of MP4 included. */
const PEAK_BITS_PER_SECOND = 160_000;
const AVERAGE_BITS_PER_SECOND = 131_000;

/** A playlist cannot be older than that. */
export const TARGET_SECONDS = SEGMENT_SECONDS_MAX;

/** Names one media playlist. @param session of whoever asks @param key to be carried on, of a private podcast */
export function multivariantPlaylist(session: string, key: string | undefined): string {
  const query = new URLSearchParams({ session, ...(key !== undefined && { key }) });
  return lines([
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-STREAM-INF:BANDWIDTH=${PEAK_BITS_PER_SECOND},AVERAGE-BANDWIDTH=${AVERAGE_BITS_PER_SECOND},CODECS="${CODECS}"`,
    `hls/audio.m3u8?${query.toString()}`,
  ]);
}

/** What a segment is called within its run: silence in the place of another is not that other, which a cache may have. */
export function segmentFile({ number, isRetracted }: Segment): string {
  return isRetracted ? `${number}-silence.m4s` : `${number}.m4s`;
}

/** @param key to be carried on, of a private podcast */
export function withKey(address: string, key: string | undefined): string {
  return key === undefined ? address : `${address}?${new URLSearchParams({ key }).toString()}`;
}

/** @param key to be carried on, of a private podcast */
export function mediaPlaylist(listing: Listing, key: string | undefined): string {
  const { segments, firstNumber, firstDiscontinuity, isOver } = listing;
  const text = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${TARGET_SECONDS}`,
    `#EXT-X-MEDIA-SEQUENCE:${firstNumber}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${firstDiscontinuity}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
  ];
  let { run, discontinuity } = { run: undefined as unknown, discontinuity: firstDiscontinuity };
  for (const segment of segments) {
    if (segment.discontinuity !== discontinuity) text.push('#EXT-X-DISCONTINUITY');
    const { token } = segment.run;
    if (segment.run !== run) text.push(`#EXT-X-MAP:URI="${withKey(`${token}/init.mp4`, key)}"`);
    ({ run, discontinuity } = segment);
    text.push(
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(segment.wallMs)).toISOString()}`,
      `#EXTINF:${(segment.samples / SAMPLE_RATE).toFixed(5)},`,
      withKey(`${token}/${segmentFile(segment)}`, key),
    );
  }
  if (isOver) text.push('#EXT-X-ENDLIST');
  return lines(text);
}

function lines(text: readonly string[]): string {
  return `${text.join('\n')}\n`;
}
