import { expect, test } from 'vitest';
import { keyCommand, type PressedKey } from '../../../web/page/key-command.ts';

const AT_BODY: PressedKey = {
  key: ' ',
  repeat: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  defaultPrevented: false,
  tagName: 'body',
  editable: false,
  scrolls: false,
};
const command = (changes: Partial<PressedKey>): unknown => keyCommand({ ...AT_BODY, ...changes });

test.each([
  [' ', { type: 'pressed' }],
  ['k', { type: 'pressed' }],
  ['K', { type: 'pressed' }],
  ['m', { type: 'mute' }],
  ['ArrowUp', { type: 'louder', byPercent: 5 }],
  ['ArrowDown', { type: 'louder', byPercent: -5 }],
  ['?', 'help'],
  ['x', undefined],
  ['Tab', undefined],
  ['Escape', undefined],
])('the key %j does its own', (key, expected) => {
  expect(command({ key })).toEqual(expected);
});

test.each(['ctrlKey', 'altKey', 'metaKey', 'defaultPrevented', 'editable'] as const)(
  'with %s a key is somebody else’s',
  (held) => {
    for (const key of [' ', 'k', 'm', 'ArrowUp', '?']) expect(command({ key, [held]: true })).toBeUndefined();
  },
);

test('space presses the button, opens the summary or checks the box that has the focus, not ours besides', () => {
  for (const tagName of ['button', 'summary', 'input']) expect(command({ tagName })).toBeUndefined();
  expect(command({ key: 'k', tagName: 'button' })).toEqual({ type: 'pressed' });
});

test('arrows move the slider that has the focus, and scroll a page that is longer than the window', () => {
  expect(command({ key: 'ArrowUp', tagName: 'input' })).toBeUndefined();
  expect(command({ key: 'ArrowUp', scrolls: true })).toBeUndefined();
});

test('a key that is held down changes the volume on and on, and presses once', () => {
  expect(command({ key: 'ArrowUp', repeat: true })).toBeDefined();
  for (const key of [' ', 'k', 'm', '?']) expect(command({ key, repeat: true })).toBeUndefined();
});
