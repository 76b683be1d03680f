/** What a person reads where there is no page to be had. */
import { REST_ERRORS, type RestErrorCode } from '../../protocol/rest.ts';
import type { PageTexts } from '../../texts/page-texts.ts';
import { html, type Html } from './html.ts';

type FaultWords = PageTexts['faults'][Exclude<keyof PageTexts['faults'], 'again'>];

/** In the reader's language. Faults are told apart by what a reader can do about them. */
export function faultWords(code: RestErrorCode, { faults }: PageTexts): FaultWords {
  if (code === 'podcast_ended') return faults.ended;
  if (code === 'rate_limited') return faults.busy;
  if (code === 'not_ready') return faults.unbuilt;
  const { status } = REST_ERRORS[code];
  if (status === 503) return faults.away;
  return status === 500 ? faults.broken : faults.unknown;
}

/** @param base to where the relay's paths begin */
export function faultMain({ heading, sentence }: FaultWords, texts: PageTexts, base: string): Html {
  return html`<main id="fault">
    <h1>${heading}</h1>
    <p>${sentence}</p>
    <p><a href="">${texts.faults.again}</a> <a href="${base}">${texts.live.back}</a></p>
  </main>`;
}
