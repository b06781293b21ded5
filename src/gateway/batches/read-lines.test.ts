import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLines } from './read-lines.ts';

async function* piecesOf(text: string, sizes: readonly number[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const linesOf = async (body: AsyncIterable<Buffer>, lineBytesMax?: number): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of readLines(body, lineBytesMax)) lines.push(line.toString());
  return lines;
};

describe('readLines', () => {
  test.each([
    ['', []],
    ['one', ['one']],
    ['one\n', ['one']],
    ['one\ntwo', ['one', 'two']],
    ['\n\none\n\n\ntwo\n\n', ['one', 'two']],
    ['größer\n⚖️\n', ['größer', '⚖️']],
  ])('reads %j as its lines, cut anywhere', async (text, lines) => {
    for (const size of [1, 2, 3, 1000]) expect(await linesOf(piecesOf(text, [size]))).toEqual(lines);
  });

  test('does not depend on where the stream is cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[^\n]{0,40}$/u)),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
        async (lines, sizes) => {
          const text = lines.map((line) => `${line}\n`).join('');
          expect(await linesOf(piecesOf(text, sizes))).toEqual(lines.filter((line) => line !== ''));
        },
      ),
    ));

  test('a line that is too long comes as an empty one, and those around it whole', async () => {
    const text = `short\n${'x'.repeat(100)}\nafter\n`;
    for (const size of [1, 7, 1000]) expect(await linesOf(piecesOf(text, [size]), 10)).toEqual(['short', '', 'after']);
  });
});
