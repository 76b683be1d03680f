/**
 * The page of one podcast, as it is before its script runs. What the script (`web/page/`) finds:
 *
 * - `main#podcast` with `data-id`, `data-state` (created, live, interrupted or ended; the script keeps it up to date with what it
 *   plays), `data-on-air` (true or false, for the style), `data-since` (ms since 1970, or empty), `data-listeners`, `data-title`,
 *   `data-guild`, `data-key` (only of a private podcast), `data-receiver` and `data-player` (addresses of the worker and the
 *   worklet), `data-socket` (address of `/listen`, without a query), `data-mp3`, `data-hls` (addresses, with the key
 *   where one is needed). All addresses are relative to the document.
 * - `#title`, `#guild` (hidden while it is not known), `#state`, `#since`, `#listeners`: texts
 * - `#player`, hidden without scripts: the buttons `#play` and `#mute`, the range `#volume` (0 … 100), `#message` and
 *   `#connection` with `#delay` and `#quality`
 * - `#plain`, which the script takes away: a player of the browser's own, for who has no script, or one that does not work there
 * - `#voices`, hidden without scripts, with the list `#speakers` and `#nobody`
 * - `#ways`: links; in `#sharing`, hidden without scripts, the field `#link`, the button `#copy` and `#copied` (role status)
 * - the button `#help`, hidden without scripts, and the dialog `#keyboard` with the checkbox `#keys-on` and the button `#close`
 * - `#said` (role status): what is said aloud and not shown there
 *
 * What is `hidden` without scripts is shown by the script. A podcast that is over has only `#title`, `#guild` and `#state`.
 */
import { asClock } from '../../texts/numbers.ts';
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
    data-on-air="${String(state === 'live')}"
    data-since="${sinceMs ?? ''}"
    data-listeners="${podcast.listeners}"
    data-title="${podcast.title}"
    data-guild="${podcast.guild}"
    ${listenKey !== undefined && html` data-key="${listenKey}"`}
    data-socket="${base}listen"
    data-receiver="${assetPath(base, assets, 'receiver.js')}"
    data-player="${assetPath(base, assets, 'player.js')}"
    data-mp3="${way('live.mp3')}"
    data-hls="${way('live.m3u8')}"
  >
    <div id="stage">
      ${heading(podcast, texts)}
      <p id="facts">
        <span id="state">${texts.states[state]}</span>
        <span id="since">${sinceMs !== null && asClock(nowMs - sinceMs)}</span>
        <span id="listeners">${texts.listeners(podcast.listeners)}</span>
      </p>
      ${player(podcast, texts)}
    </div>
    <section id="voices" aria-labelledby="voices-heading" hidden>
      <h2 id="voices-heading">${texts.speakers.heading}</h2>
      <p id="nobody">${texts.speakers.notYet}</p>
      <ul id="speakers" role="list"></ul>
    </section>
    <div id="more">
      ${description !== '' && html`<p id="description" dir="auto">${description}</p>`} ${ways(podcast, texts)}
      <button id="help" type="button" hidden>
        ${texts.keyboard.heading} <kbd aria-hidden="true">?</kbd>
      </button>
    </div>
    ${keyboard(texts)}
    <p id="said" class="unseen" role="status"></p>
  </main>`;
}

/** Of a podcast that is over. */
export function endedMain(
  podcast: Pick<ShownPodcast, 'id' | 'title' | 'guild'>,
  texts: PageTexts,
  base: string,
): Html {
  return html`<main id="podcast" data-state="ended">
    <p id="facts"><span id="state">${texts.states.ended}</span></p>
    ${heading(podcast, texts)}
    <p>${texts.faults.ended.sentence}</p>
    <p><a href="${base}">${texts.live.back}</a></p>
  </main>`;
}

/** The title of a podcast, or what stands for it. */
export function titleOf({ id, title }: Pick<ShownPodcast, 'id' | 'title'>, texts: PageTexts): string {
  return title.trim() === '' ? texts.untitled(id) : title;
}

type Headed = Pick<ShownPodcast, 'id' | 'title' | 'guild'>;

function heading(podcast: Headed, texts: PageTexts): Html {
  return html`<h1 id="title" dir="auto">${titleOf(podcast, texts)}</h1>
    <p id="guild" dir="auto" ${podcast.guild === '' && html` hidden`}>${podcast.guild}</p>`;
}

function player(podcast: ShownPodcast, { messages, player: words }: PageTexts): Html {
  const { state } = podcast;
  return html`<div id="listening">
    <section id="player" aria-label="${words.heading}" hidden>
      <button id="play" type="button" aria-label="${words.play}">
        <span class="face"><span class="glyph"></span></span>
      </button>
      <p id="message">${state === 'ended' ? messages.ended : messages.before[state]}</p>
      <p id="connection" data-quality="none">
        <span id="delay"></span> <span id="quality" class="unseen"></span>
      </p>
      <div id="loudness">
        <button id="mute" type="button" aria-label="${words.mute}">${SPEAKER}</button>
        <label class="unseen" for="volume">${words.volume}</label>
        <input id="volume" type="range" min="0" max="100" value="100" step="1" />
      </div>
    </section>
    <div id="plain">
      <p>${words.plain}</p>
      <audio controls preload="none" src="${wayTo(podcast, 'live.mp3')}"></audio>
    </div>
  </div>`;
}

/** A loudspeaker, whose waves a cross replaces. */
const SPEAKER = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path stroke="none" d="M3 9v6h4l5 4.5v-15L7 9z" />
  <path
    class="waves"
    fill="none"
    stroke-width="2"
    stroke-linecap="round"
    d="M15.5 8.5a5 5 0 0 1 0 7M18.5 6a9 9 0 0 1 0 12"
  />
  <path class="cross" fill="none" stroke-width="2" stroke-linecap="round" d="m16 9.5 5 5m0-5-5 5" />
</svg>`;

