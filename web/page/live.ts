/** Keeps the page of what is live up to date: fetches it again and puts its list in the place of the old one, if it is another. */

const PERIOD_MS = 10_000;

async function refresh(): Promise<void> {
  if (document.hidden) return;
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#live');
  const shown = document.querySelector('#live');
  if (!fresh || !shown || fresh.isEqualNode(shown)) return;
  const focused = document.activeElement?.getAttribute('href');
  shown.replaceWith(fresh);
  // Whoever is on a link with the keyboard stays on it.
  if (focused) fresh.querySelector<HTMLElement>(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

/** What fails now works the next time, or the time after. */
const tryRefresh = (): void => void refresh().catch(() => undefined);

setInterval(tryRefresh, PERIOD_MS);
document.addEventListener('visibilitychange', tryRefresh);
