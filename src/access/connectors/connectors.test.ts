import { afterEach, expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { BY_TEST } from '../../directory/testing/open-directory.ts';
import { type Access, openAccess } from '../testing/open-access.ts';
import { createConnector, deleteConnector, updateConnector } from './change-connector.ts';
import { connectorStore, roleConnectorStore } from './store.ts';

forEachDatabase((_engine, open) => {
  let access: Access | undefined;
  afterEach(() => access?.policy.close());
  const start = async () => {
    access = await openAccess(await open());
    return access;
  };
  const GITHUB = { slug: 'github', name: 'GitHub', url: 'https://mcp.github.example/mcp', level: 'always' } as const;

  it('is in force as soon as it is registered, changed and deleted', async () => {
    const { access: deps, policy } = await start();
    const { id } = await createConnector(deps)(GITHUB, BY_TEST);
    await policy.refresh();
    const found = () => policy.current().organisation.connectors.bySlug.get('github');
    expect(found()).toMatchObject({ id, name: 'GitHub', policy: { level: 'always' } });
    await updateConnector(deps)(id, { level: 'ask', tools: [{ name: 'delete_repo', level: 'blocked' }] }, BY_TEST);
    await policy.refresh();
    expect(found()?.policy).toEqual({ level: 'ask', tools: new Map([['delete_repo', 'blocked']]) });
    await updateConnector(deps)(id, { tools: [{ name: 'delete_repo', level: null }] }, BY_TEST);
    await policy.refresh();
    expect(found()?.policy.tools).toEqual(new Map());
    await deleteConnector(deps)(id, BY_TEST);
    await policy.refresh();
    expect(found()).toBeUndefined();
  });

  it('keeps short names and addresses unique, however they are spelt, and leaves nothing behind', async () => {
    const { access: deps, database } = await start();
    await createConnector(deps)(GITHUB, BY_TEST);
    for (const clash of [
      { ...GITHUB, url: 'https://other.example/mcp' },
      { ...GITHUB, slug: 'other', url: 'https://MCP.github.example/mcp/' },
    ])
      await expect(createConnector(deps)(clash, BY_TEST)).rejects.toMatchObject({ code: 'conflict' });
    expect(await connectorStore(database).list()).toHaveLength(1);
  });

  it('takes what roles said of it along when it is deleted', async () => {
    const { access: deps, database, role } = await start();
    const { id } = await createConnector(deps)(GITHUB, BY_TEST);
    const { id: roleId } = await role('Builders');
    const roles = roleConnectorStore(database);
    const tools = new Map([['search', 'always']] as const);
    await roles.write(roleId, { all: 'custom', connectors: new Map([[id, { level: 'ask', tools }]]) });
    expect((await roles.read('all')).get(roleId)?.connectors.get(id)).toEqual({ level: 'ask', tools });
    await deleteConnector(deps)(id, BY_TEST);
    expect((await roles.read('all')).get(roleId)).toEqual({ all: 'custom', connectors: new Map() });
  });

  it('is managed over HTTP by whoever may manage libraries, and refuses bad input with what is wrong', async () => {
    const { send, add, keyOf } = await start();
    const key = await keyOf(await add('owner', 'owner'));
    const made = await send('POST /v1/organizations/connectors', { key, body: GITHUB });
    expect(made).toMatchObject({ status: 200, body: { type: 'connector', slug: 'github', tools: [] } });
    const all = await send('GET /v1/organizations/connectors', { key });
    expect(all.body.data).toMatchObject([{ id: made.body.id }]);
    for (const [field, value] of [
      ['slug', 'Git Hub'],
      ['slug', 'git__hub'],
      ['url', 'ftp://x.example'],
      ['url', 'javascript:alert(1)'],
      ['level', 'sometimes'],
    ] as const) {
      const body = { ...GITHUB, slug: 'other', url: 'https://x.example', [field]: value };
      const refused = await send('POST /v1/organizations/connectors', { key, body });
      expect([field, value, refused.status]).toEqual([field, value, 400]);
    }
    const path = `/v1/organizations/connectors/${made.body.id}`;
    expect((await send(`DELETE ${path}`, { key })).body).toEqual({ id: made.body.id, type: 'connector_deleted' });
    for (const line of [`GET ${path}`, `POST ${path}`, `DELETE ${path}`])
      expect((await send(line, { key, body: line.startsWith('POST') ? {} : undefined })).status).toBe(404);
  });
});
