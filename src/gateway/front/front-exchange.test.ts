import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { writeHeaders } from '../written-headers.ts';
import { bytes, CHUNKED, DATED, hear, heardOf, LAST, pattern, request, STAYS, serve } from './testing/front-stage.ts';

it('answers of known length leave unframed, of unknown length as one chunk a turn', async () => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  const plain = await heardOf((exchange) => {
    exchange.begin(201, writeHeaders(['content-length', '256', 'x-a', 'é', ...DATED]));
    exchange.write(all.subarray(0, 100));
    exchange.end(all.subarray(100));
  });
  expect(plain).toBe(
    `HTTP/1.1 201 Created\r\ncontent-length: 256\r\nx-a: é\r\ndate: today\r\n${STAYS}\r\n${all.toString('latin1')}`,
  );
  const chunked = await heardOf(async (exchange) => {
    exchange.begin(200, writeHeaders(DATED));
    exchange.write(bytes('one '));
    exchange.write(bytes('two\r\n'));
    await nextTurn();
    exchange.write(bytes(''));
    await nextTurn();
    exchange.write(all);
    await nextTurn();
    exchange.end(bytes('end'));
  });
  expect(chunked).toBe(`${CHUNKED}9\r\none two\r\n\r\n100\r\n${all.toString('latin1')}\r\n3\r\nend\r\n0\r\n\r\n`);
});

it.each([16 * 1024, 16 * 1024 + 1, 300_000])(
  '%i bytes arrive as they were, in one piece or behind others',
  async (size) => {
    const big = pattern(size);
    const framed = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
    const first = await heardOf(async (exchange) => {
      exchange.begin(200, writeHeaders(DATED));
      exchange.write(big);
      await nextTurn();
      exchange.end();
    });
    expect(first === `${CHUNKED}${framed(big.toString('latin1'))}0\r\n\r\n`).toBe(true);
    const second = await heardOf(async (exchange) => {
      exchange.begin(200, writeHeaders(DATED));
      exchange.write(bytes('x'));
      await nextTurn();
      exchange.end(big);
    });
    expect(second === `${CHUNKED}${framed('x')}${framed(big.toString('latin1'))}0\r\n\r\n`).toBe(true);
  },
);

it('an answer without a body has none, whatever is written', async () => {
  const heard = await heardOf((exchange) => {
    exchange.begin(204, writeHeaders(DATED));
    exchange.end(bytes('not this'));
  });
  expect(heard).toBe(`HTTP/1.1 204 No Content\r\ndate: today\r\n${STAYS}\r\n`);
});

it.each<readonly [what: string, end: string]>([
  ['shorter', 'end'],
  ['longer', 'much too long'],
])('an answer %s than announced ends its connection', async (_, end) => {
  const { port } = await serve((exchange) => {
    exchange.begin(200, writeHeaders(['content-length', '5', ...DATED]));
    exchange.end(bytes(end));
  });
  expect(await hear(port, request(), request())).toBe('');
});

it('a value that would break its line is not sent', async () => {
  let thrown: unknown;
  const { port } = await serve((exchange) => {
    try {
      exchange.begin(200, writeHeaders(['x-a', 'b\r\nset-cookie: c']));
    } catch (error) {
      thrown = error;
      exchange.answer(500, ['content-length', '2', ...DATED], 'no');
    }
  });
  expect(await hear(port, request(), LAST)).toMatch(/^HTTP\/1\.1 500 [\s\S]*\r\n\r\nno/);
  expect(thrown).toBeInstanceOf(TypeError);
});
