/** What every page has around its main part: the head and the banner. */
import type { PageTexts } from '../../texts/page-texts.ts';
import { SITE_NAME, windowTitle } from '../../texts/window-title.ts';
import { html, type Html } from './html.ts';
import type { PageAssets, PageEntry } from './page-assets.ts';

/** Of what others draw around the page: the edge of a card in Discord, a browser's frame. */
const THEME_COLOR = '#b5341a';

export interface DocumentOptions {
  readonly texts: PageTexts;
  /** Of the window; the site's name is added. */
  readonly title: string;
  /** From the document's own address to where the relay's paths begin: `./` or `../` …, so that a proxy may put a path before them. */
  readonly base: string;
  /** Without them a page has neither style nor script. */
  readonly assets: PageAssets | undefined;
  /** What programs read about the page. */
  readonly meta?: Html;
  readonly script?: PageEntry;
  readonly main: Html;
}

/** A whole document. */
export function document({ texts, title, base, assets, meta, script, main }: DocumentOptions): string {
  const asset = (entry: PageEntry): string => assetPath(base, assets, entry);
  const page = html`<!doctype html>
    <html lang="${texts.language}">
      <head>
        <meta charset="utf-8" />
        <title>${windowTitle(title)}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="${THEME_COLOR}" />
        ${meta}${
          assets &&
          html`<link rel="icon" href="${asset('icon.svg')}" type="image/svg+xml" />
            <link rel="apple-touch-icon" href="${asset('touch-icon.png')}" />
            <link rel="stylesheet" href="${asset('page.css')}" /> `
        }${assets && script && html`<script type="module" src="${asset(script)}"></script>`}
      </head>
      <body>
        <header id="banner">
          <a href="${base}"
            >${assets && html`<img src="${asset('icon.svg')}" alt="" width="28" height="28" />`}<span
              >${SITE_NAME}</span
            ></a
          >
        </header>
        ${main}
      </body>
    </html> `;
  return page.toString();
}

/** A path to an asset that holds wherever the relay's paths begin; empty where there are none. */
export function assetPath(base: string, assets: PageAssets | undefined, entry: PageEntry): string {
  return assets ? `${base}assets/${assets.fileOf[entry]}` : '';
}
