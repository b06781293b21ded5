import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../platform/csv.ts';
import { allowsEmail, foldDomain } from './email-domains.ts';

/** A reader of one line by RFC 4180, written for this test. */
const readLine = (line: string): string[] => {
  const cells: string[] = [];
  const text = `,${line.replace(/\r\n$/, '')}`;
  for (const [, quoted, plain] of text.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g))
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
  return cells;
};

describe('a line of CSV', () => {
  it.each([
    [['Ada', 'ada@example.com'], 'Ada,ada@example.com'],
    [['Lovelace, Ada', 'says "hi"'], '"Lovelace, Ada","says ""hi"""'],
    [['two\nlines', ''], '"two\nlines",'],
    [['=1+1', '+1'], "'=1+1,'+1"],
    [['-1+2', '@SUM(A1)'], "'-1+2,'@SUM(A1)"],
    [['-12.5', '-', '-1e9', '--1'], "-12.5,'-,'-1e9,'--1"],
    [['\t=1', '=HYPERLINK("x","y")'], `'\t=1,"'=HYPERLINK(""x"",""y"")"`],
  ])('writes %j as %j', (cells, text) => {
    expect(csvLine(cells)).toBe(`${text}\r\n`);
  });

  it('never begins a cell with what a spreadsheet takes for a formula, and is read back as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 5 }), (cells) => {
        const read = readLine(csvLine(cells));
        // A number below nothing is no formula.
        const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text) && !/^-\d+(\.\d+)?$/.test(text);
        for (const text of read) expect(isFormula(text)).toBe(false);
        expect(read).toEqual(cells.map((text) => (isFormula(text) ? `'${text}` : text)));
      }),
    );
  });
});

describe('a domain', () => {
  it.each([
    ['Example.COM', 'example.com'],
    ['@example.com', 'example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    [' a.b.example ', 'a.b.example'],
  ])('%j is %j', (text, domain) => expect(foldDomain(text)).toBe(domain));

  it.each(['', 'localhost', 'a b.com', 'example.com/x', 'example.com:80', 'x@example.com', '-a.com', '.com', '*.com'])(
    '%j is none',
    (text) => expect(foldDomain(text)).toBeUndefined(),
  );

  it('lets its own addresses in and no others, not even those of its subdomains', () => {
    const allows = (email: string) => allowsEmail(['example.com', 'xn--bcher-kva.example'], email);
    expect(['a@example.com', 'A@EXAMPLE.COM', 'x@bücher.example'].map(allows)).toEqual([true, true, true]);
    const others = ['a@sub.example.com', 'a@example.com.evil.com', 'a@evil.com', 'example.com@evil.com'];
    expect(others.map(allows)).toEqual([false, false, false, false]);
    expect(allowsEmail(null, 'a@anything.test')).toBe(true);
    expect(allowsEmail([], 'a@example.com')).toBe(false);
  });
});
