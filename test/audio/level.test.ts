import { expect, test } from 'vitest';
import { levelDbfs } from '../../src/audio/level.ts';

test('a square wave at full scale is 0 dBFS, at half scale −6', () => {
  expect(levelDbfs(Int16Array.of(-32_768, -32_768))).toBeCloseTo(0, 5);
  expect(levelDbfs(Int16Array.of(16_384, -16_384))).toBeCloseTo(-6.02, 2);
});

test('silence and nothing are −Infinity', () => {
  expect(levelDbfs(new Int16Array(960))).toBe(-Infinity);
  expect(levelDbfs(new Int16Array())).toBe(-Infinity);
});
