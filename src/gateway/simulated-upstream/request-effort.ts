import { type Effort, isEffort } from '../../kernel/index.ts';
import { invalid } from './api-error.ts';
import { type JsonObject, objectOf } from './json.ts';
import type { Model } from './models.ts';

const sentEffort = (holder: JsonObject): unknown => objectOf(holder.output_config).effort ?? undefined;

/** Refuses (400) every effort in the body or in one of its messages that the model does not offer. */
export const checkEffort = (raw: JsonObject, messages: readonly JsonObject[], model: Model): void => {
  const places = [
    { path: '', effort: sentEffort(raw) },
    ...messages.map((message, index) => ({ path: `messages.${index}.`, effort: sentEffort(message) })),
  ];
  for (const { path, effort } of places) {
    if (effort === undefined) continue;
    const field = `${path}output_config.effort`;
    if (!isEffort(effort)) throw invalid(`${field}: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'`);
    if (model.efforts.length === 0) throw invalid(`${field}: ${model.id} does not support the effort parameter`);
    if (!model.efforts.includes(effort)) throw invalid(`${field}: "${effort}" is not supported by ${model.id}`);
  }
};

/**
 * The effort in force for the next turn: that of the latest message that sets one, else the body's, else the model's
 * default. Undefined on models without effort.
 */
export const effortOf = (raw: JsonObject, messages: readonly JsonObject[], model: Model): Effort | undefined => {
  const latest = messages.findLast((message) => isEffort(sentEffort(message)));
  const wanted = latest === undefined ? sentEffort(raw) : sentEffort(latest);
  return isEffort(wanted) ? wanted : model.defaultEffort;
};
