import { expect, test } from 'vitest';
import { textsWanted } from '../../../src/relay/page/language.ts';

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['de', 'de'],
  ['de-AT,de;q=0.9,en;q=0.8', 'de'],
  ['pt-BR,pt;q=0.9,fr;q=0.5,en;q=0.4', 'fr'],
  ['en;q=0.2, ja;q=0.9', 'ja'],
  ['ES-419', 'es'],
  ['de;q=0, fr;q=0.1', 'fr'],
  ['xx, yy;q=0.3', 'en'],
  ['constructor,__proto__;q=1', 'en'],
  [';;q=,,de;q=x,;', 'en'],
])('who accepts %s reads %s', (accepted, language) => {
  expect(textsWanted(accepted).language).toBe(language);
});
