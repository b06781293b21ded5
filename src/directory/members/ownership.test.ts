import { describe, expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import type { ActivityTables } from '../../activity/tables.ts';
import { type Doer, type OrganisationRole, permissionsOfScopes, Refusal } from '../../kernel/index.ts';
import { readPolicyVersion } from '../policy-changes.ts';
import { BY_ADMIN, BY_OWNER, BY_TEST, by, inPerson, openDirectory } from '../testing/open-directory.ts';
import { protectAdministrators, protectCustomRole } from './protect-owners.ts';
import { removeMember } from './remove-member.ts';
import { memberStore } from './store.ts';
import { suspendMember } from './suspend-member.ts';
import { transferOwnership } from './transfer-ownership.ts';
import { updateMember } from './update-member.ts';

const person = (role: OrganisationRole) => inPerson({ id: 'user_x', email: 'x@example.com', role });
const withKey = (role: OrganisationRole): Doer => {
  const { who } = person(role);
  return who.kind === 'member' ? by({ ...who, credentialId: 'apikey_1', sessionId: null }) : BY_ADMIN;
};
const SCOPED = by({
  kind: 'administrator',
  credentialId: 'apikey_1',
  permissions: permissionsOfScopes(['write:members']),
});

const DIRECTORY: Doer = { ...BY_TEST, who: { kind: 'directory', directoryId: 'dir_1', connectionType: null } };

/** Who may change owners and admins, and with which code the others are refused. */
const PROTECTION: readonly (readonly [string, Doer, string])[] = [
  ['an owner in person', person('owner'), 'may'],
  ['the primary owner in person', person('primary_owner'), 'may'],
  ['an identity provider', DIRECTORY, 'may'],
  ['an admin in person', person('membership_admin'), 'permission_denied'],
  ['an owner with a key', withKey('owner'), 'invalid_request'],
  ['an admin with a key', withKey('membership_admin'), 'invalid_request'],
  ['an admin key', BY_ADMIN, 'invalid_request'],
  ['a scoped admin key', SCOPED, 'invalid_request'],
];

const outcome = (run: () => void): string => {
  try {
    run();
    return 'may';
  } catch (error) {
    return error instanceof Refusal ? error.code : 'failed';
  }
};

describe('owners and admins', () => {
  it.each(PROTECTION)('can be changed or not by %s', (_, doer, wanted) => {
    for (const role of ['owner', 'membership_admin'] as const) {
      expect(outcome(() => protectAdministrators(doer, role))).toBe(wanted);
      expect(outcome(() => protectAdministrators(doer, 'user', role))).toBe(wanted);
    }
    expect(outcome(() => protectAdministrators(doer, 'user', 'managed'))).toBe('may');
  });

  it('are not the only ones protected: a scoped key makes somebody Custom only with the scope for groups', () => {
    const both = by({
      ...BY_ADMIN.who,
      permissions: permissionsOfScopes(['write:members', 'write:rbac_groups']),
    } as never);
    expect(outcome(() => protectCustomRole(SCOPED, 'managed'))).toBe('permission_denied');
    expect(outcome(() => protectCustomRole(SCOPED, 'user'))).toBe('may');
    for (const doer of [both, BY_ADMIN, BY_OWNER])
      expect(outcome(() => protectCustomRole(doer, 'managed'))).toBe('may');
  });
});

forEachDatabase((_engine, open) => {
  const start = async () => openDirectory(await open());
  const activitiesOf = (directory: Awaited<ReturnType<typeof start>>, type: string) =>
    directory.database.tables<ActivityTables>().selectFrom('activities').selectAll().where('type', '=', type).execute();

  describe('the role of the primary owner', () => {
    it('is handed over by its holder, who stays an owner, and is recorded', async () => {
      const directory = await start();
      const { deps, add, database } = directory;
      const chief = await add('chief', 'primary_owner');
      const ada = await add('ada');
      const after = await transferOwnership(deps)(ada.id, ' ADA@example.com', inPerson(chief));
      expect(after).toMatchObject({ id: ada.id, role: 'primary_owner' });
      expect(await memberStore(database).find(chief.id)).toMatchObject({ role: 'owner' });
      expect(await memberStore(database).findPrimaryOwner()).toMatchObject({ id: ada.id });
      const [recorded] = await activitiesOf(directory, 'primary_owner_transferred');
      expect(JSON.parse(recorded?.fields ?? '')).toEqual({ new_owner_id: ada.id, previous_owner_id: chief.id });
    });

    it('stays where it is when somebody else asks, a key asks, or the address or the person does not fit', async () => {
      const { deps, add, database } = await start();
      const chief = await add('chief', 'primary_owner');
      const owner = await add('owner', 'owner');
      const ada = await add('ada');
      const away = await add('away');
      await suspendMember(deps)(away.id, BY_ADMIN);
      const version = await readPolicyVersion(database);
      const refused: readonly (readonly [string, string, Doer, string])[] = [
        [ada.id, ada.email, inPerson(owner), 'permission_denied'],
        [ada.id, ada.email, BY_ADMIN, 'permission_denied'],
        [ada.id, ada.email, by({ ...inPerson(chief).who, credentialId: 'apikey_1' } as never), 'permission_denied'],
        [ada.id, 'bob@example.com', inPerson(chief), 'invalid_request'],
        [chief.id, chief.email, inPerson(chief), 'invalid_request'],
        [away.id, away.email, inPerson(chief), 'not_found'],
        ['user_x', ada.email, inPerson(chief), 'not_found'],
      ];
      for (const [id, email, doer, code] of refused)
        await expect(transferOwnership(deps)(id, email, doer)).rejects.toMatchObject({ code });
      expect(await memberStore(database).findPrimaryOwner()).toMatchObject({ id: chief.id });
      expect(await readPolicyVersion(database)).toBe(version);
    });

    it('is taken by an owner where nobody has it yet', async () => {
      const { deps, add } = await start();
      const owner = await add('owner', 'owner');
      const user = await add('user');
      const refused = transferOwnership(deps)(user.id, user.email, inPerson(user));
      await expect(refused).rejects.toMatchObject({ code: 'permission_denied' });
      const after = await transferOwnership(deps)(owner.id, owner.email, inPerson(owner));
      expect(after.role).toBe('primary_owner');
    });

    it('is held by one member at most, by the rule of the table itself', async () => {
      const { add } = await start();
      await add('chief', 'primary_owner');
      await expect(add('second', 'primary_owner')).rejects.toThrow();
    });

    it('goes to one of two whom its holder chooses at the same moment', async () => {
      const { deps, add, database } = await start();
      const chief = await add('chief', 'primary_owner');
      const [ada, bob] = [await add('ada'), await add('bob')];
      const both = await Promise.allSettled(
        [ada, bob].map(({ id, email }) => transferOwnership(deps)(id, email, inPerson(chief))),
      );
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const winner = both[0]?.status === 'fulfilled' ? ada : bob;
      expect(await memberStore(database).findPrimaryOwner()).toMatchObject({ id: winner.id });
    });
  });

  describe('two administrators at once', () => {
    it('who change one member each see their change hold, or are told of a conflict and may try again', async () => {
      const { deps, add, database } = await start();
      const ada = await add('ada');
      const both = await Promise.allSettled([
        updateMember(deps)(ada.id, { role: 'managed' }, BY_ADMIN),
        updateMember(deps)(ada.id, { name: 'Ada Lovelace' }, BY_OWNER),
      ]);
      const conflict = { code: 'conflict', details: { error_code: 'concurrent_membership_change' } };
      for (const one of both) if (one.status === 'rejected') expect(one.reason).toMatchObject(conflict);
      const after = await memberStore(database).find(ada.id);
      expect([after?.role === 'managed', after?.name === 'Ada Lovelace']).toEqual(
        both.map(({ status }) => status === 'fulfilled'),
      );
      expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    });

    it('who remove and change one member do not bring half of it back', async () => {
      const { deps, add, database } = await start();
      await add('bystander');
      const ada = await add('ada');
      const [removed, suspended, updated] = await Promise.allSettled([
        removeMember(deps)(ada.id, BY_ADMIN),
        suspendMember(deps)(ada.id, BY_OWNER),
        updateMember(deps)(ada.id, { role: 'managed' }, BY_ADMIN),
      ]);
      const isDone = ({ status }: PromiseSettledResult<unknown>) => status === 'fulfilled';
      expect(await memberStore(database).findAny(ada.id)).toMatchObject({
        status: isDone(removed) ? 'removed' : isDone(suspended) ? 'suspended' : 'active',
        role: isDone(updated) ? 'managed' : 'user',
      });
    });

    it('are told when what one of them saw is no longer so', async () => {
      const { deps, add, database } = await start();
      const ada = await add('ada');
      await updateMember(deps)(ada.id, { role: 'managed', expectedRole: 'user' }, BY_OWNER);
      const late = updateMember(deps)(ada.id, { role: 'owner', expectedRole: 'user' }, BY_OWNER);
      await expect(late).rejects.toMatchObject({ details: { error_code: 'concurrent_membership_change' } });
      expect(await memberStore(database).find(ada.id)).toMatchObject({ role: 'managed' });
    });
  });

  it('one owner stays, also when nobody is the primary owner and two take the role from each other', async () => {
    const { deps, add, database } = await start();
    const [ada, bob] = [await add('ada', 'owner'), await add('bob', 'owner')];
    // Both were owners when they asked; the second is none any more once it is their turn.
    const both = await Promise.allSettled([
      updateMember(deps)(ada.id, { role: 'user' }, inPerson(bob)),
      updateMember(deps)(bob.id, { role: 'user' }, inPerson(ada)),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await memberStore(database).countOwners()).toBe(1);
    const last = both[0]?.status === 'fulfilled' ? bob : ada;
    const refused = { code: 'invalid_request', details: { error_code: 'last_owner' } };
    await expect(updateMember(deps)(last.id, { role: 'managed' }, inPerson(last))).rejects.toMatchObject(refused);
    await expect(suspendMember(deps)(last.id, BY_OWNER)).rejects.toMatchObject(refused);
    await expect(removeMember(deps)(last.id, BY_OWNER)).rejects.toMatchObject(refused);
    expect(await updateMember(deps)(last.id, { name: 'Last' }, inPerson(last))).toMatchObject({ role: 'owner' });
  });

  it('the last member cannot be removed, and stays', async () => {
    const { deps, add, database } = await start();
    const ada = await add('ada');
    const last = { code: 'invalid_request', details: { error_code: 'cannot_remove_last_member' } };
    await expect(removeMember(deps)(ada.id, BY_ADMIN)).rejects.toMatchObject(last);
    expect(await memberStore(database).find(ada.id)).toMatchObject({ status: 'active' });
  });
});
