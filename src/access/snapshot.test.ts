import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { forEachDatabase } from '../../tests/support/databases.ts';
import { createApiKey } from '../directory/api-keys/create-api-key.ts';
import { apiKeyStore } from '../directory/api-keys/store.ts';
import { updateApiKey } from '../directory/api-keys/update-api-key.ts';
import { createGroup, deleteGroup, renameGroup } from '../directory/groups/change-group.ts';
import {
  addGroupMember,
  attachGroupRole,
  detachGroupRole,
  removeGroupMember,
} from '../directory/groups/change-membership.ts';
import { attachMemberRole, detachMemberRole } from '../directory/members/attach-role.ts';
import { removeMember } from '../directory/members/remove-member.ts';
import { restoreMember, suspendMember } from '../directory/members/suspend-member.ts';
import { updateMember } from '../directory/members/update-member.ts';
import { createRole, deleteRole, renameRole } from '../directory/roles/change-role.ts';
import { BY_ADMIN, BY_TEST } from '../directory/testing/open-directory.ts';
import { Refusal } from '../kernel/index.ts';
import { hashSecret } from '../platform/index.ts';
import type { Policy } from './policy.ts';
import { resolveCaller } from './resolve-caller.ts';
import { CATALOGUE } from './rules/catalogue.ts';
import { explainAccess } from './rules/effective-access.ts';
import { entitlementsOf } from './rules/entitlements.ts';
import { principalOfGroup, principalOfMember, readSnapshot, type Snapshot } from './snapshot.ts';
import { type Access, HAIKU, OPUS, openAccess, SONNET } from './testing/open-access.ts';

