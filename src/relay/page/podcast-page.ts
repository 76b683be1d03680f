/**
 * The page of one podcast, as it is before its script runs. What the script (`web/page/`) finds:
 *
 * - `main#podcast` with `data-id`, `data-state` (created, live, interrupted or ended; the script keeps it up to date with what it
 *   plays), `data-title` and `data-guild` (as the host gave them, or empty), `data-since` (ms since 1970, or empty), `data-listeners`,
 *   `data-key` (only of a private podcast), `data-base` (to where the relay's paths begin), `data-receiver` and `data-player`
 *   (addresses of the worker and the worklet), `data-socket` (address of `/listen`, without a query), `data-mp3`, `data-opus`,
 *   `data-hls` (addresses, with the key where one is needed). All addresses are relative to the document.
 * - texts: `#state`, `#title`, `#guild` (hidden while it is not known), `#since`, `#listeners`
 * - `#player`, hidden without scripts: the buttons `#play` and `#mute`, the range `#volume` (0 … 100), `#message`, `#connection`,
 *   and `#said` (role status: what is said aloud)
 * - `#voices`, hidden without scripts: `#nobody`, and the list `#speakers`
 * - `#ways`: links; `#sharing`, hidden without scripts: the field `#link`, the button `#copy`, and `#copied` (role status)
 * - `#help`, a button, hidden without scripts, for the dialog `#keyboard` with the checkbox `#keys-on`
 *
 * What is hidden without scripts is shown by the script. A podcast that is over has `data-state` ended, no `data-id` and no script.
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
  /** Absolute, to give to others; with the key where one is needed. */
  readonly link: string;
  readonly nowMs: number;
}

export function podcastMain({ podcast, texts, base, assets, link, nowMs }: PodcastPageOptions): Html {
  const { id, state, sinceMs, listenKey, description } = podcast;
  const way = (name: string): string => wayTo(podcast, name);
  return html`<main
    id="podcast"
    data-id="${id}"
    data-state="${state}"
    data-title="${podcast.title}"
    data-guild="${podcast.guild}"
    data-since="${sinceMs ?? ''}"
    data-listeners="${podcast.listeners}"
    ${listenKey !== undefined && html` data-key="${listenKey}"`}
    data-base="${base}"
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
    ${player(podcast, texts)} ${voices(texts)}
    ${description !== '' && html`<p id="description" dir="auto">${description}</p>`}
    ${ways(podcast, link, texts)} ${keyboard(texts)}
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

/** How a podcast stands, in a word. */
export function standingOf({ state }: Pick<ShownPodcast, 'state'>, texts: PageTexts): string {
  return texts.standings[state === 'ended' ? 'over' : state];
}

type Headed = Pick<ShownPodcast, 'id' | 'title' | 'guild' | 'state'>;

function heading(podcast: Headed, texts: PageTexts): Html {
  return html`<p id="state">${standingOf(podcast, texts)}</p>
    <h1 id="title" dir="auto">${titleOf(podcast, texts)}</h1>
    <p id="guild" dir="auto" ${podcast.guild === '' && html` hidden`}>${podcast.guild}</p>`;
}

function player(podcast: ShownPodcast, { player: words }: PageTexts): Html {
  return html`<section id="player" aria-label="${words.heading}" hidden>
      <button id="play" type="button" aria-label="${words.listen}" data-glyph="play"></button>
      <p id="message"></p>
      <div id="loudness">
        <button id="mute" type="button" aria-label="${words.mute}" data-muted="false"></button>
        <input id="volume" type="range" min="0" max="100" value="100" aria-label="${words.volume}" />
      </div>
      <p id="connection"></p>
      <p id="said" class="unseen" role="status"></p>
    </section>
    <noscript>
      <p>${words.needsScript}</p>
      <audio controls preload="none" src="${wayTo(podcast, 'live.mp3')}"></audio>
    </noscript>`;
}

function voices({ speakers: words }: PageTexts): Html {
  return html`<section id="voices" aria-labelledby="voices-heading" hidden>
    <h2 id="voices-heading">${words.heading}</h2>
    <p id="nobody">${words.notYet}</p>
    <ul id="speakers"></ul>
  </section>`;
}

function ways(podcast: ShownPodcast, link: string, { ways: words }: PageTexts): Html {
  return html`<details id="ways">
    <summary>${words.heading}</summary>
    <ul>
      <li><a href="${wayTo(podcast, 'live.mp3')}">${words.mp3}</a></li>
      <li><a href="${wayTo(podcast, 'live.opus')}">${words.opus}</a></li>
      <li><a href="${wayTo(podcast, 'live.m3u8')}">${words.hls}</a></li>
      <li><a href="${wayTo(podcast, 'live.m3u')}">${words.playlist}</a></li>
    </ul>
    <div id="sharing" hidden>
      <input id="link" type="url" readonly value="${link}" aria-label="${words.link}" />
      <button id="copy" type="button">${words.copy}</button>
      <p id="copied" role="status"></p>
    </div>
    ${podcast.listenKey !== undefined && html`<p id="secret">${words.secret}</p>`}
  </details>`;
}

function keyboard({ keyboard: words }: PageTexts): Html {
  return html`<button id="help" type="button" hidden>${words.help}</button>
    <dialog id="keyboard" aria-labelledby="keyboard-heading">
      <h2 id="keyboard-heading">${words.heading}</h2>
      <ul>
        <li>${words.play}</li>
        <li>${words.mute}</li>
        <li>${words.volume}</li>
        <li>${words.question}</li>
      </ul>
      <p>
        <label><input id="keys-on" type="checkbox" checked /> ${words.keysOn}</label>
      </p>
      <form method="dialog"><button>${words.close}</button></form>
    </dialog>`;
}

/** Beside the page, relative to it: `/p/ID` → `/p/ID/NAME`. */
function wayTo({ id, listenKey }: Pick<ShownPodcast, 'id' | 'listenKey'>, name: string): string {
  return `${id}/${name}${listenKey === undefined ? '' : `?key=${listenKey}`}`;
}
