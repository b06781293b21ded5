import { describe, expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { createApiKey } from '../api-keys/create-api-key.ts';
import { apiKeyStore } from '../api-keys/store.ts';
import { createGroup } from '../groups/change-group.ts';
import { readPolicyVersion } from '../policy-changes.ts';
import { BY_ADMIN, BY_OWNER, BY_TEST, openDirectory } from '../testing/open-directory.ts';
import { addWorkspaceMember, removeWorkspaceMember, updateWorkspaceMember } from './change-members.ts';
import { archiveWorkspace, createWorkspace, updateWorkspace } from './change-workspace.ts';
import { changeDataResidency, UNRESTRICTED } from './rules/data-residency.ts';
import { changeTags } from './rules/workspace-fields.ts';
import { workspaceStore } from './store.ts';

const refused = expect.objectContaining({ code: 'invalid_request' });

describe('data residency', () => {
  it('keeps its default among what is allowed', () => {
    expect(changeDataResidency(UNRESTRICTED, {})).toEqual(UNRESTRICTED);
    const us = changeDataResidency(UNRESTRICTED, { allowed_inference_geos: ['us'], default_inference_geo: 'us' });
    expect(us).toMatchObject({ allowed_inference_geos: ['us'], default_inference_geo: 'us', workspace_geo: 'us' });
    expect(() => changeDataResidency(UNRESTRICTED, { allowed_inference_geos: ['us'] })).toThrow(refused);
    expect(() => changeDataResidency(us, { default_inference_geo: 'global' })).toThrow(refused);
    expect(changeDataResidency(us, { allowed_inference_geos: null }).allowed_inference_geos).toEqual(['us']);
    expect(changeDataResidency(us, { allowed_inference_geos: 'unrestricted' }).default_inference_geo).toBe('us');
  });
});

describe('tags', () => {
  it('are added, replaced, and deleted by null', () => {
    expect(changeTags({ a: '1', b: '2' }, { b: null, a: '3', c: '4' })).toEqual({ a: '3', c: '4' });
    expect(changeTags({}, { ['__proto__']: 'x' })).toEqual(Object.fromEntries([['__proto__', 'x']]));
  });

  it.each([
    [{ anthropic_x: '1' }],
    [{ AnthropicY: '1' }],
    [{ '': '1' }],
    [{ ['k'.repeat(129)]: '1' }],
    [{ a: 'v'.repeat(257) }],
    [Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, '']))],
  ])('that are reserved, too long or too many are refused', (change) => {
    expect(() => changeTags({}, change as Record<string, string>)).toThrow(refused);
  });
});

