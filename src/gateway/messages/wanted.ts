import type { Wanted } from '../../access/index.ts';
import type { Product } from '../../kernel/index.ts';
import type { ScannedRequest } from '../scan/index.ts';
import { capabilitiesIn, serversIn, toolsIn } from './brought.ts';

const EMPTY: readonly never[] = [];

const distinct = <T>(values: readonly T[]): readonly T[] => (values.length < 2 ? values : [...new Set(values)]);

const effortsWithin = ({ messageEfforts, fallbackModels }: ScannedRequest): Wanted['messageEfforts'] => {
  if (messageEfforts.length + fallbackModels.length === 0) return EMPTY;
  const ofFallbacks = fallbackModels.flatMap(({ effort }) => (effort === null ? [] : [effort.value]));
  return distinct([...messageEfforts.map(({ value }) => value), ...ofFallbacks]);
};

const othersNamed = ({ fallbackModels, toolModels, fallbackPreset }: ScannedRequest): readonly string[] => {
  if (fallbackModels.length + toolModels.length === 0 && fallbackPreset === null) return EMPTY;
  const others = [...fallbackModels, ...toolModels].map(({ value }) => value);
  return distinct(fallbackPreset === null ? others : [...others, fallbackPreset]);
};

const highestBudget = ({ thinking, fallbackModels }: ScannedRequest): number | null => {
  if (thinking === null && fallbackModels.length === 0) return null;
  const all = [thinking, ...fallbackModels.map((fallback) => fallback.thinking)];
  const budgets = all.flatMap((each) => each?.budget?.value ?? []);
  return budgets.length === 0 ? null : Math.max(...budgets);
};

/**
 * What a scanned request asks for, in the evaluator's terms. Models that may answer or be called in place of the one
 * asked for (fallbacks, tools with a model of their own, a preset that lets the provider choose) all have to be
 * permitted.
 */
export const wantedOf = (request: ScannedRequest, product: Product): Wanted => ({
  model: request.model.value,
  effort: request.effort === null ? undefined : request.effort.value,
  messageEfforts: effortsWithin(request),
  thinkingBudget: highestBudget(request),
  fallbackModels: othersNamed(request),
  product,
  capabilities: capabilitiesIn(request),
  servers: serversIn(request),
  tools: toolsIn(request),
});
