import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitHeaderLines } from '../../platform/index.ts';
import { type AnswerHead, createReadHead, type ReadHead } from './answer-head.ts';
import { forwardableAnswerHeaders } from './headers.ts';

const STATUS = String.raw`HTTP/1\.[01] [1-9]\d\d`;
const TEXT = String.raw`[^\x00-\x08\x0a-\x1f\x7f]*`;
const NAME = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const WHOLE = new RegExp(`^${STATUS}(?: ${TEXT})?\r\n(?:${NAME}:${TEXT}\r\n)*$`);

/** Headers as pairs: those of one name in their order, which is all that counts (RFC 9110 §5.3). */
const byName = (headers: readonly string[]) =>
  Object.groupBy(
    headers.flatMap((name, i) => (i % 2 === 0 ? [{ name, value: headers[i + 1] }] : [])),
    ({ name }) => name,
  );

const onlyFirst = (name: string, headers: ReturnType<typeof byName>) => {
  const all = headers[name];
  return all === undefined ? headers : { ...headers, [name]: all.slice(0, 1) };
};

/** What a reader answers to bytes that are a head, which stand behind some of something else. */
const readText = (readHead: ReadHead, text: string): AnswerHead => {
  const head = readHead(Buffer.from(`before${text}\r\nbehind`, 'latin1'), 'before'.length);
  if (head === undefined) throw new Error('It was not taken for whole');
  return head;
};

/** The same by other means: the whole text against one expression, each line by itself, nothing remembered. */
const readPlainly = (text: string) => {
  if (!WHOLE.test(text)) return 'refused';
  const headers = text
    .split('\r\n')
    .slice(1, -1)
    .flatMap((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.toLowerCase(), value.join(':').replace(/^[ \t]+|[ \t]+$/g, '')];
    });
  const valuesOf = (name: string) => headers.filter((_, i) => i % 2 === 1 && headers[i - 1] === name);
  const lengths = new Set(valuesOf('content-length'));
  const codings = valuesOf('transfer-encoding').map((coding) => coding.toLowerCase());
  if (lengths.size > 1 || [...lengths].some((length) => !/^[0-9]{1,15}$/.test(length))) return 'refused';
  if (codings.length > 0 && (codings.join() !== 'chunked' || lengths.size > 0)) return 'refused';
  const passed = forwardableAnswerHeaders(headers);
  const length = Number([...lengths][0] ?? 0);
  const written = {
    // A length that is told twice is passed on once (RFC 9110 §8.6).
    lines: onlyFirst('content-length', byName(passed)),
    length: passed.includes('content-length') ? length : undefined,
    hasDate: passed.includes('date'),
    closes: false,
  };
  return { status: Number(text.slice(9, 12)), headers, length, bytes: text.length + 2, passed: written };
};

const said = (read: () => AnswerHead) => {
  try {
    const { status, headers, length, passed, bytes } = read();
    return {
      status,
      headers: headers.flatMap(({ name, value }) => [name, value]),
      length,
      bytes,
      passed: { ...passed, lines: byName(splitHeaderLines(passed.lines)) },
    };
  } catch {
    return 'refused';
  }
};

const LINES = [
  'content-type: application/json',
  'Content-Type:text/event-stream',
  'content-length: 12',
  'content-length: 13',
  'content-length: 1x',
  'transfer-encoding: chunked',
  'Transfer-Encoding: gzip',
  'connection: close',
  'connection: keep-alive',
  'connection: x-empty, Date',
  'connection: content-length',
  'set-cookie: a=b',
  'date: Thu, 26 Nov 2026 10:00:00 GMT',
  'request-id: req_1',
  'request-id: req_2',
  'x-empty:',
  'x-empty-not: a',
  'x-blank: \t é\xa0 ',
  'x-colons: a:b: c',
] as const;

const line = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...LINES) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(' ', 'no colon', 'spaced : x', ' folded: x', 'x: \n', 'x: \r', 'x: \0', 'é: x', ':x'),
  },
);
const statusLine = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('HTTP/1.1 200 OK', 'HTTP/1.0 529', 'HTTP/1.1 200 ') },
  { weight: 1, arbitrary: fc.constantFrom('HTTP/2 200 OK', 'HTTP/1.1 99 x', 'HTTP/1.1 200x', 'HTTP/1.1 200 \n', '') },
);
const head = fc
  .tuple(statusLine, fc.array(line, { maxLength: 8 }))
  .map(([first, rest]) => [first, ...rest].map((each) => `${each}\r\n`).join(''));

it('reads every head as if it were the first, whatever came before it', () => {
  fc.assert(
    fc.property(fc.array(head, { minLength: 1, maxLength: 12 }), (heads) => {
      const readHead = createReadHead();
      for (const text of heads) expect(said(() => readText(readHead, text))).toEqual(readPlainly(text));
    }),
    { numRuns: 2000 },
  );
});

it('takes no part of a head for a head, and forgets it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(head, fc.nat()), { minLength: 1, maxLength: 6 }), (cases) => {
      const readHead = createReadHead();
      for (const [text, at] of cases) {
        const bytes = Buffer.from(`${text}\r\n`, 'latin1');
        const part = bytes.subarray(0, at % bytes.length);
        const wanted = readPlainly(text);
        if (wanted === 'refused') expect(() => readHead(part, 0) ?? readHead(bytes, 0)).toThrow('not HTTP/1.1');
        else expect(readHead(part, 0)).toBeUndefined();
        expect(said(() => readText(readHead, text))).toEqual(wanted);
      }
    }),
    { numRuns: 1000 },
  );
});

it('reads the same head twice alike', () => {
  const readHead = createReadHead();
  const text = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nx-a:  b \r\n';
  const once = readText(readHead, text);
  expect(readText(readHead, text)).toEqual(once);
  expect(once.headers).toMatchObject([
    { name: 'content-length', value: '3' },
    { name: 'x-a', value: 'b' },
  ]);
});

it.each(['', 'connection: close, x-a\r\n'])('passes on once a length that is told twice (%j)', (connection) => {
  const text = `HTTP/1.1 200 OK\r\nContent-Length: 3\r\n${connection}x-b: c\r\ncontent-length: 3\r\n`;
  const { passed, length } = readText(createReadHead(), text);
  expect(splitHeaderLines(passed.lines)).toEqual(['content-length', '3', 'x-b', 'c']);
  expect([passed.length, length]).toEqual([3, 3]);
});
