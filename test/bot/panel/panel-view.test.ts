import { describe, expect, test } from 'vitest';
import {
  PANEL_BUTTONS,
  type PanelBody,
  type PanelFacts,
  endedPanel,
  livePanel,
} from '../../../src/bot/panel/panel-view.ts';
import { CATALOGUES, catalogueFor } from '../../../src/texts/languages.ts';

const english = catalogueFor('en-US');

const FACTS: PanelFacts = {
  title: 'Purl talk',
  visibility: 'public',
  channelId: '11',
  startedAtMs: 1_790_000_000_400,
  isOptIn: false,
  speaking: ['Hanna', 'June'],
  showsNames: false,
  listeners: { total: 17, by: { websocket: 8, udp: 3, guilds: 1, page: 5, radio: 0, hls: 0 } },
  sound: { is: 'clear' },
  offAir: 2,
};

interface Part {
  readonly type: number;
  readonly content?: string;
  readonly label?: string;
  readonly components?: readonly Part[];
}

/** The panel as one reads it. */
function asText({ components }: PanelBody): string {
  const read = (part: Part): string[] => {
    if (part.content !== undefined) return [part.content];
    if (part.label !== undefined) return [`[${part.label}]`];
    if (part.type === 14) return ['───'];
    const inside = (part.components ?? []).flatMap(read);
    return part.type === 1 ? [inside.join(' ')] : inside;
  };
  return (components as unknown as Part[]).flatMap(read).join('\n');
}

describe('the panel of a show', () => {
  test('reads so', () => {
    expect(asText(livePanel(FACTS, english))).toBe(`## 🔴 On air
**Purl talk** is broadcast live: whatever is said in <#11> is heard outside this server.
You would rather not be heard there? Press **Take me off air**: your voice stays in this channel, now and in every later show.
───
Since <t:1790000000:R> · public
Speaking: **Hanna**, **June**
Listening: 17 (1 server · 5 on the page · 11 apps)
Sound: clear
-# 2 people here are off air
[Stop] [Listen link] [Take me off air] [Put me on air]`);
  });

  test('in an opt-in server reads so', () => {
    const facts: PanelFacts = {
      ...FACTS,
      isOptIn: true,
      speaking: [],
      listeners: { total: 0 },
      sound: { is: 'lossy', percent: 3 },
      offAir: 0,
    };
    expect(asText(livePanel(facts, english))).toBe(`## 🔴 On air
**Purl talk** is broadcast live: whatever is said in <#11> is heard outside this server.
In this server only those are heard there who want to be: press **Put me on air**. Everybody else’s voice stays in this channel.
───
Since <t:1790000000:R> · public
Speaking: nobody right now
Listening: 0
Sound: 3 % of the packets are lost on the way to me
[Stop] [Listen link] [Take me off air] [Put me on air]`);
  });

  test('says that people are named where they are, and how each kind listens', () => {
    const by = { websocket: 1, udp: 0, guilds: 0, page: 0, radio: 2, hls: 1200 };
    const facts = { ...FACTS, showsNames: true, listeners: { total: 1203, by } };
    const lines = asText(livePanel(facts, english)).split('\n');
    expect(lines).toContain('Whoever listens reads the names of those who speak.');
    expect(lines).toContain('Listening: 1203 (1 app · 2 by radio · 1,200 by HLS)');
  });

  test.each([
    [{ is: 'undecryptable', people: 1 }, 'Sound: 1 person cannot be decrypted'],
    [{ is: 'undecryptable', people: 2 }, 'Sound: 2 people cannot be decrypted'],
    [{ is: 'away' }, 'Sound: interrupted, I am coming back'],
  ] as const)('says of the sound %o: %s', (sound, line) => {
    expect(asText(livePanel({ ...FACTS, sound }, english)).split('\n')).toContain(line);
  });

  test('takes no title for formatting, and names ten people at most', () => {
    const speaking = Array.from({ length: 25 }, (_, index) => `Singer ${index}`);
    const panel = asText(livePanel({ ...FACTS, title: '**wool**', speaking }, english));
    expect(panel).toContain(String.raw`**\*\*wool\*\*** is broadcast`);
    expect(panel).toContain('**Singer 9**, 15 more');
    expect(panel).not.toContain('Singer 10');
  });

  test.each([
    [4000, 1, '4 seconds, with at most 1 listener.'],
    [42 * 60_000, 12, '42 minutes, with at most 12 listeners.'],
    [60 * 60_000, 0, '1 hour.'],
    [(2 * 60 + 1) * 60_000, 3, '2 hours, 1 minute, with at most 3 listeners.'],
  ])('after %d ms leaves behind what it was', (lastedMs, listenersMax, ending) => {
    const ended = endedPanel({ title: 'Purl talk', lastedMs, listenersMax }, english);
    expect(asText(ended)).toBe(`⚫ **Purl talk** was on air for ${ending}`);
  });
});

describe.each(Object.keys(CATALOGUES))('in %s', (locale) => {
  const catalogue = catalogueFor(locale);
  const longest = '*'.repeat(100);
  const names = Array.from({ length: 30 }, () => '*'.repeat(32));

  test('the longest panel is one that Discord takes', () => {
    for (const sound of [
      { is: 'lossy', percent: 100 },
      { is: 'undecryptable', people: 99 },
      { is: 'away' },
    ] as const) {
      const facts: PanelFacts = {
        ...FACTS,
        title: longest,
        speaking: names,
        sound,
        isOptIn: true,
        showsNames: true,
        listeners: { total: 99_999, by: { websocket: 9, udp: 9, guilds: 9, page: 9, radio: 9, hls: 9 } },
        offAir: 99,
      };
      const body = livePanel(facts, catalogue);
      expect(asText(body).length).toBeLessThanOrEqual(4000);
      expect(asText(body)).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  test('a button has at most 80 characters, and a status with the longest title 500', () => {
    const { buttons, status } = catalogue.onAir;
    for (const label of Object.values(buttons)) expect(label.length).toBeLessThanOrEqual(80);
    expect(status(longest).length).toBeLessThanOrEqual(500);
  });

  test('the notice and the answers name the buttons by their labels', () => {
    const { buttons, panel, answers } = catalogue.onAir;
    expect(panel.optOut).toContain(`**${buttons.offAir}**`);
    expect(panel.optIn).toContain(`**${buttons.onAir}**`);
    expect(answers.tookOffAir).toContain(`**${buttons.onAir}**`);
    expect(answers.putOnAir).toContain(`**${buttons.offAir}**`);
    expect(answers.tookOffAir).toContain(`\`/podcast ${catalogue.commands.onair.name}\``);
    expect(answers.putOnAir).toContain(`\`/podcast ${catalogue.commands.offair.name}\``);
    expect(answers.consent['opt-in']).toContain(`\`/podcast ${catalogue.commands.onair.name}\``);
  });
});

test('a custom id is one that Discord takes', () => {
  for (const id of Object.values(PANEL_BUTTONS)) expect(id.length).toBeLessThanOrEqual(100);
});
