import { type Effort, effortRank } from '../../kernel/index.ts';
import { invalid } from './api-error.ts';
import { type JsonObject, objectOf } from './json.ts';
import type { Allowance, Model } from './models.ts';

/** How the model thinks on this request, and whether the answer shows its thoughts or only their signature. */
export type Thinking = {
  readonly mode: 'off' | 'adaptive' | 'enabled' | 'between_tools';
  readonly budgetTokens: number;
  readonly shown: boolean;
};

type Facts = { readonly model: Model; readonly effort: Effort | undefined; readonly maxTokens: number };

const BUDGET_MIN = 1024;

const allowanceOf = (type: unknown, { thinking }: Model): Allowance | undefined => {
  if (type === 'adaptive') return thinking.adaptive;
  if (type === 'enabled') return thinking.enabled;
  if (type === 'disabled') return thinking.disabled;
  if (type === 'between_tools') return thinking.betweenTools;
  return undefined;
};

const checkType = (type: unknown, { model, effort }: Facts): void => {
  const allowance = allowanceOf(type, model);
  if (allowance === undefined) {
    throw invalid("thinking.type: Input should be 'adaptive', 'enabled', 'disabled' or 'between_tools'");
  }
  if (allowance === 'no') throw invalid(`thinking.type: "${String(type)}" is not supported by ${model.id}`);
  if (allowance === 'up-to-high' && effort !== undefined && effortRank(effort) > effortRank('high')) {
    throw invalid(`thinking.type: "${String(type)}" is not supported by ${model.id} above effort high`);
  }
};

const readBudget = (thinking: JsonObject, maxTokens: number): number => {
  const budget = thinking.budget_tokens;
  if (typeof budget !== 'number' || !Number.isInteger(budget)) {
    throw invalid('thinking.enabled.budget_tokens: Field required');
  }
  if (budget < BUDGET_MIN) throw invalid(`thinking.enabled.budget_tokens: must be at least ${BUDGET_MIN}`);
  if (budget >= maxTokens) throw invalid('thinking.enabled.budget_tokens: must be less than max_tokens');
  return budget;
};

/**
 * The thinking a request asks for, refused (400) where the model does not take it. Thoughts are shown when `display`
 * asks for them; unasked only by models that take a budget, as the newer ones leave them out by default.
 */
export const readThinking = (raw: JsonObject, facts: Facts): Thinking => {
  const { model, maxTokens } = facts;
  const thinking = objectOf(raw.thinking);
  const shownByDefault = model.thinking.enabled === 'yes';
  if (raw.thinking === undefined || raw.thinking === null) {
    return { mode: model.thinking.whenOmitted, budgetTokens: 0, shown: shownByDefault };
  }
  checkType(thinking.type, facts);
  const shown =
    thinking.display === undefined || thinking.display === null ? shownByDefault : thinking.display !== 'omitted';
  if (thinking.type === 'enabled') return { mode: 'enabled', budgetTokens: readBudget(thinking, maxTokens), shown };
  if (thinking.type === 'adaptive') return { mode: 'adaptive', budgetTokens: 0, shown };
  if (thinking.type === 'between_tools') return { mode: 'between_tools', budgetTokens: 0, shown };
  return { mode: 'off', budgetTokens: 0, shown: false };
};
