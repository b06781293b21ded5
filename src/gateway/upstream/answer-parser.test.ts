import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createReadHead } from './answer-head.ts';
import { type AnswerEvents, createAnswerParser } from './answer-parser.ts';

type Heard = {
  status: number | null;
  headers: readonly string[];
  body: string;
  /** Null: the answer has not ended. */
  canReuse: boolean | null;
  order: string;
};

const HEAD_BYTES_MAX = 64 * 1024;
const LINE_BYTES_MAX = 4 * 1024;

const listen = () => {
  const heard: Heard = { status: null, headers: [], body: '', canReuse: null, order: '' };
  const note = (letter: string): void => {
    if (letter !== 'd' || !heard.order.endsWith('d')) heard.order += letter;
  };
  const events: AnswerEvents = {
    head: ({ status, headers }) => {
      Object.assign(heard, { status, headers: headers.flatMap(({ name, value }) => [name, value]) });
      note('h');
    },
    data: (chunk) => {
      heard.body += chunk.toString('latin1');
      note('d');
    },
    end: (canReuse) => {
      heard.canReuse = canReuse;
      note('e');
    },
  };
  return { heard, parser: createAnswerParser(events, createReadHead()) };
};

const readAll = (...pieces: readonly string[]): Heard => {
  const { heard, parser } = listen();
  for (const piece of pieces) parser.read(Buffer.from(piece, 'latin1'));
  return heard;
};

const answer = (lines: readonly string[], body = ''): string => `${lines.join('\r\n')}\r\n\r\n${body}`;
const ok = (headers: readonly string[], body = ''): string => answer(['HTTP/1.1 200 OK', ...headers], body);
const chunked = (body: string): string => ok(['Transfer-Encoding: chunked'], body);

type Valid = readonly [name: string, bytes: string, wanted: { status: number; body: string; canReuse: boolean }];

