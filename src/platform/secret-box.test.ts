import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSecretBox } from './secret-box.ts';

const KEY_TEXT = 'a key text of thirty-two characters or more';
const box = createSecretBox(KEY_TEXT);

it('opens what it sealed, and never seals alike twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (secret, about) => {
      const sealed = box.seal(secret, about);
      expect(box.open(sealed, about)).toBe(secret);
      expect(box.seal(secret, about)).not.toBe(sealed);
      expect(sealed).toMatch(/^[\w.-]+$/);
    }),
  );
});

it('does not open what was sealed about something else, with another key, or has been changed', () => {
  const sealed = box.seal('the secret', 'provider 1');
  const other = createSecretBox('another key text of thirty-two characters');
  const changed = `${sealed.slice(0, -3)}${sealed.endsWith('AAA') ? 'BBB' : 'AAA'}`;
  for (const [opener, text, about] of [
    [box, sealed, 'provider 2'],
    [other, sealed, 'provider 1'],
    [box, changed, 'provider 1'],
    [box, 'v1.', 'provider 1'],
    [box, sealed.slice(0, 20), 'provider 1'],
    [box, '', 'provider 1'],
  ] as const)
    expect(() => opener.open(text, about)).toThrow(/cannot be opened/);
});

it('opens what was sealed under an older key, and seals under the newest only', () => {
  const newer = createSecretBox('a newer key text of thirty-two characters', [KEY_TEXT]);
  expect(newer.open(box.seal('the secret', 'here'), 'here')).toBe('the secret');
  expect(() => box.open(newer.seal('the secret', 'here'), 'here')).toThrow(/cannot be opened/);
});

it('shows nothing of the secret', () => {
  expect(box.seal('the secret', 'x')).not.toContain(Buffer.from('the secret').toString('base64url'));
});
