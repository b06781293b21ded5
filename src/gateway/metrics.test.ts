import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createGatewayMetrics } from './metrics.ts';

const openMetrics = () => {
  const registry = new Registry();
  const metrics = createGatewayMetrics(registry, () => 3);
  const figures = async (): Promise<ReadonlyMap<string, number>> => {
    const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
  };
  return { metrics, figures };
};

it('has counted every request by the time somebody asks, however many there were between', async () => {
  const { metrics, figures } = openMetrics();
  for (const requests of [1, 2500, 0]) {
    for (let i = 0; i < requests; i++) {
      metrics.decided('messages', 'allow');
      metrics.ended('completed', i % 2 === 0 ? 200 : null, 400);
    }
    await figures();
  }
  const counted = await figures();
  expect(counted.get('remit_decisions_total{endpoint="messages",effect="allow"}')).toBe(2501);
  expect(counted.get('remit_requests_ended_total{outcome="completed"}')).toBe(2501);
  expect(counted.get('remit_request_seconds_count')).toBe(2501);
  expect(counted.get('remit_request_seconds_sum')).toBeCloseTo(2501 * 0.4, 6);
  expect(counted.get('remit_first_byte_seconds_count')).toBe(1251);
  expect(counted.get('remit_first_byte_seconds_bucket{le="0.1"}')).toBe(0);
  expect(counted.get('remit_first_byte_seconds_bucket{le="0.25"}')).toBe(1251);
  expect(counted.get('remit_running_requests')).toBe(3);
});
