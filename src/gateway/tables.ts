import type { AppendTable } from '../platform/index.ts';

/** The room's tables. Times are epoch milliseconds, UTC. */
export type GatewayTables = {
  upstream_objects: UpstreamObject;
  /** Which entry of which creation a request row is; written before the batch leaves. */
  batch_entries: { request_id: string; creation_id: string; custom_id: string };
  /** Batches whose entries are not all charged yet; `next_check_at` is when to look at one again. */
  open_batches: { batch_id: string; next_check_at: number };
};

export type ObjectKind = 'batch' | 'file';

/**
 * A batch or file that lives at a provider, and whose it is here: a member's, or (made with a service key) a group's;
 * the other of the two ids is null.
 */
export type UpstreamObject = {
  id: string;
  kind: ObjectKind;
  /** The name of the provider that holds it. */
  upstream: string;
  user_id: string | null;
  group_id: string | null;
  api_key_id: string;
  /** What its entries stand under in `batch_entries`; null for a file. */
  creation_id: string | null;
  created_at: number;
  /** When the provider drops it by itself; null for never. */
  expires_at: number | null;
  deleted_at: number | null;
  /** JSON: the object as the provider last showed it. */
  object: string;
};

/** `batch_entries` for the journal; the values are those of one row in this order. */
export const BATCH_ENTRIES: AppendTable = {
  name: 'batch_entries',
  columns: ['request_id', 'creation_id', 'custom_id'],
};
