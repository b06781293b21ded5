import {
  type Caller,
  explain,
  judgeCapability,
  memberRights,
  resolveCaller,
  type Snapshot,
  unresolvedRefusal,
} from '../access/index.ts';
import { Refusal } from '../kernel/index.ts';
import { hashSecret } from '../platform/index.ts';
import type { ClaudeCodeDeps } from './deps.ts';

const BEARER = /^bearer +(\S+) *$/i;

type Deps = Pick<ClaudeCodeDeps, 'policy' | 'now'>;

/**
 * Who sends a request with a bearer token: a device that is signed in, or a key. A token this node does not know yet may
 * be a second old, so that it asks what is new before it says no.
 */
export const callerOf = async ({ policy, now }: Deps, request: Request): Promise<Caller> => {
  const presented = BEARER.exec(request.headers.get('authorization') ?? '')?.[1];
  if (presented === undefined)
    throw new Refusal('unauthenticated', 'Sign in with /login in Claude Code, or send a key as a bearer token.');
  const hash = hashSecret(presented);
  let resolution = resolveCaller(policy.current(), hash, now());
  if ('unresolved' in resolution && resolution.unresolved === 'unknown') {
    await policy.refresh();
    resolution = resolveCaller(policy.current(), hash, now());
  }
  if ('caller' in resolution) return resolution.caller;
  throw unresolvedRefusal(resolution.unresolved, presented);
};

const problemOf = (rights: Parameters<typeof judgeCapability>[0]): string | null => {
  const finding = judgeCapability(rights, 'claude_code');
  return finding.effect === 'deny' ? explain(finding, 'member') : null;
};

/** Why Claude Code is not served to a member, in a sentence for them; null where it is. */
export const productProblem = (snapshot: Snapshot, userId: string): string | null => {
  const rights = memberRights(snapshot, userId);
  return rights === undefined ? null : problemOf(rights);
};

/** Refuses a caller whose roles do not include Claude Code. */
export const refuseWithoutProduct = ({ entitlements }: Caller): void => {
  const problem = problemOf(entitlements);
  if (problem !== null)
    throw new Refusal('capability_not_permitted', problem, { details: { error_code: 'claude_code_not_permitted' } });
};
