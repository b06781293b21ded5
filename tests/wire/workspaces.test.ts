import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorOf, send } from '../support/http.ts';
import { answerWell, bodyOf } from '../support/messages.ts';
import { directory, type Remit, startRemit } from '../support/remit.ts';
import { openUpstreamServer, type TestUpstream } from '../support/upstreams.ts';

/** A request counts for the workspace of its key, or for the one it names; for no other, and the provider hears of none. */

let upstream: TestUpstream;
let remit: Remit;
beforeAll(async () => {
  upstream = await openUpstreamServer((request, response) => answerWell(request, response));
  remit = await startRemit({ upstreamUrl: upstream.url });
  await remit.allowAll();
});
afterAll(async () => {
  await remit.stop();
  await upstream.close();
});

const newWorkspace = async () => (await remit.call(directory.createWorkspace, { body: { name: 'Research' } })).id;

const ask = (key: string, workspaceId?: string) =>
  send({
    url: remit.url,
    key,
    body: bodyOf(),
    headers: workspaceId === undefined ? {} : { 'anthropic-workspace-id': workspaceId },
  });

const workspaceOf = async (received: Awaited<ReturnType<typeof ask>>) =>
  (await remit.decision(String(received.headers['request-id']))).workspace_id;

const expectRefused = async (key: string, workspaceId: string, says: RegExp) => {
  const before = { received: upstream.received.length, recorded: (await remit.decisions()).length };
  const refused = await ask(key, workspaceId);
  expect(refused.status).toBe(403);
  expect(errorOf(refused)).toMatchObject({ type: 'permission_error', message: expect.stringMatching(says) });
  expect({ received: upstream.received.length, recorded: (await remit.decisions()).length }).toEqual(before);
};

test('a key of all workspaces counts for the default one, or the one it names once its member is in it', async () => {
  const member = await remit.newMember();
  const workspace_id = await newWorkspace();
  expect(await workspaceOf(await ask(member.key))).toBeNull();
  await expectRefused(member.key, workspace_id, /not a member of the workspace/);
  await remit.call(directory.addWorkspaceMember, {
    params: { workspace_id },
    body: { user_id: member.id, workspace_role: 'workspace_user' },
  });
  const served = await ask(member.key, workspace_id);
  expect([served.status, await workspaceOf(served)]).toEqual([200, workspace_id]);
  expect(Object.keys(upstream.received.at(-1)?.headers ?? {})).not.toContain('anthropic-workspace-id');
  const params = { workspace_id, user_id: member.id };
  await remit.call(directory.removeWorkspaceMember, { params });
  await expectRefused(member.key, workspace_id, /not a member of the workspace/);
});

test('a key of one workspace counts for that one alone, and is refused once it is archived', async () => {
  const { id: user_id } = await remit.newMember({ role: 'owner' });
  const [workspace_id, other] = [await newWorkspace(), await newWorkspace()];
  const { key } = await remit.call(directory.createApiKey, { body: { name: 'in', user_id, workspace_id } });
  expect(await workspaceOf(await ask(key))).toBe(workspace_id);
  expect(await workspaceOf(await ask(key, workspace_id))).toBe(workspace_id);
  await expectRefused(key, other, /belongs to another workspace/);
  await remit.call(directory.archiveWorkspace, { params: { workspace_id } });
  expect((await ask(key)).status).toBe(401);
});

test('a workspace that is archived or unknown is none to name, not even for an owner', async () => {
  const owner = await remit.newMember({ role: 'owner' });
  const workspace_id = await newWorkspace();
  expect((await ask(owner.key, workspace_id)).status).toBe(200);
  await remit.call(directory.archiveWorkspace, { params: { workspace_id } });
  await expectRefused(owner.key, workspace_id, /no open workspace/);
  await expectRefused(owner.key, 'wrkspc_nothing', /no open workspace/);
});
