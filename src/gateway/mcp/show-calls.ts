import type { Snapshot } from '../../access/index.ts';
import { type Names, readNames } from '../../directory/index.ts';
import type { Database } from '../../platform/index.ts';
import type { RecordedCall } from './call-store.ts';
import type * as contract from './contract.ts';
import { describeReason } from './rule-on-tools.ts';

const distinct = (ids: readonly (string | null)[]): readonly string[] => [...new Set(ids.filter((id) => id !== null))];

const outcomeOf = ({ effect, outcome }: RecordedCall): contract.McpOutcome =>
  effect === 'deny' ? 'refused' : (outcome ?? 'open');

const toCall = (row: RecordedCall, names: Names, { organisation }: Snapshot): contract.McpCall => ({
  id: row.id,
  type: 'mcp_call',
  request_id: row.request_id,
  created_at: new Date(row.started_at).toISOString(),
  user: row.user_id === null ? null : (names.members.get(row.user_id) ?? { id: row.user_id, email: '', name: '' }),
  rbac_group: row.group_id === null ? null : (names.groups.get(row.group_id) ?? { id: row.group_id, name: '' }),
  api_key: names.apiKeys.get(row.api_key_id) ?? { id: row.api_key_id, name: '' },
  connector: {
    id: row.connector_id,
    slug: row.connector_slug,
    name: organisation.connectors.byId.get(row.connector_id)?.name ?? null,
  },
  method: row.method,
  name: row.name,
  level: row.level,
  effect: row.effect,
  reason: row.reason,
  explanation: row.reason === null ? null : describeReason(row.reason),
  outcome: outcomeOf(row),
  status: row.status,
  client: row.client,
  session: row.session,
  policy_version: row.policy_version,
  request_bytes: row.body_bytes,
  answer_bytes: row.answer_bytes,
  total_ms: row.total_ms,
});

/** Calls as the endpoints show them, with the names of whom and what they are about. */
export const showCalls = async (
  database: Database,
  snapshot: Snapshot,
  rows: readonly RecordedCall[],
): Promise<readonly contract.McpCall[]> => {
  const names = await readNames(database, {
    members: distinct(rows.map(({ user_id }) => user_id)),
    groups: distinct(rows.map(({ group_id }) => group_id)),
    apiKeys: distinct(rows.map(({ api_key_id }) => api_key_id)),
  });
  return rows.map((row) => toCall(row, names, snapshot));
};
