/** What tests do with a page whose receiver says what they tell it to: press its button, let people talk, read it. */
import { facts } from './scripted-facts.ts';
import type { ScriptedPage } from './scripted-page.ts';

export const PEOPLE = ['Ann', 'Béatrice', 'Carlo', 'Dmitri', 'Eve'].map((name, index) => ({
  ssrc: index + 1,
  name,
}));

/** @param state of `data-state` */
export async function stateBecomes({ page }: ScriptedPage, state: string): Promise<void> {
  await page.waitForSelector(`#podcast[data-state="${state}"]`);
}

export async function textOf({ page }: ScriptedPage, selector: string): Promise<string> {
  return (await page.textContent(selector))?.trim() ?? '';
}

/** As a listener's page is while it plays, and two people talk at once. */
export async function play(opened: ScriptedPage, podcast = facts({ speakers: PEOPLE })): Promise<void> {
  await opened.page.click('#play');
  await stateBecomes(opened, 'connecting');
  await opened.listening();
  await opened.say({ is: 'podcast', facts: podcast });
  await opened.say({ is: 'state', state: 'playing' });
  await stateBecomes(opened, 'playing');
}

/** Two of them say something: one with a name, one without. */
export async function talk(opened: ScriptedPage): Promise<void> {
  await opened.say({
    is: 'levels',
    levels: [
      { ssrc: 2, level: 0.7 },
      { ssrc: 99, level: 0.3 },
    ],
  });
  await opened.say({ is: 'quality', quality: { delayMs: 120, lostShare: 0 } });
  await opened.page.waitForSelector('#speakers .speaking');
  await opened.page.waitForSelector('#connection[data-quality="good"]');
}