const ENDING: readonly Valid[] = [
  ['a length', ok(['Content-Length: 5'], 'hello'), { status: 200, body: 'hello', canReuse: true }],
  [
    'the same length twice',
    ok(['Content-Length: 2', 'content-length: 2'], 'hi'),
    { status: 200, body: 'hi', canReuse: true },
  ],
  ['a length of zero', ok(['Content-Length: 0']), { status: 200, body: '', canReuse: true }],
  ['no reason phrase', answer(['HTTP/1.1 200', 'content-length:1'], 'x'), { status: 200, body: 'x', canReuse: true }],
  [
    'a status of tomorrow',
    answer(['HTTP/1.1 529 ', 'content-length: 1'], 'x'),
    { status: 529, body: 'x', canReuse: true },
  ],
  ['chunks', chunked('5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n'), { status: 200, body: 'hello world', canReuse: true }],
  ['chunks in name only', chunked('0\r\n\r\n'), { status: 200, body: '', canReuse: true }],
  [
    'the coding in capitals',
    ok(['TRANSFER-ENCODING: CHUNKED'], '1\r\nx\r\n0\r\n\r\n'),
    { status: 200, body: 'x', canReuse: true },
  ],
  [
    'upper-case and zero-padded sizes',
    chunked(`00A\r\n0123456789\r\n0B\r\n0123456789a\r\n000\r\n\r\n`),
    { status: 200, body: '01234567890123456789a', canReuse: true },
  ],
  [
    'chunk extensions',
    chunked('2;a=b;c="d"\r\nhi\r\n1 ;x\r\n!\r\n0;end\r\n\r\n'),
    { status: 200, body: 'hi!', canReuse: true },
  ],
  [
    'trailers, which are dropped',
    chunked('2\r\nhi\r\n0\r\nx-sum: 1\r\nx-more: 2\r\n\r\n'),
    { status: 200, body: 'hi', canReuse: true },
  ],
  [
    'line feeds alone between chunks',
    chunked('2\nhi\n1\r\n!\n0\nx-sum: 1\n\n'),
    { status: 200, body: 'hi!', canReuse: true },
  ],
  [
    'line ends inside chunks',
    chunked('6\r\na\r\n\r\nb\r\n0\r\n\r\n'),
    { status: 200, body: 'a\r\n\r\nb', canReuse: true },
  ],
  ['status 204', answer(['HTTP/1.1 204 No Content']), { status: 204, body: '', canReuse: true }],
  [
    'status 304 with the length of what it spares',
    answer(['HTTP/1.1 304 x', 'content-length: 9']),
    { status: 304, body: '', canReuse: true },
  ],
  [
    'interim answers before it',
    answer(['HTTP/1.1 100 Continue']) +
      answer(['HTTP/1.1 103 Early Hints', 'link: </a>', 'content-length: 7']) +
      ok(['content-length: 2'], 'hi'),
    { status: 200, body: 'hi', canReuse: true },
  ],
  [
    'Connection: close',
    ok(['Connection: close', 'content-length: 1'], 'x'),
    { status: 200, body: 'x', canReuse: false },
  ],
  [
    'Connection: Close among others',
    ok(['Connection: keep-alive, Close', 'content-length: 1'], 'x'),
    { status: 200, body: 'x', canReuse: false },
  ],
  [
    'close in the first of two Connection headers',
    ok(['Connection: close', 'Connection: x-hop', 'content-length: 1'], 'x'),
    { status: 200, body: 'x', canReuse: false },
  ],
  [
    'Connection: keep-alive',
    ok(['Connection: Keep-Alive', 'content-length: 1'], 'x'),
    { status: 200, body: 'x', canReuse: true },
  ],
  [
    'a Connection header about something else',
    ok(['Connection: x-hop', 'content-length: 1'], 'x'),
    { status: 200, body: 'x', canReuse: true },
  ],
  ['HTTP/1.0', answer(['HTTP/1.0 200 OK', 'content-length: 1'], 'x'), { status: 200, body: 'x', canReuse: false }],
  [
    'HTTP/1.0 that stays',
    answer(['HTTP/1.0 200 OK', 'connection: keep-alive', 'content-length: 1'], 'x'),
    { status: 200, body: 'x', canReuse: true },
  ],
  [
    'HTTP/1.0 with another Connection header',
    answer(['HTTP/1.0 200 OK', 'connection: x-hop', 'content-length: 1'], 'x'),
    { status: 200, body: 'x', canReuse: false },
  ],
];

describe('an answer is read whole', () => {
  it.each(ENDING)('with %s', (_, bytes, wanted) => {
    const { heard, parser } = listen();
    parser.read(Buffer.from(bytes, 'latin1'));
    expect(heard).toMatchObject(wanted);
    expect(heard.order).toBe(wanted.body === '' ? 'he' : 'hde');
    expect(parser.isBusy).toBe(false);
    expect(parser.close()).toBe(true);
    expect(heard.order).toMatch(/e$/);
  });

  it.each(ENDING)('and its connection is not reused when bytes follow: %s', (_, bytes, { status, body }) => {
    expect(readAll(`${bytes}HTTP/1.1 200 OK\r\n`)).toMatchObject({ status, body, canReuse: false });
  });

  it('up to the close when nothing else frames it', () => {
    const { heard, parser } = listen();
    parser.read(Buffer.from(ok(['content-type: text/plain'], 'hel')));
    parser.read(Buffer.from('lo'));
    expect(heard).toMatchObject({ body: 'hello', canReuse: null });
    expect(parser.isBusy).toBe(true);
    expect(parser.close()).toBe(true);
    expect(heard).toMatchObject({ body: 'hello', canReuse: false, order: 'hde' });
  });

  it('names in small letters, values without the blanks around them and otherwise byte for byte', () => {
    const sent = ok(['X-Name:\t a  b \t', 'x-empty:', 'x-utf8: é\u00a0', 'X-Name: 2', 'content-length: 0']);
    const names = ['x-name', 'a  b', 'x-empty', '', 'x-utf8', 'é\u00a0', 'x-name', '2', 'content-length', '0'];
    expect(readAll(sent).headers).toEqual(names);
  });
});

