/**
 * What other programs show of a link to a podcast: OpenGraph (ogp.me), Twitter's cards, and oEmbed 1.0 (oembed.com).
 *
 * Discord takes title, text and picture from OpenGraph, and what stands above them (author and provider) from oEmbed. It
 * plays nothing of others in its cards, so the type is `link`.
 */
import type { PageTexts } from '../../texts/page-texts.ts';
import { SITE_NAME } from '../../texts/window-title.ts';
import { html, type Html } from './html.ts';
import type { PageAssets } from './page-assets.ts';
import { type ShownPodcast, titleOf } from './podcast-page.ts';

export interface Addresses {
  /** Absolute, to where the relay's paths begin; ends with `/`. */
  readonly root: string;
  /** Of the page, without a key. */
  readonly page: string;
}

interface CardOptions {
  readonly texts: PageTexts;
  readonly assets: PageAssets;
  readonly addresses: Addresses;
}

/** Of a podcast. A private one says what it is called to who has the key, but not where it is to be heard. */
export function podcastCard(podcast: ShownPodcast, options: CardOptions): Html {
  const { texts, addresses } = options;
  const title = titleOf(podcast, texts);
  const isSecret = podcast.listenKey !== undefined;
  const description = podcast.description === '' ? texts.states[podcast.state] : podcast.description;
  const oembed = new URL('oembed', addresses.root);
  oembed.search = new URLSearchParams({ url: addresses.page, format: 'json' }).toString();
  return html`${card({ ...options, title, description, type: 'music.radio_station' })}${
    !isSecret &&
    html`${location(addresses)}
      <meta property="og:audio" content="${addresses.page}/live.mp3" />
      <meta property="og:audio:type" content="audio/mpeg" />
      <link rel="alternate" type="application/json+oembed" href="${oembed.href}" title="${title}" /> `
  }`;
}

/** Of the list of what is live. */
export function liveCard(options: CardOptions): Html {
  const { texts, addresses } = options;
  return html`${card({ ...options, title: SITE_NAME, description: texts.tagline, type: 'website' })}${location(addresses)}`;
}

/** An answer of oEmbed about a podcast. */
export function oembedOf(
  podcast: ShownPodcast,
  { texts, assets, addresses }: CardOptions,
): Readonly<Record<string, string | number>> {
  return {
    version: '1.0',
    type: 'link',
    title: titleOf(podcast, texts),
    author_name: podcast.guild === '' ? texts.states[podcast.state] : podcast.guild,
    provider_name: SITE_NAME,
    provider_url: addresses.root,
    cache_age: 60,
    thumbnail_url: imageOf(addresses, assets),
    thumbnail_width: CARD.width,
    thumbnail_height: CARD.height,
  };
}

/** Pixels of `card.png`. */
const CARD = { width: 600, height: 600 };

interface Card extends CardOptions {
  readonly title: string;
  readonly description: string;
  readonly type: string;
}

function card({ title, description, type, addresses, assets }: Card): Html {
  return html`<meta name="description" content="${description}" />
    <meta property="og:site_name" content="${SITE_NAME}" />
    <meta property="og:type" content="${type}" />
    <meta property="og:title" content="${title}" />
    <meta property="og:description" content="${description}" />
    <meta property="og:image" content="${imageOf(addresses, assets)}" />
    <meta property="og:image:type" content="image/png" />
    <meta property="og:image:width" content="${CARD.width}" />
    <meta property="og:image:height" content="${CARD.height}" />
    <meta name="twitter:card" content="summary" /> `;
}

function location({ page }: Addresses): Html {
  return html`<link rel="canonical" href="${page}" /> <meta property="og:url" content="${page}" />`;
}

function imageOf({ root }: Addresses, { fileOf }: PageAssets): string {
  return new URL(`assets/${fileOf['card.png']}`, root).href;
}
