import type { Call } from '../../../platform/contract.ts';
import { listRateLimits, type RateLimitGroup } from '../../../spend/contract.ts';

const PARTS = { batch: 'message batches', token_count: 'token counting', files: 'files' } as const;

/** What people call a group of models or part of the API. */
export const poolName = (group: RateLimitGroup): string =>
  group.type === 'model_group' ? group.display_name : PARTS[group.type];

/** The id of a rate limit by itself, or by a model of the group it is on. */
export const findPool = async (call: Call, asked: string): Promise<string> => {
  if (asked.startsWith('rlg_')) return asked;
  const { data } = await call(listRateLimits, { query: { model: asked } });
  return data[0]?.id ?? asked;
};

/** A number with its thousands apart. */
export const grouped = (value: number): string => value.toLocaleString('en-US');
