import { type Decision, packDecision, type SharedKind, shareKind } from '../access/index.ts';
import type { DecidedRequest } from './decided-request.ts';

/** Kinds that are kept beyond the decisions they follow from: a change of the policy brings new ones that say the same. */
const KEPT_MAX = 4000;

/** Callers of one decision, and kinds of one caller, that are remembered before all are worked out again. */
const CALLERS_MAX = 1000;
const KINDS_MAX = 32;

/** What of a request its kind follows from, beside its decision and its key. */
type Facts = Pick<DecidedRequest, 'endpoint' | 'stream'> & {
  readonly client: string | null;
  readonly groupId: string | null;
  readonly workspaceId: string | null;
};

type Remembered = Facts & { readonly shared: SharedKind };

const isOf = (kind: Remembered, { endpoint, stream, client, caller }: DecidedRequest): boolean =>
  kind.endpoint === endpoint &&
  kind.stream === stream &&
  kind.client === client.client &&
  kind.groupId === caller.groupId &&
  kind.workspaceId === caller.workspaceId;

const remember = ({ endpoint, stream, client, caller }: DecidedRequest, shared: SharedKind): Remembered => ({
  endpoint,
  stream,
  client: client.client,
  groupId: caller.groupId,
  workspaceId: caller.workspaceId,
  shared,
});

const makeKind = (request: DecidedRequest, node: string): SharedKind => {
  const { caller, decision } = request;
  const packed = request.packed ?? packDecision(decision, request.wanted);
  return shareKind({
    node,
    endpoint: request.endpoint,
    group_id: caller.groupId,
    api_key_id: caller.credential.id,
    client: request.client.client,
    stream: request.stream ? 1 : 0,
    effect: decision.effect,
    reason: packed.reason,
    model_asked: decision.model.asked,
    model_used: decision.model.used,
    model_id: decision.model.id,
    effort_asked: decision.effort.asked,
    effort_used: decision.effort.used,
    effort_cap: decision.effort.cap,
    findings: packed.findings,
    wanted: packed.wanted,
    workspace_id: caller.workspaceId,
  });
};

/**
 * Answers what a request of this node has in common with others, the same object for the same kind. Nothing is hashed for
 * a decision that was given before: a judgement is remembered, and with it the kinds of its requests.
 */
export const createKindsOfRequests = (node: string): ((request: DecidedRequest) => SharedKind) => {
  const byDecision = new WeakMap<Decision, Map<string, Remembered[]>>();
  const kept = new Map<string, SharedKind>();

  const keep = (made: SharedKind): SharedKind => {
    const shared = kept.get(made.id) ?? made;
    kept.delete(made.id);
    kept.set(made.id, shared);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    return shared;
  };

  const callersOf = (decision: Decision): Map<string, Remembered[]> => {
    const callers = byDecision.get(decision) ?? new Map<string, Remembered[]>();
    if (callers.size === 0) byDecision.set(decision, callers);
    else if (callers.size > CALLERS_MAX) callers.clear();
    return callers;
  };

  return (request) => {
    const { decision, packed } = request;
    // A decision that was made for this request alone does not come again.
    if (packed === undefined) return keep(makeKind(request, node));
    const keyId = request.caller.credential.id;
    const kinds = byDecision.get(decision)?.get(keyId);
    if (kinds !== undefined) for (const kind of kinds) if (isOf(kind, request)) return kind.shared;
    const shared = keep(makeKind(request, node));
    const remembered = remember(request, shared);
    if (kinds !== undefined && kinds.length < KINDS_MAX) kinds.push(remembered);
    else callersOf(decision).set(keyId, [remembered]);
    return shared;
  };
};
