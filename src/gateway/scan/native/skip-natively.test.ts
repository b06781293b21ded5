import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRequest } from '../read-request.ts';
import { DEPTH_MAX, Flaw, openPlainReader, type Reader } from '../reader.ts';
import { skipString } from '../skip-string.ts';
import { skipValue } from '../skip-value.ts';
import { anything, draws, wellTypedRequest, writeBody } from '../testing/arbitrary-body.ts';
import { assemble } from './assemble.ts';
import { createNativeSkip, NATIVE_BYTES_MAX } from './skip-natively.ts';

const native = createNativeSkip();
if (native === undefined) throw new Error('This machine has no WebAssembly with instructions of 128 bits');

/** What reading comes to, -1 for a flaw. */
const outcome = (read: () => number): number => {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof Flaw) return -1;
    throw thrown;
  }
};

const withoutNative = (body: Buffer): Reader => openPlainReader([body]);

const withNative = (body: Buffer): Reader => ({ ...openPlainReader([body]), bytes: native.lay([body]), native });

/** What a request is read as, and where it ends, or the sentence against it. */
const readWith = (reader: Reader) => {
  try {
    return { request: readRequest(reader), end: reader.at, depth: reader.depth };
  } catch (thrown) {
    if (thrown instanceof Flaw) return thrown.message;
    throw thrown;
  }
};

/** Both readings of the string or value that begins at `at`. */
const expectAlike = (body: Buffer, at: number): void => {
  native.lay([body]);
  expect(native.value(at, 0, DEPTH_MAX)).toBe(outcome(() => skipValue(withoutNative(body), at)));
  if (body[at] === 0x22) expect(native.string(at + 1)).toBe(outcome(() => skipString(withoutNative(body), at)));
};

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.nat(40).map((length) => 'x'.repeat(length)) },
  { weight: 3, arbitrary: fc.nat(70).map((length) => '\\'.repeat(length)) },
  fc.constantFrom(
    '"',
    '\\"',
    '\\u00e9',
    '\\u12',
    '\\u',
    '\\x',
    '\\/',
    '\\b\\f\\n\\r\\t',
    'é😀',
    '\t',
    '\n',
    '\0',
    '\x1f',
    '\x7f',
  ),
  fc.constantFrom(...'"\\/bfnrtuaABFg09{}[]:, '),
);
const string = fc.array(piece, { maxLength: 12 }).map((pieces) => `"${pieces.join('')}"`);
const bytes = fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('"\\{}[]:,0-.eE+tfnu/ \n\0')));
const splices = fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.array(bytes, { maxLength: 2 })), { maxLength: 3 });

const damage = (body: Buffer, changes: readonly (readonly [number, number, readonly number[]])[]): Buffer =>
  changes.reduce<Buffer>((before, [at, dropped, added]) => {
    const place = at % (before.length + 1);
    return Buffer.concat([before.subarray(0, place), Buffer.from(added), before.subarray(place + dropped)]);
  }, body);

