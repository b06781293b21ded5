import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../../tests/support/databases.ts';
import { NO_LIMITS } from '../../limits.ts';
import { BY_TEST } from '../../testing/open-directory.ts';
import { findDirectory } from '../directories/manage-directory.ts';
import { openScim } from '../testing/open-scim.ts';
import { createNewcomers } from './create-newcomers.ts';

forEachDatabase((_engine, open) => {
  const start = async (members: number | null = null) => {
    const { database, deps, directory, scim, add } = await openScim(await open());
    const work = {
      deps: { ...deps, limits: { ...NO_LIMITS, members } },
      sql: database,
      directory: await findDirectory(database, directory.id),
      by: BY_TEST,
    };
    const create = async (...bodies: readonly object[]) =>
      (await createNewcomers(bodies.map((body) => ({ work, body: { ...body } })))).map(({ resource }) =>
        resource.get('userName'),
      );
    return { create, scim, add };
  };
  const named = (userName: string, email?: string) => ({ userName, ...(email && { emails: [{ value: email }] }) });

  it('takes in people up to the first whom somebody knows, who is not valid, or who is named as one before', async () => {
    const { create, scim, add } = await start();
    await scim('POST /Users', { userName: 'known' });
    await add('member');
    expect(await create(named('a'), named('b'), named('KNOWN'), named('c'))).toEqual(['a', 'b']);
    expect(await create(named('d'), named('e', 'member@example.com'))).toEqual(['d']);
    expect(await create(named('f'), {}, named('g'))).toEqual(['f']);
    expect(await create(named('h'), named('H'))).toEqual(['h']);
    expect(await create(named('i', 'x@y.example'), named('j', 'X@y.example'))).toEqual(['i']);
    expect(await create(named('known'), named('k'))).toEqual([]);
  });

  it('takes in no more people than the organisation may have', async () => {
    const { create } = await start(2);
    expect(await create(named('a'), named('b'), named('c'))).toEqual(['a', 'b']);
    expect(await create(named('c'), named('d'))).toEqual([]);
  });
});
