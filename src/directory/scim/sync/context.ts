import type { Doer } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import type { Directory } from '../store/directory-store.ts';
import type { NewNote } from '../store/sync-store.ts';

/** One change of a directory: in which transaction, by whom. The transaction has its turn among changes of policy. */
export type Work = {
  readonly deps: DirectoryDeps;
  readonly sql: Sql;
  readonly directory: Directory;
  readonly by: Doer;
  /** Whether an administrator has seen that people lose access and wants it so. */
  readonly isApproved?: boolean;
  /** Where notes of the sync are gathered for the transaction to write at its end; without it they are written at once. */
  readonly notes?: NewNote[];
};