/** Random changes, each of somebody or something picked by a number; what is refused is refused. */
const changes = (access: Access, known: Record<'members' | 'groups' | 'roles' | 'keys', string[]>) => {
  const { deps, add } = access;
  const pick = (ids: readonly string[], by: number): string => ids[by % Math.max(1, ids.length)] ?? 'nobody';
  const two = (by: number) => [by, Math.floor(by / 7)] as const;
  const actions: readonly ((by: number) => Promise<unknown>)[] = [
    async (by) => known.members.push((await add(`person${by % 9}`, by % 3 === 0 ? 'user' : 'managed')).id),
    async (by) => known.groups.push((await createGroup(deps)(`Group ${by}`, BY_TEST)).id),
    async (by) => known.roles.push((await createRole(deps)(`Role ${by}`, BY_TEST)).id),
    async (by) => {
      const owner = by % 2 === 0 ? { userId: pick(known.members, by) } : { groupId: pick(known.groups, by) };
      known.keys.push((await createApiKey(deps)({ name: 'k', owner, expiresAt: null }, BY_TEST)).key.id);
    },
    (by) => removeMember(deps)(pick(known.members, by), BY_ADMIN),
    (by) => updateMember(deps)(pick(known.members, by), { role: by % 2 === 0 ? 'managed' : 'user' }, BY_ADMIN),
    (by) => deleteGroup(deps)(pick(known.groups, by), BY_TEST),
    (by) => renameGroup(deps)(pick(known.groups, by), `Renamed ${by}`, BY_TEST),
    (by) => deleteRole(deps)(pick(known.roles, by), BY_TEST),
    (by) => renameRole(deps)(pick(known.roles, by), `Renamed ${by}`, BY_TEST),
    (by) => updateApiKey(deps)(pick(known.keys, by), { status: by % 2 === 0 ? 'inactive' : 'archived' }, BY_TEST),
    (by) => addGroupMember(deps)(pick(known.groups, two(by)[0]), pick(known.members, two(by)[1]), BY_TEST),
    (by) => removeGroupMember(deps)(pick(known.groups, two(by)[0]), pick(known.members, two(by)[1]), BY_TEST),
    (by) => attachGroupRole(deps)(pick(known.groups, two(by)[0]), pick(known.roles, two(by)[1]), BY_TEST),
    (by) => detachGroupRole(deps)(pick(known.groups, two(by)[0]), pick(known.roles, two(by)[1]), BY_TEST),
    (by) => attachMemberRole(deps)(pick(known.members, two(by)[0]), pick(known.roles, two(by)[1]), BY_TEST),
    (by) => detachMemberRole(deps)(pick(known.members, two(by)[0]), pick(known.roles, two(by)[1]), BY_TEST),
    (by) => access.change({ kind: 'organisation-model', model: pick([OPUS, SONNET], by), enabled: by % 3 !== 0 }),
    (by) => {
      const model = pick([OPUS, SONNET, HAIKU], two(by)[1]);
      const maxEffort = pick(['low', 'medium', 'high'], by) as 'low';
      return access.change({ kind: 'role-model', role: pick(known.roles, by), model, maxEffort });
    },
    (by) => (by % 2 === 0 ? suspendMember : restoreMember)(deps)(pick(known.members, two(by)[1]), BY_ADMIN),
  ];
  return async (action: number, by: number): Promise<void> => {
    try {
      await actions[action % actions.length]?.(by);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  };
};

/** What a snapshot means: its facts, and in words what everybody may do. Ids of what is gone mean nothing. */
const meaningOf = (snapshot: Snapshot) => {
  const { version, organisation, roles, groups, members, credentials, index } = snapshot;
  const sorted = <T extends { readonly id: string }>(map: ReadonlyMap<string, T>) =>
    [...map.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const existing = (ids: readonly string[], map: ReadonlyMap<string, unknown>) => ids.filter((id) => map.has(id));
  return {
    version,
    organisation,
    roles: sorted(roles),
    credentials: sorted(credentials),
    hashes: [...snapshot.credentialsByHash.keys()].sort(),
    groups: sorted(groups).map((one) => ({ ...one, roleIds: existing(one.roleIds, roles) })),
    suspended: sorted(snapshot.suspended),
    members: sorted(members).map((one) => ({
      ...one,
      roleIds: existing(one.roleIds, roles),
      groupIds: existing(one.groupIds, groups),
    })),
    rights: [
      ...sorted(members).map((member) => principalOfMember(snapshot, member)),
      ...sorted(groups).map((group) => principalOfGroup(snapshot, group)),
    ].map((principal) => explainAccess(entitlementsOf({ index, organisation, principal }))),
  };
};

forEachDatabase((engine, open) => {
  const opened: Policy[] = [];
  afterEach(async () => {
    for (const policy of opened.splice(0)) await policy.close();
  });
  const start = async () => {
    const access = await openAccess(await open());
    opened.push(access.policy);
    return access;
  };

  it('rereads only what changed and means the same as a snapshot that was read whole, whatever the changes', async () => {
    const runs = engine === 'sqlite' ? 5 : 2;
    const step = fc.tuple(fc.nat(19), fc.nat(10_000));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { minLength: 8, maxLength: 12 }),
        async (rounds) => {
          const access = await start();
          const apply = changes(access, { members: [], groups: [], roles: [], keys: [] });
          for (const action of [0, 0, 1, 2, 3, 11, 13, 15]) await apply(action, action * 31);
          for (const round of rounds) {
            for (const [action, by] of round) await apply(action, by);
            await access.policy.refresh();
            const incremental = access.policy.current();
            const whole = await readSnapshot(access.database, incremental.version, CATALOGUE);
            expect(meaningOf(incremental)).toEqual(meaningOf(whole));
          }
        },
      ),
      { numRuns: runs },
    );
  }, 60_000);

  it('resolves a key to its caller, and says why when it does not', async () => {
    const access = await start();
    const { deps, add, keyOf, policy, database, clock } = access;
    const ada = await add('ada', 'managed');
    const group = await createGroup(deps)('Builders', BY_TEST);
    const personal = await keyOf(ada);
    await add('bystander');
    const service = await createApiKey(deps)(
      {
        name: 'CI',
        owner: { groupId: group.id },
        expiresAt: clock.ms + 60_000,
      },
      BY_TEST,
    );
    const resolve = async (secret: string, at = clock.ms) => {
      await policy.refresh();
      return resolveCaller(policy.current(), hashSecret(secret), at);
    };
    expect(await resolve(personal)).toMatchObject({ caller: { userId: ada.id, groupId: null } });
    expect(await resolve(service.secret)).toMatchObject({ caller: { userId: null, groupId: group.id } });
    expect(await resolve(service.secret, clock.ms + 60_000)).toMatchObject({ unresolved: 'revoked' });
    expect(await resolve('nonsense')).toEqual({ unresolved: 'unknown' });
    const [key] = await apiKeyStore(database).list({ userId: ada.id, limit: 1 }, 0);
    await updateApiKey(deps)(key?.id ?? '', { status: 'inactive' }, BY_TEST);
    expect(await resolve(personal)).toMatchObject({ unresolved: 'revoked' });
    await updateApiKey(deps)(key?.id ?? '', { status: 'active' }, BY_TEST);
    expect(await resolve(personal)).toMatchObject({ caller: { userId: ada.id } });
    await suspendMember(deps)(ada.id, BY_ADMIN);
    expect(await resolve(personal)).toMatchObject({ unresolved: 'suspended' });
    await restoreMember(deps)(ada.id, BY_ADMIN);
    expect(await resolve(personal)).toMatchObject({ caller: { userId: ada.id } });
    await removeMember(deps)(ada.id, BY_ADMIN);
    expect(await resolve(personal)).toMatchObject({ unresolved: 'revoked' });
    await deleteGroup(deps)(group.id, BY_TEST);
    expect(await resolve(service.secret)).toMatchObject({ unresolved: 'revoked' });
  });

  it('has read everything that was committed before a refresh was asked for, also while one is running', async () => {
    const { policy, add } = await start();
    await Promise.all(
      Array.from({ length: 20 }, async (_, at) => {
        const { id } = await add(`person${at}`);
        await policy.refresh();
        expect(policy.current().members.has(id)).toBe(true);
      }),
    );
  });

  it('reads everything anew after a time so long that the changes are gone', async () => {
    const { policy, add, database } = await start();
    const ada = await add('ada');
    await database.tables<{ policy_changes: { version: number } }>().deleteFrom('policy_changes').execute();
    const bob = await add('bob');
    await policy.refresh();
    expect([...policy.current().members.keys()].sort()).toEqual([ada.id, bob.id].sort());
  });

  it('tells those who listen after each swap, until they stop', async () => {
    const { policy, add } = await start();
    const heard: number[] = [];
    const stop = policy.onChange(({ version }) => heard.push(version));
    await add('ada');
    await policy.refresh();
    expect(heard.at(-1)).toBe(policy.current().version);
    stop();
    const before = heard.length;
    await add('bob');
    await policy.refresh();
    expect(heard).toHaveLength(before);
  });
});
