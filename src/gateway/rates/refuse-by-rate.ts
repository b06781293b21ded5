import type { GatewayDeps } from '../deps.ts';
import { denialOf } from '../messages/denial.ts';
import { type RefusedExchange, recordRefusedExchange } from '../objects/record-refused-exchange.ts';
import { RefusalWithHeaders } from '../refuse.ts';
import { rateCallerOf, rateFinding, retryHeaders } from './take-rate.ts';

/** Refuses a request about batches or files that comes too soon, once that is written down as every refusal is. */
export const refuseByRate = async (
  deps: Pick<GatewayDeps, 'rates' | 'recorder' | 'metrics'>,
  exchange: RefusedExchange,
): Promise<void> => {
  const { caller, kind, snapshot } = exchange;
  const answer = deps.rates.take({ kind: kind === 'batch' ? 'batch' : 'files', caller: rateCallerOf(caller) });
  if (answer.ok) return;
  deps.metrics.rateRefused(answer.refusal.limiter);
  const finding = rateFinding(answer.refusal, snapshot);
  await recordRefusedExchange(deps, exchange, finding);
  throw new RefusalWithHeaders(denialOf(finding), [...retryHeaders(answer.refusal), ...answer.headers]);
};
