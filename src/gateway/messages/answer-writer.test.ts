import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { type AnswerWriter, createAnswerWriter } from './answer-writer.ts';

type Handle = (answer: {
  readonly writer: AnswerWriter;
  readonly response: ServerResponse;
  /** How often the writer has said that the client caught up. */
  readonly drains: () => number;
}) => void | Promise<void>;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const serve = async (handle: Handle): Promise<number> => {
  const server: Server = createServer((request, response) => {
    let drains = 0;
    response.sendDate = false;
    request.resume();
    const writer = createAnswerWriter(response, () => drains++);
    void handle({ writer, response, drains: () => drains });
  });
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const dial = (port: number): Socket => {
  const socket = connect(port, '127.0.0.1');
  closers.push(() => socket.destroy());
  return socket;
};

const request = (version = '1.1', connection = 'keep-alive'): string =>
  `POST / HTTP/${version}\r\nhost: x\r\nconnection: ${connection}\r\ncontent-length: 0\r\n\r\n`;

/** Everything a client hears until the server closes. */
const hear = (port: number, sent: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const socket = dial(port);
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('end', () => resolve(Buffer.concat(pieces).toString('latin1')));
    socket.on('error', reject);
    socket.write(sent);
  });

const heardOnce = async (handle: Handle, sent = request('1.1', 'close')): Promise<[head: string, body: string]> => {
  const heard = await hear(await serve(handle), sent);
  const end = heard.indexOf('\r\n\r\n') + 4;
  return [heard.slice(0, end), heard.slice(end)];
};

/** The chunks of a chunked body; throws when the framing is not exactly RFC 9112 §7.1 up to the last byte. */
const chunksOf = (body: string): string[] => {
  const chunks: string[] = [];
  let at = 0;
  for (;;) {
    const [line, digits] = /^([0-9a-f]+)\r\n/.exec(body.slice(at, at + 20)) ?? [];
    if (line === undefined || digits === undefined) throw new Error(`no chunk size at ${at}`);
    const start = at + line.length;
    const end = start + Number.parseInt(digits, 16);
    if (body.slice(end, end + 2) !== '\r\n') throw new Error(`no line end at ${end}`);
    at = end + 2;
    if (start === end) break;
    chunks.push(body.slice(start, end));
  }
  if (at !== body.length) throw new Error(`${body.length - at} bytes after the last chunk`);
  return chunks;
};

const CHUNKED_HEAD = 'HTTP/1.1 200 OK\r\nx-a: 1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
/** Differs at every place, so that nothing can be lost, doubled or swapped unseen. */
const pattern = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255));

it('an answer of known length leaves byte for byte and unframed', async () => {
  const heard = await heardOnce(({ writer }) => {
    writer.begin(201, ['Content-Length', '256', 'x-a', '1', 'x-a', 'é']);
    writer.write(ALL_BYTES.subarray(0, 100));
    writer.end(ALL_BYTES.subarray(100));
  });
  const head = 'HTTP/1.1 201 Created\r\nContent-Length: 256\r\nx-a: 1\r\nx-a: é\r\nConnection: close\r\n\r\n';
  expect(heard).toEqual([head, ALL_BYTES.toString('latin1')]);
});

it('an answer of unknown length is one valid chunk a turn, whatever its bytes', async () => {
  const heard = await heardOnce(async ({ writer }) => {
    writer.begin(200, ['x-a', '1']);
    writer.write(bytes('one '));
    writer.write(bytes('two '));
    writer.write(bytes('\r\n0\r\n\r\n'));
    await nextTurn();
    writer.write(ALL_BYTES);
    await nextTurn();
    writer.end();
  });
  const body = `f\r\none two \r\n0\r\n\r\n\r\n100\r\n${ALL_BYTES.toString('latin1')}\r\n0\r\n\r\n`;
  expect(heard).toEqual([CHUNKED_HEAD, body]);
  expect(chunksOf(heard[1])).toEqual(['one two \r\n0\r\n\r\n', ALL_BYTES.toString('latin1')]);
});

it.each<readonly [what: string, answer: (writer: AnswerWriter) => void | Promise<void>, body: string]>([
  ['nothing at all', (writer) => writer.end(), '0\r\n\r\n'],
  ['an empty last chunk', (writer) => writer.end(bytes('')), '0\r\n\r\n'],
  [
    'a last chunk in the turn of another',
    (writer) => {
      writer.write(bytes('begin '));
      writer.end(bytes('end'));
    },
    '9\r\nbegin end\r\n0\r\n\r\n',
  ],
  [
    // An empty chunk on the wire would end the answer.
    'empty writes, which are no chunks',
    async (writer) => {
      writer.write(bytes(''));
      await nextTurn();
      writer.write(bytes('on'));
      await nextTurn();
      writer.write(bytes(''));
      writer.end();
    },
    '2\r\non\r\n0\r\n\r\n',
  ],
])('an answer of unknown length may be %s', async (_, answer, body) => {
  const heard = await heardOnce(({ writer }) => {
    writer.begin(200, ['x-a', '1']);
    return answer(writer);
  });
  expect(heard).toEqual([CHUNKED_HEAD, body]);
});

it.each([16 * 1024 - 9, 16 * 1024, 16 * 1024 + 1, 300_000])(
  'a first chunk of %i bytes arrives as it was',
  async (size) => {
    const big = pattern(size);
    const [, framed] = await heardOnce(async ({ writer }) => {
      writer.begin(200, []);
      writer.write(big);
      await nextTurn();
      writer.end(bytes('end'));
    });
    expect(chunksOf(framed)).toEqual([big.toString('latin1'), 'end']);
    const [, joined] = await heardOnce(({ writer }) => {
      writer.begin(200, []);
      writer.write(bytes('begin'));
      writer.end(big);
    });
    expect(chunksOf(joined)).toEqual([`begin${big.toString('latin1')}`]);
    const [, plain] = await heardOnce(({ writer }) => {
      writer.begin(200, ['content-length', String(size)]);
      writer.end(big);
    });
    expect(plain).toBe(big.toString('latin1'));
  },
);

