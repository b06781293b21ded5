import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Body } from './body.ts';
import { applyEdits, scanRequest } from './scan/index.ts';
import { draws, wellTypedRequest, writeBody } from './scan/testing/arbitrary-body.ts';

const cutAt = (whole: Buffer, cuts: readonly number[]): Buffer[] => {
  const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
  return places.slice(1).map((end, index) => Buffer.from(whole.subarray(places[index], end)));
};
const cuts = fc.array(fc.nat(), { maxLength: 4 });

it('is changed as its bytes would be in one piece, wherever it is cut', () => {
  const edits = fc
    .uniqueArray(fc.nat(60), { maxLength: 8 })
    .map((places) => places.sort((a, b) => a - b))
    .chain((places) =>
      fc.tuple(...places.map(() => fc.string({ maxLength: 5 }))).map((texts) =>
        texts.flatMap((text, index) => {
          const [start, end] = [places[2 * index], places[2 * index + 1]];
          return start === undefined || end === undefined ? [] : [{ start, end, text }];
        }),
      ),
    );
  const whole = fc.uint8Array({ minLength: 60, maxLength: 90 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(whole, cuts, edits, (bytes, at, changes) => {
      const body = Body.of(cutAt(bytes, at)).withEdits(changes);
      const wanted = applyEdits(bytes, changes);
      expect(body.joined()).toEqual(wanted);
      expect(body.length).toBe(wanted.length);
    }),
  );
});

it('is scanned as its bytes would be in one piece, wherever it is cut', () => {
  const padding = fc.constantFrom('', ' '.repeat(300));
  fc.assert(
    fc.property(fc.tuple(wellTypedRequest, draws, padding), cuts, ([value, draw, space], at) => {
      const whole = Buffer.from(writeBody(value, draw) + space);
      expect(scanRequest(cutAt(whole, at))).toEqual(scanRequest(whole));
    }),
  );
});

it('refuses a character that is broken, and takes one that is cut', () => {
  const whole = Buffer.from('{"model":"é"}');
  const cut = whole.indexOf('é') + 1;
  expect(scanRequest([whole.subarray(0, cut), whole.subarray(cut)])).toMatchObject({ ok: true });
  expect(scanRequest([whole.subarray(0, cut), whole.subarray(cut + 1)])).toMatchObject({ ok: false });
});

it('is put together where it came in many small pieces, or was changed in many places', () => {
  const whole = Buffer.alloc(100_000, 'abc');
  const shreds = cutAt(
    whole,
    Array.from({ length: 69 }, (_, index) => (index + 1) * 1400),
  );
  const body = Body.of(shreds);
  expect(body.pieces).toHaveLength(1);
  expect(body.joined()).toEqual(whole);
  const edits = Array.from({ length: 50 }, (_, index) => ({ start: index * 1000, end: index * 1000 + 3, text: 'x' }));
  const edited = body.withEdits(edits);
  expect(edited.pieces).toHaveLength(1);
  expect(edited.joined()).toEqual(applyEdits(whole, edits));
});

it('stays in few pieces, and in large ones', () => {
  expect(Body.of(cutAt(Buffer.alloc(100), [20, 40, 60])).pieces).toHaveLength(4);
  expect(
    Body.of(
      cutAt(
        Buffer.alloc(500_000),
        [1, 2, 3, 4, 5].map((at) => at * 65_536),
      ),
    ).pieces,
  ).toHaveLength(6);
});

it('gives back the memory it lies in, that of a changed body too, and no other', () => {
  const head = Buffer.allocUnsafeSlow(70_000);
  const rest = Buffer.allocUnsafeSlow(30_000);
  const body = Body.of([head.subarray(500), rest.subarray(0, 20_000)], [head]);
  body.withEdits([{ start: 3, end: 5, text: 'x' }]).giveBack();
  expect(head).toHaveLength(0);
  expect(rest).toHaveLength(30_000);
});
