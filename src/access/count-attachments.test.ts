import { expect, it } from 'vitest';
import type { GroupFacts, MemberFacts } from '../directory/index.ts';
import { createCountAttachments } from './count-attachments.ts';

const group = (id: string, ...roleIds: string[]): GroupFacts => ({ id, name: id, roleIds });

const member = (id: string, groupIds: string[], ...roleIds: string[]): MemberFacts => ({
  id,
  email: `${id}@example.com`,
  name: id,
  role: 'managed',
  seatTier: null,
  groupIds,
  roleIds,
});

const byId = <T extends { readonly id: string }>(...rows: T[]) => new Map(rows.map((row) => [row.id, row]));

it('a member whom a role reaches by several groups and directly counts once for it', async () => {
  const groups = byId(group('g1', 'a', 'b'), group('g2', 'a'), group('g3'));
  const members = byId(member('u1', ['g1', 'g2', 'gone'], 'a'), member('u2', ['g2', 'g3']), member('u3', [], 'c'));
  const countsOf = await createCountAttachments()({ groups, members });
  expect(['a', 'b', 'c', 'd'].map(countsOf)).toEqual([
    { groups: 2, members: 2 },
    { groups: 1, members: 1 },
    { groups: 0, members: 1 },
    { groups: 0, members: 0 },
  ]);
});

it('what is counted is counted anew when somebody has changed', async () => {
  const count = createCountAttachments();
  const groups = byId(group('g1', 'a'));
  const first = await count({ groups, members: byId(member('u1', ['g1'])) });
  expect(first('a')).toEqual({ groups: 1, members: 1 });
  const members = byId(member('u1', ['g1']), member('u2', ['g1']));
  expect((await count({ groups, members }))('a')).toEqual({ groups: 1, members: 2 });
  expect((await count({ groups: byId(group('g1')), members }))('a')).toEqual({ groups: 0, members: 0 });
});
