import type { Finding, Snapshot } from '../../access/index.ts';
import { headerLines } from '../../platform/index.ts';
import {
  estimateInputTokens,
  type MeteredMessage,
  NOTHING_METERED,
  nounOf,
  type RateRefusal,
  type RateTicket,
  type RateUsage,
} from '../../spend/index.ts';
import type { DecidedRequest } from '../decided-request.ts';
import type { GatewayDeps } from '../deps.ts';
import { denied } from '../spend/limit-finding.ts';
import type { Admitted } from '../spend/reserve.ts';

/** Whose rates bind a request. */
export const rateCallerOf = ({ credential, userId, groupId, workspaceId }: DecidedRequest['caller']) => ({
  keyId: credential.id,
  userId,
  groupId,
  workspaceId,
});

/** The finding for a request that a rate limit refuses. */
export const rateFinding = (refusal: RateRefusal, { groups }: Snapshot): Finding => {
  const { limiter, scope, poolName, limit, retryAfterSeconds } = refusal;
  const of = scope.type === 'rbac_group' ? (groups.get(scope.id)?.name ?? null) : null;
  return {
    rule: 'rate-limit',
    effect: 'deny',
    reason: 'rate-limit-reached',
    because: { limiter, noun: nounOf(limiter), scope: scope.type, of, pool: poolName, limit, retryAfterSeconds },
  };
};

/** When to come again, where that is known. */
export const retryHeaders = ({ retryAfterSeconds }: RateRefusal): readonly string[] =>
  retryAfterSeconds === null ? [] : ['retry-after', String(retryAfterSeconds)];

/** Takes what a permitted request needs of every rate limit that binds it; or answers it as refused. */
export const takeRate = (
  { rates, metrics }: Pick<GatewayDeps, 'rates' | 'metrics'>,
  decided: DecidedRequest,
  snapshot: Snapshot,
): { readonly ticket: RateTicket } | { readonly refused: Admitted } => {
  const caller = rateCallerOf(decided.caller);
  const answer = rates.take(
    decided.endpoint === 'count_tokens'
      ? { kind: 'count_tokens', caller }
      : {
          kind: 'messages',
          caller,
          modelId: decided.decision.model.id,
          inputTokens: estimateInputTokens(decided.bodyBytes),
        },
  );
  if (answer.ok) return answer;
  metrics.rateRefused(answer.refusal.limiter);
  const { packed: _packed, ...rest } = decided;
  const decision = denied(decided.decision, rateFinding(answer.refusal, snapshot));
  const lines = headerLines([...retryHeaders(answer.refusal), ...answer.headers]);
  return { refused: { decided: { ...rest, decision }, lines } };
};

const NOTHING: RateUsage = { inputTokens: 0, cacheReadTokens: 0, outputTokens: 0 };

const BYTES_PER_TOKEN = 4;

/** What has been metered so far, as rates count it. */
export const meteredRate = ({ usage }: MeteredMessage, textBytes: number): RateUsage => ({
  inputTokens: usage.inputTokens + usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
  cacheReadTokens: usage.cacheReadTokens,
  outputTokens: Math.max(usage.outputTokens, Math.ceil(textBytes / BYTES_PER_TOKEN)),
});

/**
 * What a request used in the end. Errors of the provider, and what never reached it, used nothing; of an answer that broke
 * off before it told anything nobody knows, and null says so.
 */
export const usedRate = (ended: {
  readonly status: number | null;
  readonly metered: MeteredMessage;
  readonly isComplete: boolean;
  readonly textBytes: number;
}): RateUsage | null => {
  const { status, metered, isComplete, textBytes } = ended;
  if (status !== null && status >= 400 && metered === NOTHING_METERED) return NOTHING;
  if (isComplete) return meteredRate(metered, 0);
  return metered === NOTHING_METERED ? null : meteredRate(metered, textBytes);
};
