import { expect, it } from 'vitest';
import type { Activity } from '../../../activity/contract.ts';
import { byDay } from './by-day.ts';
import { writeExport } from './write-export.ts';

const activity = (id: string, created_at = '2026-11-02T10:00:00.000Z'): Activity => ({
  id,
  type: 'group_created',
  created_at,
  organization_id: 'org_1',
  organization_uuid: '1',
  actor: { type: 'user_actor', user_id: 'user_ada', email_address: 'ada@example.com', ip_address: '192.0.2.7' },
  group_id: 'rbac_group_1',
  group_name: '=cmd()',
});

async function* pages(...all: readonly (readonly Activity[])[]) {
  yield* all;
}

const write = async (format: 'csv' | 'json', ...all: readonly (readonly Activity[])[]) => {
  const counts: number[] = [];
  const progress = (count: number) => counts.push(count);
  const parts = await writeExport(pages(...all), { format, nameOf: ({ hint, id }) => hint ?? id, progress });
  return { text: parts.join(''), counts };
};

it('JSON holds the records of all pages as they are, whatever the number of pages', async () => {
  const [a, b, c] = [activity('activity_a'), activity('activity_b'), activity('activity_c')];
  const { text, counts } = await write('json', [a, b], [c]);
  expect(JSON.parse(text)).toEqual([a, b, c]);
  expect(counts).toEqual([2, 3]);
  expect(JSON.parse((await write('json')).text)).toEqual([]);
});

it('CSV says each activity in a sentence, with what is special to its type as JSON, and runs nothing', async () => {
  const { text } = await write('csv', [activity('activity_a')]);
  expect(text.split('\r\n')[1]).toBe(
    `2026-11-02T10:00:00.000Z,ada@example.com created the group =cmd(),group_created,user_actor,user_ada,ada@example.com,192.0.2.7,,"{""group_id"":""rbac_group_1"",""group_name"":""=cmd()""}",activity_a`,
  );
});

it('the feed is cut where the reader’s day ends', () => {
  const now = new Date(2026, 10, 25, 9);
  const at = (...when: readonly [number, number, number, number]) =>
    activity(`activity_${when.join('_')}`, new Date(...when).toISOString());
  const days = byDay([at(2026, 10, 25, 8), at(2026, 10, 25, 0), at(2026, 10, 24, 23), at(2026, 10, 20, 1)], now);
  expect(days.map(([day, things]) => [day, things.length])).toEqual([
    ['Today', 2],
    ['Yesterday', 1],
    [expect.stringContaining('20'), 1],
  ]);
});
