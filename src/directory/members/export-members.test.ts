import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import type { ActivityTables } from '../../activity/tables.ts';
import { createGroup } from '../groups/change-group.ts';
import { addGroupMember, attachGroupRole } from '../groups/change-membership.ts';
import { createRole } from '../roles/change-role.ts';
import type { DirectoryTables } from '../tables.ts';
import { BY_ADMIN, BY_TEST, openDirectory } from '../testing/open-directory.ts';
import { addMember } from './add-member.ts';
import { attachMemberRole } from './attach-role.ts';
import { exportMembers } from './export-members.ts';
import { memberStore } from './store.ts';
import { suspendMember } from './suspend-member.ts';

forEachDatabase((_engine, open) => {
  it('writes every member with groups and roles, harmless for spreadsheets, and records that it did', async () => {
    const { deps, add, keyOf, app, database } = await openDirectory(await open());
    const key = await keyOf(await add('owner', 'owner'));
    const ada = await add('ada', 'managed');
    await addMember(deps)({ email: 'eve@example.com', name: '=1+1', role: 'user' }, BY_TEST);
    const builders = await createGroup(deps)('Builders', BY_TEST);
    const analysts = await createGroup(deps)('Analysts, EMEA', BY_TEST);
    const opus = await createRole(deps)('Opus', BY_TEST);
    const sonnet = await createRole(deps)('Sonnet', BY_TEST);
    for (const group of [builders, analysts]) await addGroupMember(deps)(group.id, ada.id, BY_TEST);
    await attachGroupRole(deps)(builders.id, opus.id, BY_TEST);
    for (const role of [opus, sonnet]) await attachMemberRole(deps)(ada.id, role.id, BY_TEST);
    await memberStore(database).update(ada.id, { seat_tier: 'premium' });
    await suspendMember(deps)(ada.id, BY_ADMIN);

    const url = 'https://remit.test/v1/organizations/members_export';
    const response = await app.request(url, { headers: { 'x-api-key': key } });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="members-2026-11-02.csv"');
    const text = Buffer.from(await response.arrayBuffer()).toString();
    expect(text.replace(/,\d{4}-[^\r]+/g, ',…').split('\r\n')).toEqual([
      '\uFEFFname,email,role,seat_type,status,groups,roles,added',
      'owner,owner@example.com,owner,,active,,,…',
      'ada,ada@example.com,managed,premium,suspended,"Analysts, EMEA; Builders",Opus; Sonnet,…',
      "'=1+1,eve@example.com,user,,active,,,…",
      '',
    ]);
    const feed = await database.tables<ActivityTables>().selectFrom('activities').selectAll().execute();
    expect(feed.filter(({ type }) => type === 'org_members_exported')).toHaveLength(1);
  });

  it('goes on over the end of a piece, to the last member', async () => {
    const { deps, database } = await openDirectory(await open());
    const rows = Array.from({ length: 2001 }, (_, at) => ({
      id: `user_${String(at).padStart(5, '0')}`,
      email: `p${at}@example.com`,
      email_key: `p${at}@example.com`,
      name: `P ${at}`,
      role: 'user' as const,
      status: 'active' as const,
      added_at: at,
      updated_at: at,
    }));
    const tables = database.tables<DirectoryTables>();
    for (const from of [0, 500, 1000, 1500, 2000])
      await tables
        .insertInto('members')
        .values(rows.slice(from, from + 500))
        .execute();
    let text = '';
    for await (const piece of await exportMembers(deps)(BY_TEST)) text += piece;
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(2002);
    expect(new Set(lines).size).toBe(2002);
  });

  it('is refused to those who may not manage members, and is then not recorded', async () => {
    const { add, keyOf, send, database } = await openDirectory(await open());
    const { status } = await send('GET /v1/organizations/members_export', { key: await keyOf(await add('user')) });
    expect(status).toBe(403);
    const feed = await database.tables<ActivityTables>().selectFrom('activities').select('type').execute();
    expect(feed.map(({ type }) => type)).not.toContain('org_members_exported');
  });
});