describe('skipping natively ends where skipping byte by byte ends, or leaves the judgement to it', () => {
  it('for strings with escapes and runs of backslashes at any place', () => {
    fc.assert(
      fc.property(fc.nat(40), string, splices, (before, text, changes) => {
        const body = Buffer.concat([Buffer.alloc(before, ' '), damage(Buffer.from(text), changes)]);
        for (let at = before; at < body.length; at++) expectAlike(body, at);
      }),
      { numRuns: 1500 },
    );
  });

  it('for any value, whole or damaged', () => {
    fc.assert(
      fc.property(fc.tuple(anything, draws), splices, ([value, draw], changes) => {
        const body = damage(Buffer.from(writeBody(value, draw)), changes);
        for (let at = 0; at < body.length; at++) expectAlike(body, at);
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    '0',
    '-0',
    '01',
    '-',
    '1.',
    '1.5e',
    '1e+5',
    '1E-07',
    '.5',
    '+1',
    '1e',
    'tru',
    'true',
    'falsx',
    'nul',
    'null',
    'NaN',
  ])('for %s at the end of the body', (text) => expectAlike(Buffer.from(text), 0));

  it('for every byte behind a backslash, and for every byte alone', () => {
    for (let byte = 0; byte < 256; byte++) {
      expectAlike(Buffer.from([0x22, 0x5c, byte, 0x22]), 0);
      expectAlike(Buffer.from([0x22, byte, 0x22]), 0);
      for (let place = 0; place < 4; place++) {
        const digits = Buffer.from('0aF9');
        digits[place] = byte;
        expectAlike(Buffer.concat([Buffer.from('"\\u'), digits, Buffer.from('"')]), 0);
      }
    }
  });

  it('for members that are passed over, whole or damaged, with the same sentence for what is wrong', () => {
    const member = fc.oneof(
      fc.constantFrom(
        '"model":"m"',
        '"Model":"m"',
        '"mode":"m"',
        '"mod\\u0065l":"m"',
        '"é":1',
        '"":[]',
        '"messages":[]',
      ),
      fc.constantFrom('"a_name_of_many_letters":{}', '"lodel" : 7', '"fifteen_letters":1', '"sixteen__letters":1'),
      fc.constantFrom(
        '"messages":[{"role":"user","content":[{"type":"text","text":"\\n"}]}]',
        '"role":{"model":1}',
        '"x"',
      ),
    );
    const object = fc
      .tuple(fc.array(member, { maxLength: 6 }), fc.constantFrom(',', ' , ', ',\n'))
      .map(([members, comma]) => `{${members.join(comma)}}`);
    const request = fc
      .tuple(fc.oneof(wellTypedRequest, anything), draws)
      .map(([value, draw]) => writeBody(value, draw));
    fc.assert(
      fc.property(fc.oneof(object, request), splices, (text, changes) => {
        const body = damage(Buffer.from(text), changes);
        if (body[0] !== 0x7b) return;
        expect(readWith(withNative(body))).toEqual(readWith(withoutNative(body)));
      }),
      { numRuns: 3000 },
    );
  });

  it('for every byte at every place of the name of a member', () => {
    for (const name of ['model', 'stream', 'max_tokens', 'speed'])
      for (let place = 0; place < name.length; place++)
        for (let byte = 0; byte < 256; byte++) {
          const body = Buffer.from(`{"x":1,"${name}":true,"model":"m"}`);
          body[8 + place] = byte;
          expect(readWith(withNative(body))).toEqual(readWith(withoutNative(body)));
        }
    for (const name of [
      'MODEL',
      'maX_tokens',
      '\\u017fpeed',
      'thin\\u212aing',
      '\u017fpeed',
      'thin\u212aing',
      'me\u017f\u017fages',
    ]) {
      const body = Buffer.from(`{"x":1,"${name}":null,"model":"m"}`);
      expect(readWith(withNative(body))).toEqual(readWith(withoutNative(body)));
    }
  });

  it('as deep as a body may nest, and not deeper', () => {
    for (const depth of [DEPTH_MAX - 1, DEPTH_MAX, DEPTH_MAX + 1]) {
      expectAlike(Buffer.from('['.repeat(depth) + ']'.repeat(depth)), 0);
      const objects = Buffer.from(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
      expectAlike(objects, 0);
      expect(readWith(withNative(objects))).toEqual(readWith(withoutNative(objects)));
    }
  });
});

it('does not read on into a longer body that was laid down before', () => {
  native.lay([Buffer.from(`"${'x'.repeat(500)}"`)]);
  native.lay([Buffer.from('"xx')]);
  expect(native.string(1)).toBe(-1);
});

it('takes bodies of every length up to the largest', () => {
  for (const length of [0, 1, 65_535, 262_144, 300_000, NATIVE_BYTES_MAX]) {
    const body = Buffer.alloc(length, 'x');
    native.lay([body]);
    expect(native.string(0)).toBe(-1);
    if (length === 0) continue;
    body[length - 1] = 0x22;
    native.lay([body]);
    expect(native.string(0)).toBe(length);
  }
});

it.each([
  '(func $a (result i32) (i32.mul))',
  '(func $a (br $nowhere))',
  '(func $a (local.get $b))',
  '(func $a (local $b i31))',
])('does not assemble %s', (source) => expect(() => assemble(source)).toThrow(SyntaxError));
