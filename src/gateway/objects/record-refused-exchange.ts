import type { IncomingMessage } from 'node:http';
import {
  BRINGS_NOTHING,
  type Caller,
  type Decision,
  type Finding,
  type Snapshot,
  type Wanted,
} from '../../access/index.ts';
import type { GatewayDeps } from '../deps.ts';
import { clientOf } from '../describe-client.ts';
import { storeRefusal } from '../messages/denial.ts';
import { readRequestHead } from '../request-head.ts';
import type { ObjectKind } from '../tables.ts';

/** What is known of a request when it is refused. */
export type RefusedExchange = {
  readonly id: string;
  readonly startedAt: number;
  readonly caller: Caller;
  readonly request: IncomingMessage;
  readonly snapshot: Snapshot;
  readonly kind: ObjectKind;
};

const denied = (finding: Finding, policyVersion: number): Decision => ({
  effect: 'deny',
  model: { asked: '', used: null, id: null },
  effort: { asked: null, used: null, cap: null },
  changes: {},
  findings: [finding],
  policyVersion,
});

const WANTED: Wanted = {
  model: '',
  effort: undefined,
  messageEfforts: [],
  thinkingBudget: null,
  fallbackModels: [],
  ...BRINGS_NOTHING,
};

/** Writes down a request about batches or files that is refused, among the requests; resolves when that is on disk, and rejects with why not. */
export const recordRefusedExchange = (
  { recorder }: Pick<GatewayDeps, 'recorder'>,
  { id, startedAt, caller, request, snapshot, kind }: RefusedExchange,
  finding: Finding,
): Promise<void> => {
  const head = readRequestHead(request.rawHeaders);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  recorder.decided(
    {
      ...{ id, startedAt, endpoint: kind === 'file' ? 'files' : 'batch', caller },
      ...{ client: clientOf(head, null), stream: false, bodyBytes: Math.max(0, head.contentLength) },
      decision: denied(finding, snapshot.version),
      wanted: {
        ...WANTED,
        product: head.product,
        capabilities: finding.rule === 'capability' ? ['file_upload'] : WANTED.capabilities,
      },
    },
    (error) => (error === undefined ? resolve() : reject(storeRefusal(error))),
  );
  return promise;
};
