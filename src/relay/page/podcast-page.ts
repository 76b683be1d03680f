/**
 * The page of one podcast, as it is before its script runs. What the script (`web/page/`) finds:
 *
 * - `main#podcast` with `data-id`, `data-state` (created, live, interrupted or ended; the script keeps it up to date with what it
 *   plays), `data-since` (ms since 1970, or empty), `data-key` (only of a private podcast), `data-receiver` and `data-player`
 *   (addresses of the worker and the worklet), `data-socket` (address of `/listen`, without a query), `data-mp3`, `data-opus`,
 *   `data-hls` (addresses, with the key where one is needed). All addresses are relative to the document.
 * - `#title`, `#guild` (hidden while it is not known), `#description`
 * - `#state` (role status), `#since`, `#listeners`: texts
 * - `#player`, hidden without scripts: the buttons `#play` and `#mute`, the range `#volume` (0 … 100), `#delay` and `#quality`
 * - `#voices` with the list `#speakers` and `#nobody`: empty and hidden until somebody is known
 * - `#ways`: links; the button `#copy` (hidden without scripts; what is copied is the document's own address), and `#copied` (role status)
 * - `#keyboard`, hidden without scripts
 *
 * What is `hidden` without scripts is shown by the script. A podcast that is over has only `#title`, `#guild` and `#state`.
 */
import type { PageTexts } from '../../texts/page-texts.ts';
import { assetPath } from './document.ts';
import { html, type Html } from './html.ts';
import type { PageAssets } from './page-assets.ts';

/** What a page says of a podcast. */
export interface ShownPodcast {
  readonly id: number;
  readonly title: string;
  readonly guild: string;
  readonly description: string;
  readonly state: 'created' | 'live' | 'interrupted' | 'ended';
  /** ms since 1970; null until a host has connected. */
  readonly sinceMs: number | null;
  readonly listeners: number;
  /** Of a private podcast; the page has it only if its reader has. */
  readonly listenKey: string | undefined;
}

export interface PodcastPageOptions {
  readonly podcast: ShownPodcast;
  readonly texts: PageTexts;
  readonly base: string;
  readonly assets: PageAssets;
  readonly nowMs: number;
}

export function podcastMain({ podcast, texts, base, assets, nowMs }: PodcastPageOptions): Html {
  const { id, state, sinceMs, listenKey, description } = podcast;
  const way = (name: string): string => wayTo(podcast, name);
  return html`<main
    id="podcast"
    data-id="${id}"
    data-state="${state}"
    data-since="${sinceMs ?? ''}"
    ${listenKey !== undefined && html` data-key="${listenKey}"`}
    data-socket="${base}listen"
    data-receiver="${assetPath(base, assets, 'receiver.js')}"
    data-player="${assetPath(base, assets, 'player.js')}"
    data-mp3="${way('live.mp3')}"
    data-opus="${way('live.opus')}"
    data-hls="${way('live.m3u8')}"
  >
    ${heading(podcast, texts)}
    <p id="facts">
      <span id="since">${sinceMs !== null && texts.onAirFor(texts.howLong(nowMs - sinceMs))}</span>
      <span id="listeners">${texts.listeners(podcast.listeners)}</span>
    </p>
    ${player(podcast, texts)}
    <section id="voices" aria-labelledby="voices-heading" hidden>
      <h2 id="voices-heading">${texts.speakers.heading}</h2>
      <p id="nobody">${texts.speakers.nobody}</p>
      <ul id="speakers"></ul>
    </section>
    ${description !== '' && html`<p id="description" dir="auto">${description}</p>`} ${ways(podcast, texts)}
    ${keyboard(texts)}
  </main>`;
}

/** Of a podcast that is over. */
export function endedMain(
  podcast: Pick<ShownPodcast, 'id' | 'title' | 'guild'>,
  texts: PageTexts,
  base: string,
): Html {
  return html`<main id="podcast" data-state="ended">
    ${heading({ ...podcast, state: 'ended' }, texts)}
    <p>${texts.faults.ended.sentence}</p>
    <p><a href="${base}">${texts.live.back}</a></p>
  </main>`;
}

/** The title of a podcast, or what stands for it. */
export function titleOf({ id, title }: Pick<ShownPodcast, 'id' | 'title'>, texts: PageTexts): string {
  return title.trim() === '' ? texts.untitled(id) : title;
}

type Headed = Pick<ShownPodcast, 'id' | 'title' | 'guild' | 'state'>;

function heading(podcast: Headed, texts: PageTexts): Html {
  return html`<p id="state" role="status">${texts.states[podcast.state]}</p>
    <h1 id="title" dir="auto">${titleOf(podcast, texts)}</h1>
    <p id="guild" dir="auto" ${podcast.guild === '' && html` hidden`}>${podcast.guild}</p>`;
}

function player(podcast: ShownPodcast, { player: words }: PageTexts): Html {
  return html`<section id="player" aria-label="${words.heading}" hidden>
      <button id="play" type="button">${words.play}</button>
      <button id="mute" type="button" aria-pressed="false">${words.mute}</button>
      <label for="volume">${words.volume}</label>
      <input id="volume" type="range" min="0" max="100" value="100" />
      <span id="delay"></span> <span id="quality"></span>
    </section>
    <noscript>
      <p>${words.needsScript}</p>
      <audio controls preload="none" src="${wayTo(podcast, 'live.mp3')}"></audio>
    </noscript>`;
}

function ways(podcast: ShownPodcast, texts: PageTexts): Html {
  const words = texts.ways;
  return html`<details id="ways">
    <summary>${words.heading}</summary>
    <ul>
      <li><a href="${wayTo(podcast, 'live.mp3')}">${words.mp3}</a></li>
      <li><a href="${wayTo(podcast, 'live.opus')}">${words.opus}</a></li>
      <li><a href="${wayTo(podcast, 'live.m3u8')}">${words.hls}</a></li>
      <li><a href="${wayTo(podcast, 'live.mp3.m3u')}">${words.playlist}</a></li>
    </ul>
    <p>
      <button id="copy" type="button" hidden>${words.copy}</button> <span id="copied" role="status"></span>
    </p>
    ${podcast.listenKey !== undefined && html`<p id="secret">${words.secret}</p>`}
  </details>`;
}

function keyboard({ keyboard: words }: PageTexts): Html {
  return html`<details id="keyboard" hidden>
    <summary>${words.heading}</summary>
    <ul>
      <li>${words.play}</li>
      <li>${words.volume}</li>
      <li>${words.mute}</li>
    </ul>
  </details>`;
}

/** Beside the page, relative to it: `/p/ID` → `/p/ID/NAME`. */
function wayTo({ id, listenKey }: Pick<ShownPodcast, 'id' | 'listenKey'>, name: string): string {
  return `${id}/${name}${listenKey === undefined ? '' : `?key=${listenKey}`}`;
}
