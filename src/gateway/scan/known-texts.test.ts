import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KnownTexts } from './known-texts.ts';

it('remembers texts by all of their bytes, and nothing else under them', () => {
  const text = fc.oneof(
    fc.string({ minLength: 0, maxLength: 5, unit: fc.constantFrom('a', 'b') }),
    fc
      .tuple(fc.constantFrom('x'.repeat(40), 'y'.repeat(40)), fc.nat(30), fc.constantFrom('a', 'b'))
      .map(([word, at, letter]) => word.slice(0, at) + letter + word.slice(at)),
    fc.nat(400).map((length) => 'z'.repeat(length)),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 40 }), (texts) => {
      const known = new KnownTexts();
      for (const [index, one] of texts.entries()) {
        const bytes = Buffer.from(`"${one}"`);
        const span = { start: 1, end: bytes.length - 1 };
        const found = known.find(bytes, span);
        if (found !== undefined) expect(found).toBe(one);
        known.keep(bytes, span, one);
        expect(known.find(bytes, span)).toBe(one.length > 256 ? undefined : one);
        bytes.fill(index);
      }
    }),
  );
});