describe('an answer that is cut off is not whole', () => {
  it.each([
    ['before its first byte', ''],
    ['in its head', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['after an interim answer', answer(['HTTP/1.1 100 Continue'])],
    ['in a body of known length', ok(['content-length: 5'], 'hell')],
    ['before a body of known length', ok(['content-length: 5'])],
    ['in a chunk', chunked('5\r\nhel')],
    ['between chunks', chunked('5\r\nhello\r\n')],
    ['before the end of the trailers', chunked('0\r\n')],
  ])('%s', (_, bytes) => {
    const { heard, parser } = listen();
    if (bytes !== '') parser.read(Buffer.from(bytes));
    expect(parser.hasBegun).toBe(bytes !== '');
    expect(parser.close()).toBe(false);
    expect(heard.canReuse).toBeNull();
  });
});

describe('bytes that are not an answer are refused', () => {
  it.each([
    ['a length and a coding', ok(['content-length: 1', 'transfer-encoding: chunked'])],
    ['a coding and a length', ok(['transfer-encoding: chunked', 'content-length: 1'])],
    ['two different lengths', ok(['content-length: 1', 'content-length: 2'])],
    ['a list of lengths', ok(['content-length: 1, 1'])],
    ['a length with a sign', ok(['content-length: +1'])],
    ['a length in hexadecimal', ok(['content-length: 0x1'])],
    ['an empty length', ok(['content-length:'])],
    ['a length that no number holds', ok(['content-length: 9007199254740993'])],
    ['a length with a blank only some readers know', ok(['content-length: 1\u00a0'])],
    ['another coding', ok(['transfer-encoding: gzip'])],
    ['two codings', ok(['transfer-encoding: gzip, chunked'])],
    ['a coding given twice', ok(['transfer-encoding: chunked', 'transfer-encoding: chunked'])],
    ['no status line', 'SSH-2.0-OpenSSH_9.9\r\n\r\n'],
    ['nothing before the first header', '\r\ncontent-length: 0\r\n\r\n'],
    ['HTTP/2', answer(['HTTP/2 200'])],
    ['HTTP/1.2', answer(['HTTP/1.2 200 OK'])],
    ['a status of two digits', answer(['HTTP/1.1 20 OK'])],
    ['a status of four digits', answer(['HTTP/1.1 2000 OK'])],
    ['a status below 100', answer(['HTTP/1.1 099 x'])],
    ['a header behind a line feed alone', ok([]).replace('OK', 'OK\ncontent-length: 5')],
    ['a header without a colon', ok(['content-length'])],
    ['a header without a name', ok([': 1'])],
    ['a blank before the colon', ok(['content-length : 1'])],
    ['a line folded', ok(['x-a: 1', ' 2'])],
    ['a carriage return in a value', ok(['x-a: 1\r2'])],
    ['a line feed in a value', ok(['x-a: 1\nx-b: 2'])],
    ['a zero byte in a value', ok(['x-a: 1\0'])],
    ['a switch of protocols', answer(['HTTP/1.1 101 Switching Protocols', 'upgrade: h2c'])],
    ['a chunk without a size', chunked('\r\nhi\r\n')],
    ['a size that is no number', chunked('xyz\r\nhi\r\n')],
    ['a size with a prefix', chunked('0x2\r\nhi\r\n')],
    ['a negative size', chunked('-2\r\nhi\r\n')],
    ['a size with letters behind', chunked('2g\r\nhi\r\n')],
    ['a size that no number holds', chunked(`${'f'.repeat(14)}\r\nhi\r\n`)],
    ['a size of a thousand digits', chunked(`${'1'.repeat(1000)}\r\nhi\r\n`)],
    ['a chunk longer than its size', chunked('2\r\nhiya\r\n')],
    ['a chunk and the next size without a line end', chunked('2\r\nhi0\r\n\r\n')],
    ['a chunk ended by a carriage return alone', chunked('2\r\nhi\r0\r\n\r\n')],
    ['a chunk extension without end', chunked(`2;${'x'.repeat(LINE_BYTES_MAX)}\r\n`)],
    ['a trailer without end', chunked(`0\r\nx: ${'x'.repeat(LINE_BYTES_MAX)}\r\n\r\n`)],
    ['a head without end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(HEAD_BYTES_MAX)}`],
    ['a head that is too long', ok([`x: ${'x'.repeat(HEAD_BYTES_MAX)}`])],
  ])('%s, in one piece and byte by byte', (_, bytes) => {
    expect(() => readAll(bytes)).toThrow('not HTTP/1.1');
    const { heard, parser } = listen();
    const byByte = (): void => {
      // The long ones come in pieces: a thousand bytes at a time shows the same.
      const step = bytes.length > 2000 ? 1000 : 1;
      for (let at = 0; at < bytes.length; at += step) parser.read(Buffer.from(bytes.slice(at, at + step), 'latin1'));
    };
    expect(byByte).toThrow('not HTTP/1.1');
    expect(heard.canReuse).toBeNull();
  });

  it('but the longest head allowed is read however it comes', () => {
    const start = 'HTTP/1.1 204 x\r\nx: ';
    const longest = `${start}${'x'.repeat(HEAD_BYTES_MAX - start.length)}\r\n\r\n`;
    const cuts = [1, 2, 3, 4].map((n) => longest.length - n);
    for (const cut of cuts) expect(readAll(longest.slice(0, cut), longest.slice(cut)).status).toBe(204);
    expect(readAll(longest).status).toBe(204);
    const tooLong = longest.replace('x: ', 'x: x');
    for (const cut of cuts) expect(() => readAll(tooLong.slice(0, cut), tooLong.slice(cut))).toThrow('too long');
  });
});

const chunkOf = fc.tuple(
  fc.string({ unit: fc.constantFrom('a', '\r', '\n', '0', ';', '\xff'), minLength: 1, maxLength: 40 }),
  fc.tuple(fc.nat({ max: 3 }), fc.boolean()),
  fc.constantFrom('', ';ext', ' ;a="b"'),
  fc.constantFrom('\r\n', '\n'),
);
const chunkedAnswer = fc
  .tuple(fc.array(chunkOf, { maxLength: 6 }), fc.constantFrom('', 'x-sum: 1\r\n', 'a: b\nc: d\r\n'))
  .map(([chunks, trailers]) => {
    const framed = chunks.map(([text, [zeros, isUpper], extension, eol]) => {
      const size = '0'.repeat(zeros) + text.length.toString(16);
      return `${isUpper ? size.toUpperCase() : size}${extension}${eol}${text}${eol}`;
    });
    return chunked(`${framed.join('')}0\r\n${trailers}\r\n`);
  });
const anyAnswer = fc.tuple(
  fc.constantFrom('', answer(['HTTP/1.1 100 Continue']), answer(['HTTP/1.1 103 Hints', 'a: b'])),
  fc.oneof(chunkedAnswer, fc.constantFrom(...ENDING.map(([, bytes]) => bytes), ok(['x: y'], 'until the close'))),
);

test('however an answer is split into pieces, the same is heard', () => {
  fc.assert(
    fc.property(anyAnswer, fc.array(fc.nat({ max: 400 }), { maxLength: 30 }), fc.boolean(), (parts, cuts, isByByte) => {
      const bytes = parts.join('');
      const places = isByByte ? [...bytes].keys() : [...cuts, 0].sort((a, b) => a - b).values();
      const starts = [...new Set(places)].filter((place) => place < bytes.length);
      const pieces = starts.map((start, i) => bytes.slice(start, starts[i + 1]));
      const whole = readAll(bytes);
      expect(whole.status).not.toBeNull();
      expect(readAll(...pieces)).toEqual(whole);
    }),
    { numRuns: 400 },
  );
});
