/** The page of what is live now; `web/page/live.ts` fetches it again and again, and puts the new `#live` in the place of the old. */
import type { PageTexts } from '../../texts/page-texts.ts';
import { html, type Html } from './html.ts';
import { type ShownPodcast, titleOf } from './podcast-page.ts';

/** Nobody reads more, and everyone who has the page open asks for it again and again. */
const SHOWN_MOST = 100;

/** @param podcasts public ones; those on air are shown, the most heard first, as many as a page holds */
export function liveMain(podcasts: readonly ShownPodcast[], texts: PageTexts, nowMs: number): Html {
  const onAir = podcasts
    .filter(({ sinceMs }) => sinceMs !== null)
    .toSorted((a, b) => b.listeners - a.listeners || a.id - b.id)
    .slice(0, SHOWN_MOST);
  return html`<main id="live">
    <h1>${texts.live.heading}</h1>
    ${
      onAir.length === 0
        ? html`<p id="nothing">${texts.live.nothing}</p>`
        : html`<ul id="podcasts" role="list">
            ${onAir.map((podcast) => entry(podcast, texts, nowMs))}
          </ul>`
    }
  </main>`;
}

function entry(podcast: ShownPodcast, texts: PageTexts, nowMs: number): Html {
  const { id, guild, sinceMs, listeners } = podcast;
  return html`<li>
    <a href="p/${id}"
      ><b dir="auto">${titleOf(podcast, texts)}</b>${
        guild !== '' && html` <span class="guild" dir="auto">${guild}</span>`
      }
      <span class="facts"
        ><span>${texts.onAirFor(texts.howLong(nowMs - (sinceMs ?? nowMs)))}</span>
        <span>${texts.listeners(listeners)}</span></span
      ></a
    >
  </li> `;
}
