import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { closeWhileWaiting } from './close-waiting-answers.ts';

it('answers that wait for another one hear once that their connection has closed', async () => {
  const answers: ServerResponse[] = [];
  const closed: number[] = [];
  const server = createServer((request, answer) => {
    closeWhileWaiting(request, answer);
    const place = answers.push(answer);
    answer.on('close', () => closed.push(place));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(4));
  await expect.poll(() => answers.length).toBe(4);
  answers[0]?.end();
  await expect.poll(() => closed).toEqual([1]);
  client.destroy();
  await expect.poll(() => closed.toSorted()).toEqual([1, 2, 3, 4]);
  await new Promise((resolve) => server.close(resolve));
  expect(closed.length).toBe(4);
});
