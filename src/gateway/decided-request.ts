import type { Caller, Decision, PackedDecision, RequestRow, Wanted } from '../access/index.ts';
import type { Reservation } from '../spend/index.ts';
import type { ClientFacts } from './describe-client.ts';

/** What is known of a request when it has been decided. */
export type DecidedRequest = {
  readonly id: string;
  readonly startedAt: number;
  readonly endpoint: RequestRow['endpoint'];
  readonly caller: Pick<Caller, 'credential' | 'userId' | 'groupId' | 'workspaceId'>;
  readonly client: ClientFacts;
  readonly stream: boolean;
  readonly bodyBytes: number;
  readonly decision: Decision;
  readonly wanted: Wanted;
  /** The decision as it is stored, where that has been worked out before. */
  readonly packed?: PackedDecision;
  /** What it holds in the ledger until it ends; null or absent where no limit stands on it. */
  readonly reservation?: Reservation | null;
};
