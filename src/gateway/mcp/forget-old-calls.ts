import type { Database } from '../../platform/index.ts';
import { callStore } from './call-store.ts';

/** Deletes calls from before a time, with their endings, a portion at a time. */
export const forgetOldCalls = async (database: Database, before: number): Promise<void> => {
  const forgetSome = () => database.transaction((sql) => callStore(sql).deleteSomeBefore(before));
  while (await forgetSome());
};
