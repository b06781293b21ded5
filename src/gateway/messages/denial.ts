import { explain, refusalOf } from '../../access/index.ts';
import { Refusal } from '../../kernel/index.ts';
import type { DecidedRequest } from '../record.ts';

const EFFORT_RULES: ReadonlySet<string> = new Set(['effort', 'message-effort', 'thinking-budget']);

/** Response headers that say what was decided, as a flat list. */
export const decisionHeaders = ({ decision }: Pick<DecidedRequest, 'decision'>): readonly string[] => {
  const headers = ['remit-decision', decision.effect];
  if (decision.model.used !== null) headers.push('remit-model', decision.model.used);
  if (decision.effort.used !== null) headers.push('remit-effort', decision.effort.used);
  return headers;
};

/** The refusal for a denied request, in the words for the person who asked. */
export const denial = ({ decision }: Pick<DecidedRequest, 'decision'>): Refusal => {
  const finding = refusalOf(decision);
  const message = finding === undefined ? 'This request is not permitted.' : explain(finding, 'member');
  const isEffort = finding !== undefined && EFFORT_RULES.has(finding.rule);
  return new Refusal(isEffort ? 'effort_not_permitted' : 'model_not_permitted', message, {
    details: { error_code: finding?.reason ?? 'denied' },
  });
};

/** Nothing goes out that could not be written down. */
export const storeRefusal = (error: Error): Refusal =>
  new Refusal('store_unavailable', 'Remit cannot record requests at the moment, so it serves none. Try again soon.', {
    internal: error,
  });
