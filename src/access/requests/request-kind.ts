import { hash } from 'node:crypto';
import type { AppendTable, SharedRow, SqlValue } from '../../platform/index.ts';
import type { RequestKind, RequestLogRow, RequestRow } from './tables.ts';

/** 144 bits: even who chooses what is hashed (a model's name, a client's) finds no two texts with one id. */
const ID_LENGTH = 24;

/** The id of what has these values: the same on every node, and after every restart. */
export const kindIdOf = (values: readonly SqlValue[]): string =>
  hash('sha256', JSON.stringify(values), 'base64url').slice(0, ID_LENGTH);

const valuesOf = (kind: RequestKind): readonly SqlValue[] => [
  kind.node,
  kind.endpoint,
  kind.group_id,
  kind.api_key_id,
  kind.client,
  kind.stream,
  kind.effect,
  kind.reason,
  kind.model_asked,
  kind.model_used,
  kind.model_id,
  kind.effort_asked,
  kind.effort_used,
  kind.effort_cap,
  kind.findings,
  kind.wanted,
  kind.workspace_id,
];

const REQUEST_KINDS: AppendTable = {
  name: 'request_kinds',
  columns: [
    'id',
    'node',
    'endpoint',
    'group_id',
    'api_key_id',
    'client',
    'stream',
    'effect',
    'reason',
    'model_asked',
    'model_used',
    'model_id',
    'effort_asked',
    'effort_used',
    'effort_cap',
    'findings',
    'wanted',
    'workspace_id',
  ],
};

/** A kind with its id, as the journal stores it: keep it, and pass the same one with every request of the kind. */
export type SharedKind = { readonly id: string; readonly kind: RequestKind; readonly row: SharedRow };

/** Makes a kind ready to be stored. */
export const shareKind = (kind: RequestKind): SharedKind => {
  const values = valuesOf(kind);
  const id = kindIdOf(values);
  return { id, kind, row: { table: REQUEST_KINDS, row: [id, ...values] } };
};

/** A request as its two rows tell of it. */
export const joinRequest = (kind: RequestKind, { kind_id: _, ...row }: RequestLogRow): RequestRow => ({
  ...row,
  ...kind,
});

/** A request as its two rows. */
export const splitRequest = (request: RequestRow): { readonly kind: RequestKind; readonly log: RequestLogRow } => {
  const { id, started_at, user_id, session_id, agent_id, parent_agent_id, body_bytes, policy_version, ...kind } =
    request;
  const kind_id = kindIdOf(valuesOf(kind));
  return {
    kind,
    log: { id, started_at, kind_id, user_id, session_id, agent_id, parent_agent_id, body_bytes, policy_version },
  };
};
