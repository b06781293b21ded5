import { expect, it } from 'vitest';
import { forEachDatabase } from '../../tests/support/databases.ts';
import { createApiKey } from './api-keys/create-api-key.ts';
import { updateApiKey } from './api-keys/update-api-key.ts';
import { acceptInvite } from './invites/accept-invite.ts';
import { createInvite, createInvites } from './invites/create-invite.ts';
import { type DirectoryLimits, NO_LIMITS } from './limits.ts';
import { addMember } from './members/add-member.ts';
import { removeMember } from './members/remove-member.ts';
import { BY_OWNER, by, openDirectory } from './testing/open-directory.ts';
import { addWorkspaceMember } from './workspaces/change-members.ts';
import { createWorkspace } from './workspaces/change-workspace.ts';

const refusedWith = (error_code: string) => ({ code: 'invalid_request', details: { error_code } });
const VISITOR = by({ kind: 'anonymous' });

forEachDatabase((_engine, open) => {
  const start = async (limits: Partial<DirectoryLimits>) => {
    const directory = await openDirectory(await open());
    return { ...directory, deps: { ...directory.deps, limits: { ...NO_LIMITS, ...limits } } };
  };

  it('an organisation has no more keys than it may; archived and expired ones make room', async () => {
    const { deps, add, clock } = await start({ apiKeys: 2 });
    const member = await add('member');
    const create = (expiresAt: number | null = null) =>
      createApiKey(deps)({ name: 'key', owner: { userId: member.id }, expiresAt }, BY_OWNER);
    const { key } = await create();
    await create(clock.ms + 60_000);
    await expect(create()).rejects.toMatchObject(refusedWith('org_api_key_limit_exceeded'));
    await updateApiKey(deps)(key.id, { status: 'inactive' }, BY_OWNER);
    await expect(create()).rejects.toMatchObject(refusedWith('org_api_key_limit_exceeded'));
    await updateApiKey(deps)(key.id, { status: 'archived' }, BY_OWNER);
    await create();
    clock.ms += 61_000;
    await create();
    await expect(create()).rejects.toMatchObject(refusedWith('org_api_key_limit_exceeded'));
  });

  it('a workspace has no more keys and members than it may, whatever others have', async () => {
    const { deps, add } = await start({ workspaceApiKeys: 1, workspaceMembers: 1 });
    const [one, other] = [await add('one'), await add('other')];
    const workspaces = [
      await createWorkspace(deps)({ name: 'A' }, BY_OWNER),
      await createWorkspace(deps)({ name: 'B' }, BY_OWNER),
    ];
    for (const { id } of workspaces) {
      const join = (userId: string) => addWorkspaceMember(deps)(id, { userId, role: 'workspace_user' }, BY_OWNER);
      const create = () =>
        createApiKey(deps)({ name: 'key', owner: { userId: one.id }, expiresAt: null, workspaceId: id }, BY_OWNER);
      await join(one.id);
      await expect(join(other.id)).rejects.toMatchObject(refusedWith('workspace_member_limit_exceeded'));
      await create();
      await expect(create()).rejects.toMatchObject(refusedWith('workspace_api_key_limit_exceeded'));
    }
    await createApiKey(deps)({ name: 'key', owner: { userId: one.id }, expiresAt: null }, BY_OWNER);
  });

  it('an organisation has no more members than it may, however they come; who is invited has a place', async () => {
    const { deps } = await start({ members: 3 });
    const full = refusedWith('org_member_limit_exceeded');
    const line = (name: string) => ({ email: `${name}@example.com`, role: 'user' as const, groupIds: [] });
    const first = await addMember(deps)(line('first'), BY_OWNER);
    const { token } = await createInvite(deps)(line('second'), BY_OWNER);
    const results = await createInvites(deps)([line('third'), line('fourth')], BY_OWNER);
    expect(results.map((result) => ('refusal' in result ? result.refusal.details?.error_code : 'sent'))).toEqual([
      'sent',
      'org_member_limit_exceeded',
    ]);
    await addMember(deps)(line('fifth'), BY_OWNER);
    await addMember(deps)(line('sixth'), BY_OWNER);
    await expect(addMember(deps)(line('seventh'), BY_OWNER)).rejects.toMatchObject(full);
    await expect(acceptInvite(deps)({ token, name: 'Second' }, VISITOR)).rejects.toMatchObject(full);
    await removeMember(deps)(first.id, BY_OWNER);
    await acceptInvite(deps)({ token, name: 'Second' }, VISITOR);
  });
});
