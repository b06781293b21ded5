import type { Snapshot } from '../../access/index.ts';
import { headerLines } from '../../platform/index.ts';
import { type Reserve, rejectionHeaders, usageLines, type Verdict } from '../../spend/index.ts';
import type { DecidedRequest } from '../decided-request.ts';
import { denied, limitFacts, refusalFinding, shortened } from './limit-finding.ts';
import type { OutageRule } from './outage-rule.ts';
import type { Spending } from './spending.ts';

/** A request after the ledger had its say: what was decided in the end, and headers about money for the answer, as lines. */
export type Admitted = { readonly decided: DecidedRequest; readonly lines: string };

const isPoorer = (one: { readonly left: number }, other: { readonly left: number }): boolean => one.left < other.left;

/** The strict limit that has the least left: the one that shortens an answer. */
const shortening = ({ standings }: Verdict & { readonly effect: 'granted' }) =>
  standings
    .filter(({ ceiling }) => ceiling.mode === 'strict')
    .map((one) => ({
      standing: one,
      left: one.ceiling.amountMicros - one.balance.openMicros - one.balance.settledMicros,
    }))
    .reduce<{ standing: (typeof standings)[number]; left: number } | undefined>(
      (least, one) => (least === undefined || isPoorer(one, least) ? one : least),
      undefined,
    )?.standing;

type Asked = { readonly decided: DecidedRequest; readonly ask: Reserve; readonly snapshot: Snapshot };

const granted = ({ decided, ask, snapshot }: Asked, verdict: Verdict & { readonly effect: 'granted' }): Admitted => {
  const { reservation, lowerMaxTokens, standings } = verdict;
  const at = decided.startedAt;
  const lines = usageLines(standings, at);
  const limit = lowerMaxTokens === null ? undefined : shortening(verdict);
  if (lowerMaxTokens === null || limit === undefined) return { decided: { ...decided, reservation }, lines };
  const decision = shortened(
    decided.decision,
    { asked: ask.maxTokens, to: lowerMaxTokens },
    limitFacts(limit, snapshot, at),
  );
  return { decided: { ...withoutPacked(decided), decision, reservation }, lines };
};

/** The stored form belongs to the decision it was made of. */
const withoutPacked = ({ packed: _packed, ...decided }: DecidedRequest): DecidedRequest => decided;

const unreachable = (decided: DecidedRequest): DecidedRequest => ({
  ...withoutPacked(decided),
  decision: denied(decided.decision, {
    rule: 'spend-limit',
    effect: 'deny',
    reason: 'spend-ledger-unreachable',
    because: {},
  }),
});

/** Asks the ledger and calls `admitted` once with what it said: at once where nobody has to be waited for. */
export const reserve = (
  { spending, outage }: { readonly spending: Spending; readonly outage: OutageRule },
  asked: Asked,
  admitted: (admitted: Admitted) => void,
): void => {
  const { decided, ask, snapshot } = asked;
  spending.ledger.reserve(ask, (verdict) => {
    const at = decided.startedAt;
    switch (verdict.effect) {
      case 'granted':
        admitted(granted(asked, verdict));
        return;
      case 'refused': {
        spending.refused?.(verdict.standing, at);
        const decision = denied(decided.decision, refusalFinding(verdict, snapshot, at));
        admitted({
          decided: { ...withoutPacked(decided), decision },
          lines: headerLines(rejectionHeaders(verdict.standing, at)),
        });
        return;
      }
      case 'unknown':
        if (outage.mayGoOn(verdict.error, at)) admitted({ decided, lines: '' });
        else admitted({ decided: unreachable(decided), lines: '' });
        return;
      default:
        verdict satisfies never;
    }
  });
};