it('a client of HTTP/1.0 gets no framing, and the close as the end', async () => {
  const sent = request('1.0', 'keep-alive');
  const heard = await heardOnce(async ({ writer }) => {
    writer.begin(200, ['x-a', '1']);
    writer.write(bytes('one '));
    await nextTurn();
    writer.end(bytes('two'));
  }, sent);
  expect(heard).toEqual(['HTTP/1.1 200 OK\r\nx-a: 1\r\nConnection: close\r\n\r\n', 'one two']);
});

it.each([
  [204, 'No Content'],
  [304, 'Not Modified'],
])('status %i has no body and no framing, even if bytes are given', async (status, phrase) => {
  const head = `HTTP/1.1 ${status} ${phrase}\r\nx-a: 1\r\nConnection: close\r\n\r\n`;
  const given = await heardOnce(({ writer }) => {
    writer.begin(status, ['x-a', '1']);
    writer.write(bytes('not'));
    writer.end(bytes('this'));
  });
  expect(given).toEqual([head, '']);
});

it('a connection that stays carries one answer after the other, each framed in its own way', async () => {
  const answers: Handle[] = [
    ({ writer }) => {
      writer.begin(200, ['x-n', '1']);
      writer.write(bytes('one'));
      writer.end();
    },
    ({ writer }) => {
      writer.begin(204, ['x-n', '2']);
      writer.end();
    },
    ({ writer }) => {
      writer.begin(200, ['x-n', '3', 'content-length', '5']);
      writer.end(bytes('three'));
    },
    async ({ writer }) => {
      writer.begin(200, ['x-n', '4']);
      writer.write(bytes('fo'));
      await nextTurn();
      writer.end(bytes('ur'));
    },
  ];
  const port = await serve((answer) => answers.shift()?.(answer));
  const heard = await hear(port, request().repeat(3) + request('1.1', 'close'));
  const kept = 'Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n';
  expect(heard.replace(/Keep-Alive: timeout=\d+/g, 'Keep-Alive: timeout=5')).toBe(
    [
      `HTTP/1.1 200 OK\r\nx-n: 1\r\n${kept}Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n`,
      `HTTP/1.1 204 No Content\r\nx-n: 2\r\n${kept}\r\n`,
      `HTTP/1.1 200 OK\r\nx-n: 3\r\ncontent-length: 5\r\n${kept}\r\nthree`,
      'HTTP/1.1 200 OK\r\nx-n: 4\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nfo\r\n2\r\nur\r\n0\r\n\r\n',
    ].join(''),
  );
});

it('a client that reads slowly makes it say so, and is told of when it has caught up; nothing is lost', async () => {
  const piece = pattern(10_000);
  let wroteBeforeFull = 0;
  let drainsWhileFull = -1;
  let readOn = (): void => {};
  const port = await serve(async ({ writer, drains, response }) => {
    writer.begin(200, []);
    // Full is what stays full: the kernel takes some megabytes, and may take a moment.
    for (let isFull = false; !isFull; isFull = response.writableNeedDrain) {
      for (; !response.writableNeedDrain; wroteBeforeFull++) {
        writer.write(piece);
        await nextTurn();
      }
      await sleep(30);
    }
    const before = drains();
    expect(writer.write(piece)).toBe(false);
    await sleep(30);
    drainsWhileFull = drains() - before;
    readOn();
    while (drains() === before) await nextTurn();
    expect(writer.write(piece)).toBe(true);
    writer.end();
  });
  const socket = dial(port);
  const pieces: Buffer[] = [];
  socket.pause();
  socket.write(request('1.1', 'close'));
  await new Promise<void>((resolve) => {
    readOn = () => {
      socket.on('data', (data: Buffer) => pieces.push(data));
      socket.resume();
    };
    socket.on('end', resolve);
  });
  const body = Buffer.concat(pieces).toString('latin1').split('\r\n\r\n').slice(1).join('\r\n\r\n');
  expect(chunksOf(body).join('')).toBe(piece.toString('latin1').repeat(wroteBeforeFull + 2));
  expect(drainsWhileFull).toBe(0);
});

it('more than 64 KB in one turn asks to wait, and says when it has left', async () => {
  let answers: boolean[] = [];
  const [, body] = await heardOnce(async ({ writer, drains }) => {
    writer.begin(200, []);
    answers = [60_000, 5_535, 1].map((size) => writer.write(pattern(size)));
    expect(drains()).toBe(0);
    while (drains() === 0) await nextTurn();
    answers.push(writer.write(bytes('x')));
    writer.end();
  });
  expect(answers).toEqual([true, true, false, true]);
  expect(chunksOf(body).map((chunk) => chunk.length)).toEqual([65_536, 1]);
});

it('a client that leaves between a write and its turn harms nothing', async () => {
  const over = Promise.withResolvers<string>();
  const port = await serve(async ({ writer, response }) => {
    response.on('error', over.reject);
    writer.begin(200, []);
    writer.write(bytes('one'));
    response.destroy();
    await nextTurn();
    writer.write(bytes('two'));
    await nextTurn();
    writer.end(bytes('three'));
    await nextTurn();
    over.resolve('calm');
  });
  dial(port)
    .on('error', () => {})
    .write(request());
  expect(await over.promise).toBe('calm');
});
