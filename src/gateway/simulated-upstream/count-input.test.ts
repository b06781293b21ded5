import { expect, test } from 'vitest';
import { chargeInput, countPrompt } from './count-input.ts';
import { createPromptCache } from './prompt-cache.ts';

const MODEL = 'claude-opus-5-5';
const marked = (text: string, ttl?: string) => ({ type: 'text', text, cache_control: { type: 'ephemeral', ttl } });
const long = 'x'.repeat(4000);
const prompt = (...content: unknown[]) => ({ system: [marked(long)], messages: [{ role: 'user', content }] });

test('a prompt without markers is plain input, a quarter of a token per byte', () => {
  const raw = { system: long, messages: [{ role: 'user', content: 'hi' }] };
  const charged = chargeInput(
    raw,
    MODEL,
    createPromptCache(() => 0),
  );
  expect(charged).toEqual({ uncached: countPrompt(raw), cacheRead: 0, written5m: 0, written1h: 0 });
  expect(charged.uncached).toBeGreaterThan(1000);
  expect(charged.uncached).toBeLessThan(1020);
});

test('a marked prefix is written at first sight and read when it comes again', () => {
  const cache = createPromptCache(() => 0);
  const raw = prompt({ type: 'text', text: 'hi' });
  const first = chargeInput(raw, MODEL, cache);
  const second = chargeInput(raw, MODEL, cache);
  expect(first.cacheRead).toBe(0);
  expect(first.written5m).toBeGreaterThan(1000);
  expect(second).toEqual({ ...first, written5m: 0, cacheRead: first.written5m });
});

test('a marker that moves on reads the old prefix and writes only what is new', () => {
  const cache = createPromptCache(() => 0);
  const first = chargeInput(prompt(marked('one')), MODEL, cache);
  const second = chargeInput(prompt({ type: 'text', text: 'one' }, marked('two')), MODEL, cache);
  expect(second.cacheRead).toBe(first.written5m);
  expect(second.written5m).toBeGreaterThan(0);
  expect(second.written5m).toBeLessThan(30);
});

test('each stretch is written under the time to live of its own marker', () => {
  const raw = { system: [marked(long, '1h')], messages: [{ role: 'user', content: [marked(long)] }] };
  const charged = chargeInput(
    raw,
    MODEL,
    createPromptCache(() => 0),
  );
  expect(charged.written1h).toBeGreaterThan(1000);
  expect(charged.written5m).toBeGreaterThan(1000);
  expect(charged.uncached).toBe(0);
  expect(charged.written1h + charged.written5m).toBe(countPrompt(raw));
});

test('a prefix is forgotten after its time, lives on when read, and belongs to one model', () => {
  let nowMs = 0;
  const cache = createPromptCache(() => nowMs);
  const read = (model = MODEL) => chargeInput(prompt(), model, cache).cacheRead;
  expect(read()).toBe(0);
  nowMs += 4 * 60_000;
  expect(read()).toBeGreaterThan(0);
  nowMs += 4 * 60_000;
  expect(read()).toBeGreaterThan(0);
  expect(read('claude-sonnet-5-5')).toBe(0);
  nowMs += 6 * 60_000;
  expect(read()).toBe(0);
});

test('the cache drops the prefix unused for longest when it is full', () => {
  const cache = createPromptCache(() => 0, 2);
  cache.store('a', '5m');
  cache.store('b', '5m');
  cache.touch('a');
  cache.store('c', '5m');
  expect([cache.touch('a'), cache.touch('b'), cache.touch('c')]).toEqual([true, false, true]);
});