forEachDatabase((_engine, open) => {
  const start = async () => openDirectory(await open());

  describe('a workspace', () => {
    it('is archived for good, and its keys with it', async () => {
      const { deps, add, database } = await start();
      const ada = await add('ada');
      const workspace = await createWorkspace(deps)({ name: 'Research' }, BY_TEST);
      await addWorkspaceMember(deps)(workspace.id, { userId: ada.id, role: 'workspace_user' }, BY_TEST);
      const owner = { userId: ada.id };
      const inside = { name: 'in', owner, expiresAt: null, workspaceId: workspace.id };
      const { key } = await createApiKey(deps)(inside, BY_TEST);
      const { key: elsewhere } = await createApiKey(deps)({ name: 'out', owner, expiresAt: null }, BY_TEST);
      expect(await archiveWorkspace(deps)(workspace.id, BY_TEST)).toMatchObject({ archived_at: expect.any(Number) });
      const statusOf = async (id: string) => (await apiKeyStore(database).find(id))?.status;
      expect([await statusOf(key.id), await statusOf(elsewhere.id)]).toEqual(['archived', 'active']);
      const version = await readPolicyVersion(database);
      await expect(archiveWorkspace(deps)(workspace.id, BY_TEST)).rejects.toEqual(refused);
      await expect(updateWorkspace(deps)(workspace.id, { name: 'x' }, BY_TEST)).rejects.toEqual(refused);
      await expect(createApiKey(deps)(inside, BY_TEST)).rejects.toEqual(refused);
      expect(await readPolicyVersion(database)).toBe(version);
    });

    it('takes keys of its members, of owners and of groups only', async () => {
      const { deps, add } = await start();
      const { id: workspaceId } = await createWorkspace(deps)({ name: 'Research' }, BY_TEST);
      const make = (owner: { userId: string } | { groupId: string }) =>
        createApiKey(deps)({ name: 'k', owner, expiresAt: null, workspaceId }, BY_TEST);
      await expect(make({ userId: (await add('user')).id })).rejects.toEqual(refused);
      await make({ userId: (await add('owner', 'owner')).id });
      await make({ groupId: (await createGroup(deps)('CI', BY_TEST)).id });
      const stranger = createApiKey(deps)(
        { name: 'k', owner: { userId: (await add('x')).id }, expiresAt: null, workspaceId: 'wrkspc_x' },
        BY_TEST,
      );
      await expect(stranger).rejects.toMatchObject({ code: 'not_found' });
    });

    it('that is the default one belongs to everybody and cannot be changed', async () => {
      const { deps, add, database, keyOf, send } = await start();
      const ada = await add('ada');
      const { id } = await workspaceStore(database).findDefault();
      const version = await readPolicyVersion(database);
      await expect(archiveWorkspace(deps)(id, BY_OWNER)).rejects.toEqual(refused);
      await expect(updateWorkspace(deps)(id, { name: 'Mine' }, BY_OWNER)).rejects.toEqual(refused);
      const wanted = { userId: ada.id, role: 'workspace_user' } as const;
      await expect(addWorkspaceMember(deps)(id, wanted, BY_OWNER)).rejects.toEqual(refused);
      expect(await readPolicyVersion(database)).toBe(version);
      const owner = { userId: ada.id };
      const { key } = await createApiKey(deps)({ name: 'k', owner, expiresAt: null, workspaceId: id }, BY_TEST);
      const admin = await keyOf(await add('owner', 'owner'));
      const shown = await send(`GET /v1/organizations/api_keys/${key.id}`, { key: admin });
      expect(shown.body).toMatchObject({ scope: { type: 'workspace', workspace_id: id }, workspace_id: null });
      const list = async (query: string) =>
        ((await send(`GET /v1/organizations/workspaces${query}`, { key: admin })).body.data as unknown[]).length;
      expect([await list(''), await list('?include_default=true')]).toEqual([0, 1]);
    });

    it('is one of a hundred at most; archived ones leave their place', async () => {
      const { deps } = await start();
      let last = '';
      for (let count = 0; count < 100; count++)
        last = (await createWorkspace(deps)({ name: `Workspace ${count}` }, BY_TEST)).id;
      await expect(createWorkspace(deps)({ name: 'One more' }, BY_TEST)).rejects.toEqual(refused);
      await archiveWorkspace(deps)(last, BY_TEST);
      await createWorkspace(deps)({ name: 'One more' }, BY_TEST);
    });

    it('does not take the name that is kept for the keys of Claude Code', async () => {
      const { deps } = await start();
      await expect(createWorkspace(deps)({ name: ' claude code ' }, BY_TEST)).rejects.toEqual(refused);
    });
  });

  describe("a workspace's member", () => {
    it('is added once, changed, and taken out with the keys they have there', async () => {
      const { deps, add, database } = await start();
      const ada = await add('ada');
      const { id } = await createWorkspace(deps)({ name: 'Research' }, BY_TEST);
      const wanted = { userId: ada.id, role: 'workspace_developer' } as const;
      await addWorkspaceMember(deps)(id, wanted, BY_TEST);
      await expect(addWorkspaceMember(deps)(id, wanted, BY_TEST)).rejects.toEqual(refused);
      await updateWorkspaceMember(deps)(id, { userId: ada.id, role: 'workspace_billing' }, BY_TEST);
      expect(await workspaceStore(database).findMember(id, ada.id)).toMatchObject({
        workspace_role: 'workspace_billing',
      });
      const { key } = await createApiKey(deps)(
        { name: 'k', owner: { userId: ada.id }, expiresAt: null, workspaceId: id },
        BY_TEST,
      );
      await removeWorkspaceMember(deps)(id, ada.id, BY_ADMIN);
      expect((await apiKeyStore(database).find(key.id))?.status).toBe('archived');
      const gone = { code: 'not_found' };
      await expect(removeWorkspaceMember(deps)(id, ada.id, BY_ADMIN)).rejects.toMatchObject(gone);
      await expect(updateWorkspaceMember(deps)(id, wanted, BY_ADMIN)).rejects.toMatchObject(gone);
    });

    it('cannot be added as billing, which comes from elsewhere', async () => {
      const { deps, add, keyOf, send } = await start();
      const ada = await add('ada');
      const { id } = await createWorkspace(deps)({ name: 'Research' }, BY_TEST);
      const key = await keyOf(await add('owner', 'owner'));
      const body = { user_id: ada.id, workspace_role: 'workspace_billing' };
      expect((await send(`POST /v1/organizations/workspaces/${id}/members`, { key, body })).status).toBe(400);
    });
  });

  it('pages through workspaces forward and back, with or without archived ones, by ids', async () => {
    const { deps, add, keyOf, send } = await start();
    const key = await keyOf(await add('owner', 'owner'));
    const all: string[] = [];
    for (const name of ['a', 'b', 'c']) all.push((await createWorkspace(deps)({ name }, BY_TEST)).id);
    await archiveWorkspace(deps)(all[1] ?? '', BY_TEST);
    const list = async (query: string) => {
      const { body } = await send(`GET /v1/organizations/workspaces?${query}`, { key });
      return { ...body, ids: (body.data as { id: string }[]).map(({ id }) => id) } as Record<string, unknown>;
    };
    expect(await list('')).toMatchObject({ ids: [all[0], all[2]], has_more: false });
    const first = await list('limit=2&include_archived=true');
    expect(first).toMatchObject({ ids: all.slice(0, 2), has_more: true, last_id: all[1] });
    expect(await list(`limit=2&include_archived=true&after_id=${first.last_id}`)).toMatchObject({ ids: [all[2]] });
    expect(await list(`include_archived=true&before_id=${all[2]}`)).toMatchObject({ ids: all.slice(0, 2) });
    expect(await list(`ids[]=${all[2]}&ids[]=${all[1]}`)).toMatchObject({ ids: [all[2]] });
  });
});
