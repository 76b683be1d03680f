/** `guildcast listen`: a listener in the terminal, with levels, and files when asked. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type HeardFrame, PodcastListener } from '../client/podcast-listener.ts';
import type { Ending } from '../client/relay-socket.ts';
import type { ListenTarget } from '../client/relay-address.ts';
import { LevelDisplay } from './level-display.ts';
import { SpeakerTrack } from './speaker-track.ts';

export interface ListenOptions {
  readonly target: ListenTarget;
  /** How long to listen; until the end or a signal when absent. */
  readonly seconds?: number | undefined;
  /** One stream a speaker, or all of them mixed into one. */
  readonly stream: 'tracks' | 'programme';
  /** A folder for one Ogg Opus file a stream; made when it does not exist. */
  readonly outFolder?: string | undefined;
  /** How audio is to come; without UDP getting through, over the WebSocket. */
  readonly audio: 'websocket' | 'udp';
  readonly out: NodeJS.WriteStream;
  /** Ends listening early. */
  readonly signal: AbortSignal;
}

/** Listens, then prints what was heard. @returns the process' exit status: 1 when there never was a connection */
export async function listen(options: ListenOptions): Promise<number> {
  const { target, outFolder, audio, stream, out } = options;
  if (outFolder !== undefined) mkdirSync(outFolder, { recursive: true });
  const originMs = Date.now();
  const tracks = new Map<number, SpeakerTrack>();
  const trackOf = (source: number): SpeakerTrack => {
    let track = tracks.get(source);
    if (!track) {
      const label = stream === 'programme' ? 'Programme' : `Speaker ${tracks.size + 1}`;
      const name = `${label.toLowerCase().replace(' ', '-')}.opus`;
      const path = outFolder === undefined ? undefined : join(outFolder, name);
      track = new SpeakerTrack({ label, originMs, path });
      tracks.set(source, track);
    }
    return track;
  };

  const listener = new PodcastListener({ ...target, audio, stream });
  let isConnected = false;
  listener.once('listening', () => {
    isConnected = true;
    const way = listener.audio === 'udp' ? ' over UDP' : '';
    out.write(`Listening to podcast ${target.podcastId}${way}. Ctrl-C ends.\n`);
  });
  listener.on('interrupted', (why) => {
    out.write(`${isConnected ? 'Connection lost' : 'No connection'} (${why}); trying again …\n`);
  });
  listener.on('frame', (frame: HeardFrame) => {
    // A host that writes no RTP into its nonces is one source, and so is a programme, also when it is made anew.
    const source = stream === 'programme' ? 0 : (frame.rtp?.ssrc ?? 0);
    trackOf(source).hear(frame, Date.now());
  });
  const display = new LevelDisplay(out, () => [...tracks.values()]);
  const advance = setInterval(() => {
    for (const track of tracks.values()) track.advance(Date.now());
  }, 1000);
  const ending = await untilOver(listener, options);
  clearInterval(advance);
  display.stop();
  await listener.close();
  const endMs = Date.now();
  await Promise.all([...tracks.values()].map((track) => track.finish(endMs)));

  if (ending) out.write(`${ending.reason}\n`);
  for (const track of tracks.values()) out.write(`${summary(track)}\n`);
  if (listener.unopened > 0)
    out.write(`${listener.unopened} packets did not open under the podcast's key.\n`);
  return isConnected ? 0 : 1;
}

/** The relay's word when it was the one to end it. */
function untilOver(
  listener: PodcastListener,
  { seconds, signal }: ListenOptions,
): Promise<Ending | undefined> {
  return new Promise((resolve) => {
    listener.once('ended', resolve);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    if (seconds !== undefined) setTimeout(() => resolve(undefined), seconds * 1000).unref();
  });
}

function summary({ label, frames, lost, late, undecodable, path }: SpeakerTrack): string {
  const damage = [
    late > 0 ? `, ${late} too late for the file` : '',
    undecodable > 0 ? `, ${undecodable} undecodable` : '',
  ].join('');
  return `${label}: ${frames} frames, ${lost} lost${damage}${path === undefined ? '' : ` → ${path}`}`;
}
