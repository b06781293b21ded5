import { expect, it } from 'vitest';
import { csvLine } from './csv.ts';

it.each([
  [['a', 'b'], 'a,b\r\n'],
  [['say "hi"', 'x,y', 'two\nlines'], '"say ""hi""","x,y","two\nlines"\r\n'],
  [[null, undefined, 3, { a: [1] }], ',,3,"{""a"":[1]}"\r\n'],
  [['=HYPERLINK("http://evil.example")'], `"'=HYPERLINK(""http://evil.example"")"\r\n`],
  [['+1', '-1', '@x'], `'+1,'-1,'@x\r\n`],
])('%j is one line that every spreadsheet reads as text', (values, line) => expect(csvLine(values)).toBe(line));
