import { expect, test } from 'vitest';
import { openInChromium, openInFirefox } from '../support/browser.ts';
import { bestCorrelation, foundPieces } from '../support/correlation.ts';
import { heardSound, hearsSound } from '../support/heard-sound.ts';
import { CONTEXT_SCRIPT, ELEMENT_SCRIPT, pageWith, someSpeech } from '../support/sounding-page.ts';

const TROUBLE_SCRIPT = `
fetch('https://elsewhere.invalid/').catch(() => undefined);
console.error('a word of woe');
document.body.setAttribute('style', 'color: red');
new Image().src = 'http://localhost:' + location.port;
setTimeout(() => { throw new Error('a fall'); });`;

const BROWSERS = { Chromium: openInChromium, Firefox: openInFirefox };

for (const [name, open] of Object.entries(BROWSERS)) {
  test(`What a page plays through an AudioContext is heard in ${name} as it was, at the moment it came out`, async () => {
    const said = await someSpeech();
    const listening = await open(await pageWith(CONTEXT_SCRIPT, said));
    await listening.click('button');
    await hearsSound(listening, 2);
    const heard = await heardSound(listening);
    const piece = said.subarray(24_000, 72_000);
    const { correlation, delaySamples } = bestCorrelation(heard.samples, piece);
    expect(correlation).toBeGreaterThan(0.999);
    const cameOutMs = heard.startMs + (delaySamples - 24_000) / 48;
    const pageNowMs = await listening.evaluate<number>('performance.now()');
    const startedMs = performance.now() - pageNowMs + (await listening.evaluate<number>('startedAt()'));
    expect(Math.abs(cameOutMs - startedMs)).toBeLessThan(200);
    expect(await listening.complaints()).toEqual([]);
  });

  test(`What an audio element plays is heard in ${name}, too`, async () => {
    const said = await someSpeech();
    const listening = await open(await pageWith(ELEMENT_SCRIPT, said));
    await listening.click('button');
    await hearsSound(listening, 1.5);
    const heard = await heardSound(listening);
    const pieces = foundPieces(heard.samples, said.subarray(0, 48_000), 0.5);
    expect(pieces.map(({ correlation }) => correlation > 0.99)).toEqual([true, true]);
    expect(await listening.complaints()).toEqual([]);
  });

  test(`Errors, exceptions, forbidden things and requests to elsewhere are complaints in ${name}`, async () => {
    const listening = await open(await pageWith(TROUBLE_SCRIPT));
    await expect.poll(() => listening.complaints()).toContain('exception: a fall');
    const complaints = (await listening.complaints()).join('\n');
    expect(complaints).toContain('console: a word of woe');
    expect(complaints).toContain('forbidden: connect-src: https://elsewhere.invalid/');
    expect(complaints).toContain('forbidden: style-src');
    expect(complaints).toContain('request to elsewhere: http://localhost:');
  });
}
