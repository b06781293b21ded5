import { type Decision, explain, type Finding, refusalOf } from '../../access/index.ts';
import { Refusal, type RefusalCode, type RefusalDetails } from '../../kernel/index.ts';
import { headerLines } from '../../platform/index.ts';
import type { DecidedRequest } from '../decided-request.ts';

const CODES: Readonly<Record<Finding['rule'], RefusalCode>> = {
  capability: 'capability_not_permitted',
  // As the provider and the Files API say it: what is somebody else's is not there.
  file: 'not_found',
  tool: 'tool_not_permitted',
  'model-access': 'model_not_permitted',
  'fallback-access': 'model_not_permitted',
  effort: 'effort_not_permitted',
  'message-effort': 'effort_not_permitted',
  'thinking-budget': 'effort_not_permitted',
  'spend-limit': 'spend_limit_reached',
  'rate-limit': 'rate_limited',
};

const linesOf = (decision: Decision): string => {
  const headers = ['remit-decision', decision.effect];
  if (decision.model.used !== null) headers.push('remit-model', decision.model.used);
  if (decision.effort.used !== null) headers.push('remit-effort', decision.effort.used);
  if (decision.changes.maxTokens !== undefined) headers.push('remit-max-tokens', String(decision.changes.maxTokens));
  return headerLines(headers);
};

/** The lines of decisions, which are kept and given again and again (`judge`). */
const knownLines = new WeakMap<Decision, string>();

/** Headers that say what was decided, as lines. */
export const decisionLines = ({ decision }: Pick<DecidedRequest, 'decision'>): string => {
  const known = knownLines.get(decision);
  if (known !== undefined) return known;
  const lines = linesOf(decision);
  knownLines.set(decision, lines);
  return lines;
};

/** The refusal for a finding that denies, in the words for the person who asked. */
export const denialOf = (finding: Finding): Refusal =>
  new Refusal(codeOf(finding), explain(finding, 'member'), { details: detailsOf(finding) });

/** The cap of a tier answers as the provider's own (access-roles-spend-seats §9.5): a limit of rates that no waiting lifts. */
const isTierCap = ({ because }: Finding): boolean => 'scope' in because && because.scope === 'usage_tier';

const codeOf = (finding: Finding): RefusalCode => {
  if (finding.reason === 'spend-ledger-unreachable') return 'ledger_unreachable';
  return isTierCap(finding) ? 'rate_limited' : CODES[finding.rule];
};

/** What a machine may act on; for a limit also which it is and when it starts again. */
const detailsOf = (finding: Finding): RefusalDetails => {
  if (finding.reason === 'rate-limit-reached') {
    const { limiter, scope, limit } = finding.because;
    return { error_code: 'rate_limit_reached', limiter, scope, limit };
  }
  if (finding.rule !== 'spend-limit' || !('limit' in finding.because)) return { error_code: finding.reason };
  const { limit, scope, period, resetsAt } = finding.because;
  return {
    error_code: isTierCap(finding) ? 'enforced_spend_limit_reached' : finding.reason.replaceAll('-', '_'),
    spend_limit_id: limit,
    scope,
    period,
    resets_at: resetsAt === null ? null : new Date(resetsAt).toISOString(),
  };
};

/** The refusal for a denied request, by the finding that matters most to the person who asked. */
export const denial = ({ decision }: Pick<DecidedRequest, 'decision'>): Refusal => {
  const finding = refusalOf(decision);
  if (finding !== undefined) return denialOf(finding);
  return new Refusal('model_not_permitted', 'This request is not permitted.', { details: { error_code: 'denied' } });
};

/** Nothing goes out that could not be written down. */
export const storeRefusal = (error: Error): Refusal =>
  new Refusal('store_unavailable', 'Remit cannot record requests at the moment, so it serves none. Try again soon.', {
    internal: error,
  });
