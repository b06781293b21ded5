import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { BY_TEST, openDirectory } from '../testing/open-directory.ts';
import { addMember } from './add-member.ts';

forEachDatabase((_engine, open) => {
  it('sorts by name, whatever its case, up and down and back, a page at a time', async () => {
    const { deps, add, keyOf, send } = await openDirectory(await open());
    const key = await keyOf(await add('zoe', 'owner'));
    for (const name of ['bob', 'Ada', 'Cyd', 'bob'])
      await addMember(deps)({ email: `${name}${Math.random()}@example.com`, name, role: 'user' }, BY_TEST);
    const list = async (query: string) => {
      const { body } = await send(`GET /v1/organizations/users?sort_by=name&limit=2&${query}`, { key });
      return body as { data: { name: string }[]; has_more: boolean; first_id: string; last_id: string };
    };
    const namesOf = ({ data }: Awaited<ReturnType<typeof list>>) => data.map(({ name }) => name);
    const first = await list('');
    expect([namesOf(first), first.has_more]).toEqual([['Ada', 'bob'], true]);
    const second = await list(`after_id=${first.last_id}`);
    expect([namesOf(second), second.has_more]).toEqual([['bob', 'Cyd'], true]);
    expect(namesOf(await list(`after_id=${second.last_id}`))).toHaveLength(1);
    const back = await list(`before_id=${second.first_id}`);
    expect([namesOf(back), back.has_more]).toEqual([['Ada', 'bob'], false]);
    expect(namesOf(await list('sort_order=desc')).at(1)).toBe('Cyd');
  });
});
