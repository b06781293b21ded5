import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ClientLeft } from '../read-body.ts';
import { writeHeaders } from '../written-headers.ts';
import type { ClientExchange } from './client-exchange.ts';
import {
  bytes,
  DATED,
  dial,
  echo,
  echoOf,
  failures,
  hear,
  LAST,
  pattern,
  request,
  serve,
} from './testing/front-stage.ts';

it('a connection carries requests one after the other, also when all come at once or bodies in pieces', async () => {
  const { port } = await serve(echo);
  expect(await hear(port, request('one') + request('two') + request('three') + LAST)).toContain(
    echoOf('one') + echoOf('two') + echoOf('three'),
  );
  const piece = 'x'.repeat(50_000);
  const large = request(piece + piece);
  expect(await hear(port, large.slice(0, 70_000), large.slice(70_000) + request('two'), LAST)).toContain(
    echoOf(piece + piece) + echoOf('two'),
  );
});

it('anything but a plain Messages request is node’s, with all that follows on its connection', async () => {
  const { port } = await serve(echo);
  const heard = await hear(port, request('one'), 'GET /a HTTP/1.1\r\nhost: x\r\n\r\n', request('two'), LAST);
  expect(heard.match(/one|two|node \S+/g)).toEqual(['one', 'node /a', 'node /v1/messages', 'node /last']);
});

it.each([1, 17, 40, 56])('a head that comes in two pieces (%i bytes and the rest) is served by node', async (at) => {
  const { port } = await serve(echo);
  const text = request('one');
  const heard = await hear(port, text.slice(0, at), text.slice(at), LAST);
  expect(heard.match(/one|node \S+/g)).toEqual(['node /v1/messages', 'node /last']);
});

it('a client that leaves is heard of once, whether it is answered or still sending', async () => {
  const seen: unknown[] = [];
  const { port } = await serve(async (exchange) => {
    exchange.listen({ left: () => seen.push('left'), drained: () => {} });
    await Promise.resolve(exchange.collect(1000)).catch((error: unknown) => seen.push(error));
  });
  const whole = dial(port);
  whole.write(request('one'));
  await sleep(50);
  whole.destroy();
  const half = dial(port);
  half.write(request('one').slice(0, -1));
  await sleep(50);
  half.end();
  await sleep(50);
  expect(seen).toEqual(['left', 'left', expect.any(ClientLeft)]);
});

it('a client that reads slowly makes it say so, and is told of when it has caught up', async () => {
  const piece = pattern(60_000);
  const done = Promise.withResolvers<number>();
  const { port } = await serve(async (exchange) => {
    let drains = 0;
    exchange.listen({ left: () => {}, drained: () => drains++ });
    exchange.begin(200, writeHeaders(DATED));
    let sent = 0;
    for (; exchange.write(piece); sent++) await nextTurn();
    await nextTurn();
    const before = drains;
    await sleep(50);
    expect(drains).toBe(before);
    socket.resume();
    while (drains === before) await nextTurn();
    exchange.end();
    done.resolve(sent + 1);
  });
  const socket = dial(port);
  let got = 0;
  socket.pause();
  socket.on('data', (data: Buffer) => {
    got += data.length;
  });
  socket.pause();
  socket.write(request());
  const pieces = await done.promise;
  while (got < pieces * piece.length) await sleep(5);
});

it('an answer that overtakes its request ends the connection once the rest has come', async () => {
  const { port } = await serve((exchange) => exchange.answer(401, ['content-length', '2', ...DATED], 'no'));
  const text = request('x'.repeat(1000));
  expect(await hear(port, text.slice(0, 500), text.slice(500) + request())).toBe(
    'HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\ndate: today\r\nconnection: close\r\n\r\nno',
  );
});

it('closing ends idle connections at once and the others after what they are answering', async () => {
  const held = Promise.withResolvers<ClientExchange>();
  const { port, front } = await serve((exchange) => held.resolve(exchange));
  const idle = hear(port);
  const busy = hear(port, request('one') + request('two'));
  const exchange = await held.promise;
  front.close();
  expect(await idle).toBe('');
  exchange.begin(200, writeHeaders(['content-length', '2', ...DATED]));
  exchange.end(bytes('ok'));
  await sleep(50);
  front.cut();
  expect(await busy).toContain('connection: close\r\n\r\nok');
});

it.each([20_000, 70_000, 200_000])(
  'a body of %i bytes may come behind its head, alone or with the next request, and be given back',
  async (size) => {
    const { port } = await serve(async (exchange) => {
      const body = await exchange.collect(1_000_000);
      const text = body.joined().toString('latin1');
      body.giveBack();
      exchange.begin(200, writeHeaders(['content-length', String(text.length), ...DATED]));
      exchange.end(bytes(text));
    });
    const body = pattern(size).toString('latin1');
    const [head, whole] = [request(body).slice(0, -size), echoOf(body)];
    const pieces = [
      head,
      body.slice(0, 16_500),
      body.slice(16_500),
      head,
      body,
      head + body,
      head + body + head,
      body,
      LAST,
    ];
    const heard = await hear(port, ...pieces);
    expect(heard.startsWith(whole.repeat(5))).toBe(true);
    expect(failures).toEqual([]);
  },
);

it('whatever is thrown while a connection is served is the end of that connection only', async () => {
  const { port } = await serve((exchange) => {
    if (exchange.url.endsWith('now')) throw new Error('now');
    if (!exchange.url.endsWith('later')) return echo(exchange);
    exchange.listen({
      left: () => {
        throw new Error('left');
      },
      drained: () => {
        throw new Error('drained');
      },
    });
    exchange.begin(200, writeHeaders(DATED));
    exchange.write(bytes('x'));
  });
  const calm = hear(port, request('one'), request('two'), LAST);
  expect(await hear(port, request('', '/v1/messages?now'))).toBe('');
  expect(await hear(port, request('', '/v1/messages?later'))).toContain('transfer-encoding');
  expect(await calm).toContain('node /last');
  expect(failures).toEqual([new Error('now'), new Error('drained'), new Error('left')]);
});
