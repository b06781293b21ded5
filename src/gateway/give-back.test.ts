import { expect, it } from 'vitest';
import { giveBack } from './give-back.ts';

it('gives back the memory of a large buffer that has it for itself', () => {
  const buffer = Buffer.allocUnsafeSlow(100_000);
  giveBack(buffer);
  expect(buffer.length).toBe(0);
});

it('leaves memory alone that others may be using', () => {
  const whole = Buffer.alloc(200_000, 'x');
  const half = whole.subarray(0, 100_000);
  giveBack(half);
  expect(half.length).toBe(100_000);
  expect(whole.toString()).toBe('x'.repeat(200_000));
});

it('leaves small buffers to the collector', () => {
  const buffer = Buffer.allocUnsafeSlow(1_000);
  giveBack(buffer);
  expect(buffer.length).toBe(1_000);
});
