import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html } from '../../../src/relay/page/html.ts';
import { anyCharacter } from '../../support/any-text.ts';

test('what is put in is text, between tags and in attributes', () => {
  const evil = `"><script>alert('1')</script>&amp;`;
  expect(html`<p title="${evil}">${evil}</p>`.toString()).toBe(
    `<p title="&quot;&gt;&lt;script&gt;alert('1')&lt;/script&gt;&amp;amp;">&quot;&gt;&lt;script&gt;alert('1')&lt;/script&gt;&amp;amp;</p>`,
  );
});

test('HTML of the same kind is put in as it is, alone or in a list, and nothing where there is nothing', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
  expect(html`${items}${undefined}${false}${html`<i></i>`}${0}`.toString()).toBe(
    '<li>a</li><li>&lt;b&gt;</li><i></i>0',
  );
});

test('no text brings a character into it that could begin anything', () => {
  const character = fc.oneof(fc.constantFrom('&', '<', '>', '"', '\r', '\0'), anyCharacter);
  fc.assert(
    fc.property(fc.string({ unit: character }), (text) =>
      /^(?:[^<>"\r\0&]|&(?:amp|lt|gt|quot|#13);)*$/u.test(html`${text}`.toString()),
    ),
  );
});
