import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { createGroup, deleteGroup } from '../groups/change-group.ts';
import { addGroupMember, removeGroupMember } from '../groups/change-membership.ts';
import { createInvite } from '../invites/create-invite.ts';
import { removeMember } from '../members/remove-member.ts';
import { BY_ADMIN, BY_OWNER, BY_TEST, type Directory, openDirectory } from './open-directory.ts';

/** A list that is paged, and the ways it can change while somebody reads it. */
type Paged = {
  readonly path: string;
  readonly style: 'ids' | 'cursor';
  readonly idOf: (item: Record<string, unknown>) => string;
  /** Adds one and answers its id. */
  readonly add: (count: number) => Promise<string>;
  readonly remove?: (id: string) => Promise<unknown>;
};

const idOf = ({ id }: Record<string, unknown>) => String(id);

/** The lists of the Admin API, each over an empty directory. */
const LISTS: Readonly<Record<string, (directory: Directory) => Promise<Paged>>> = {
  members: async ({ deps, add }) => ({
    path: '/v1/organizations/users',
    style: 'ids',
    idOf,
    add: async (count) => (await add(`member${count}`)).id,
    remove: (id) => removeMember(deps)(id, BY_ADMIN),
  }),
  invites: async ({ deps }) => ({
    path: '/v1/organizations/invites',
    style: 'ids',
    idOf,
    add: async (count) => {
      const wanted = { email: `p${count}@example.com`, role: 'user', groupIds: [] } as const;
      return (await createInvite(deps)(wanted, BY_OWNER)).invite.id;
    },
  }),
  groups: async ({ deps }) => ({
    path: '/v1/organizations/rbac_groups',
    style: 'cursor',
    idOf,
    add: async (count) => (await createGroup(deps)(`Group ${(count * 37) % 100} ${count}`, BY_TEST)).id,
    remove: (id) => deleteGroup(deps)(id, BY_TEST),
  }),
  'members of a group': async ({ deps, add }) => {
    const { id } = await createGroup(deps)('Builders', BY_TEST);
    return {
      path: `/v1/organizations/rbac_groups/${id}/members`,
      style: 'cursor',
      idOf: ({ user_id }) => String(user_id),
      add: async (count) => {
        const { id: userId } = await add(`member${count}`);
        await addGroupMember(deps)(id, userId, BY_TEST);
        return userId;
      },
      remove: (userId) => removeGroupMember(deps)(id, userId, BY_TEST),
    };
  },
};

/** What happens between two pages: one is added, or one of those that are there goes. */
const between = fc.array(fc.tuple(fc.boolean(), fc.nat(50)), { maxLength: 3 });

forEachDatabase((engine, open) => {
  describe.each(Object.entries(LISTS))('pages of %s', (_, prepare) => {
    it('hold everything that was there all the time once, and nothing twice, whatever comes and goes', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 4 }),
          fc.array(between, { maxLength: 6 }),
          async (limit, changes) => {
            const directory = await openDirectory(await open());
            const key = await directory.keyOf(await directory.add('owner', 'owner'));
            const list = await prepare(directory);
            let count = 0;
            const next = () => {
              count += 1;
              return list.add(count);
            };
            const there = new Set<string>();
            for (let at = 0; at < 7; at++) there.add(await next());
            const stayed = new Set(there);
            const seen: string[] = [];
            let cursor = '';
            for (let page = 0; page < 40; page++) {
              const { status, body } = await directory.send(`GET ${list.path}?limit=${limit}${cursor}`, { key });
              expect(status).toBe(200);
              seen.push(...(body.data as Record<string, unknown>[]).map(list.idOf));
              const following = list.style === 'ids' ? body.has_more && body.last_id : body.next_page;
              if (typeof following !== 'string') break;
              cursor = list.style === 'ids' ? `&after_id=${following}` : `&page=${following}`;
              for (const [isNew, which] of changes[page] ?? []) {
                if (isNew) there.add(await next());
                else {
                  const id = [...there][which % there.size];
                  if (id === undefined || list.remove === undefined) continue;
                  await list.remove(id);
                  there.delete(id);
                  stayed.delete(id);
                }
              }
            }
            expect(new Set(seen).size).toBe(seen.length);
            expect([...stayed].filter((id) => !seen.includes(id))).toEqual([]);
          },
        ),
        { numRuns: engine === 'sqlite' ? 8 : 2 },
      );
    }, 60_000);
  });
});
