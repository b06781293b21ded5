import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../../tests/support/databases.ts';
import { openDirectory } from '../../testing/open-directory.ts';
import { bindFilter } from '../rules/filter/bind-filter.ts';
import { matchesResource } from '../rules/filter/evaluate-filter.ts';
import { parseFilter } from '../rules/filter/parse-filter.ts';
import { printFilter } from '../rules/filter/print-filter.ts';
import { readResource } from '../rules/read-resource.ts';
import { USER } from '../rules/schema/resource-type.ts';
import { arbitraryFilter, arbitraryText } from '../rules/testing/arbitrary-filter.ts';
import type { JsonObject } from '../rules/value.ts';
import type { Tables } from '../tables.ts';
import { filterCondition } from './filter-sql.ts';
import { readOrder } from './page-of.ts';
import { scimUserStore } from './user-store.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const text = fc.option(arbitraryText, { nil: null });
const element = fc.record({ value: text, type: text, primary: fc.option(fc.boolean(), { nil: null }) });

const arbitraryPerson: fc.Arbitrary<JsonObject> = fc.record({
  externalId: text,
  displayName: text,
  title: text,
  active: fc.boolean(),
  name: fc.record({ givenName: text, familyName: text }),
  emails: fc.array(element, { maxLength: 3 }),
  roles: fc.array(element, { maxLength: 2 }),
  addresses: fc.array(fc.record({ locality: text, type: text }), { maxLength: 2 }),
  [ENTERPRISE]: fc.record({ department: text, manager: fc.record({ value: text }) }),
});

forEachDatabase((_engine, open) => {
  const start = async (people: readonly JsonObject[]) => {
    const { database, add } = await openDirectory(await open());
    await database
      .tables<Tables>()
      .insertInto('scim_directories')
      .values({
        id: 'd',
        name: 'D',
        mode: 'live',
        authoritative_domains: '',
        maps_roles: 0,
        removal_share_percent: 20,
        created_at: 0,
        updated_at: 0,
      })
      .execute();
    const users = scimUserStore(database);
    const stored = new Map<string, ReturnType<typeof readResource>['resource']>();
    for (const [at, person] of people.entries()) {
      const { id } = await add(`person-${at}`);
      const { resource } = readResource(USER, { userName: `User ${at}`, ...person });
      await users.insert('d', { id, resource, version: 1, createdAt: at, updatedAt: at, isSuspendedHere: false });
      stored.set(id, resource);
    }
    return { users, stored };
  };

  it('finds by SQL whom the same filter holds for in memory', async () => {
    const people = fc.sample(arbitraryPerson, { numRuns: 60, seed: 7 });
    const { users, stored } = await start(people);
    await fc.assert(
      fc.asyncProperty(arbitraryFilter(USER), async (syntax) => {
        const filter = bindFilter(USER, syntax);
        const condition = filterCondition(USER, filter);
        const found = await users.page('d', { condition, limit: 1000, offset: 0 });
        const wanted = [...stored].filter(([, resource]) => matchesResource(filter, resource)).map(([id]) => id);
        expect([printFilter(syntax), found.map(({ id }) => id)]).toEqual([printFilter(syntax), wanted.sort()]);
        expect(await users.count('d', condition)).toBe(wanted.length);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('refuses to search by what is no column', async () => {
    for (const filter of ['meta.location eq "x"', 'groups.$ref eq "x"', 'schemas eq "x"'])
      expect(() => filterCondition(USER, bindFilter(USER, parseFilter(filter)))).toThrow(
        expect.objectContaining({ scimType: 'invalidFilter' }),
      );
  });

  it('sorts by an attribute, a part, or the main element of a list; what is missing comes last, or first', async () => {
    const { users } = await start([
      { title: 'b', emails: [{ value: 'z@x' }, { value: 'a@x', primary: true }] },
      { title: 'C', emails: [{ value: 'b@x' }] },
      { name: { givenName: 'Ada' } },
      { title: 'a', emails: [{ value: 'c@x' }] },
    ]);
    const sorted = async (sortBy: string, sortOrder?: string) => {
      const page = await users.page('d', { order: readOrder(USER, sortBy, sortOrder), limit: 10, offset: 0 });
      return page.map(({ resource }) => String(resource.get('userName')).slice(-1)).join('');
    };
    expect(await sorted('title')).toBe('3012');
    expect(await sorted('TITLE', 'descending')).toBe('2103');
    expect(await sorted('emails')).toBe('0132');
    expect(await sorted('emails.value', 'ascending')).toBe('0132');
    expect(await sorted('name.givenName')).toBe('2013');
    expect(await sorted('meta.created', 'Descending')).toBe('3210');
    for (const sortBy of ['shoeSize', 'name', 'groups', '__proto__'])
      expect(() => readOrder(USER, sortBy, undefined)).toThrow(expect.objectContaining({ scimType: 'invalidPath' }));
  });
});
