import type { Wanted } from '../../access/index.ts';
import type { Product } from '../../kernel/index.ts';
import type { ScannedRequest } from '../scan/index.ts';
import { capabilitiesIn, serversIn, toolsIn } from './brought.ts';

const EMPTY: readonly never[] = [];

const distinct = <T>(values: readonly T[]): readonly T[] => (values.length < 2 ? values : [...new Set(values)]);

const budgetsOf = (request: ScannedRequest): readonly number[] =>
  [request.thinking, ...request.fallbackModels.map((fallback) => fallback.thinking)].flatMap(
    (thinking) => thinking?.budget?.value ?? [],
  );

/**
 * What a scanned request asks for, in the evaluator's terms. Models that may answer or be called in place of the one
 * asked for (fallbacks, tools with a model of their own, a preset that lets the provider choose) all have to be
 * permitted.
 */
export const wantedOf = (request: ScannedRequest, product: Product): Wanted => {
  const { fallbackModels, toolModels, fallbackPreset } = request;
  const nested = [
    ...request.messageEfforts.map(({ value }) => value),
    ...fallbackModels.flatMap(({ effort }) => (effort === null ? [] : [effort.value])),
  ];
  const others = [...fallbackModels, ...toolModels].map(({ value }) => value);
  if (fallbackPreset !== null) others.push(fallbackPreset);
  const budgets = budgetsOf(request);
  return {
    model: request.model.value,
    effort: request.effort === null ? undefined : request.effort.value,
    messageEfforts: distinct(nested),
    thinkingBudget: budgets.length === 0 ? null : Math.max(...budgets),
    fallbackModels: others.length === 0 ? EMPTY : distinct(others),
    product,
    capabilities: capabilitiesIn(request),
    servers: serversIn(request),
    tools: toolsIn(request),
  };
};
