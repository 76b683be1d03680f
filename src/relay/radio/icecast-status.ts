/** Says what is on air as Icecast does at /status-json.xsl: directories and widgets of radios read it. */
import { activeSinceMs } from '../../podcast/podcast.ts';
import type { Channel } from '../channel.ts';
import { plainWords } from './plain-words.ts';
import { CONTENT_TYPES, GENRE, KILOBITS, RADIO_FORMATS, type RadioFormat } from './radio-format.ts';
import { stationTitle, streamTitle } from './station-facts.ts';

export interface IcecastStatusOptions {
  /** Of those that are public. */
  readonly channels: readonly Channel[];
  /** Of a stream. */
  readonly listenersOf: (channel: Channel, format: RadioFormat) => number;
  /** Of the page of a podcast. */
  readonly pageOf: (channel: Channel) => string;
}

/** `source` is left out where nothing is on air, an object where it is one, else an array: as Icecast has it. */
export function icecastStatus(options: IcecastStatusOptions): object {
  const sources = options.channels.flatMap((channel) => sourcesOf(channel, options));
  const source = sources.length === 1 ? sources[0] : sources;
  return { icestats: { server_id: 'Guildcast', ...(sources.length > 0 && { source }) } };
}

function sourcesOf(channel: Channel, { listenersOf, pageOf }: IcecastStatusOptions): object[] {
  const { podcast } = channel;
  const sinceMs = activeSinceMs(podcast.state);
  if (sinceMs === null) return [];
  const page = pageOf(channel);
  return RADIO_FORMATS.map((format) => ({
    bitrate: KILOBITS[format],
    channels: 2,
    genre: GENRE,
    listeners: listenersOf(channel, format),
    listenurl: `${page}/live.${format}`,
    samplerate: 48_000,
    server_description: plainWords(podcast.about.description),
    server_name: stationTitle(podcast),
    server_type: CONTENT_TYPES[format],
    server_url: page,
    stream_start: new Date(sinceMs).toUTCString(),
    stream_start_iso8601: new Date(sinceMs).toISOString(),
    title: streamTitle(podcast),
  }));
}