function ways(podcast: ShownPodcast, texts: PageTexts): Html {
  const words = texts.ways;
  return html`<details id="ways">
    <summary>${words.heading}</summary>
    <ul>
      <li><a href="${wayTo(podcast, 'live.mp3')}">${words.mp3}</a></li>
      <li><a href="${wayTo(podcast, 'live.opus')}">${words.opus}</a></li>
      <li><a href="${wayTo(podcast, 'live.m3u8')}">${words.hls}</a></li>
      <li><a href="${wayTo(podcast, 'live.m3u')}">${words.playlist}</a></li>
    </ul>
    <div id="sharing" hidden>
      <label class="unseen" for="link">${words.link}</label>
      <input id="link" type="url" readonly />
      <button id="copy" type="button">${words.copy}</button>
      <span id="copied" role="status"></span>
    </div>
    ${podcast.listenKey !== undefined && html`<p id="secret">${words.secret}</p>`}
  </details>`;
}

function keyboard({ keyboard: words }: PageTexts): Html {
  return html`<dialog id="keyboard" aria-labelledby="keyboard-heading">
    <h2 id="keyboard-heading">${words.heading}</h2>
    <dl>
      <dt><kbd>${words.space}</kbd> <kbd>K</kbd></dt>
      <dd>${words.play}</dd>
      <dt><kbd>M</kbd></dt>
      <dd>${words.mute}</dd>
      <dt><kbd>↑</kbd> <kbd>↓</kbd></dt>
      <dd>${words.volume}</dd>
      <dt><kbd>?</kbd></dt>
      <dd>${words.help}</dd>
    </dl>
    <label><input id="keys-on" type="checkbox" checked /> ${words.active}</label>
    <button id="close" type="button" autofocus>${words.close}</button>
  </dialog>`;
}

/** Beside the page, relative to it: `/p/ID` → `/p/ID/NAME`. */
function wayTo({ id, listenKey }: Pick<ShownPodcast, 'id' | 'listenKey'>, name: string): string {
  return `${id}/${name}${listenKey === undefined ? '' : `?key=${listenKey}`}`;
}
