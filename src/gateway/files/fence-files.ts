import {
  type Caller,
  type Decision,
  type Finding,
  type Judgement,
  packDecision,
  type Wanted,
} from '../../access/index.ts';
import type { Database } from '../../platform/index.ts';
import { storeRefusal } from '../messages/denial.ts';
import { objectStore } from '../objects/store.ts';
import { denied } from '../spend/limit-finding.ts';

const NOBODYS: ReadonlySet<string> = new Set();

/**
 * Finds which of the files that a request names were uploaded through here by somebody else. The provider's account is
 * shared, so it would read them out to anybody; ids that are not known here are for the provider to judge.
 */
export const createFindForeignFiles =
  (database: Database) =>
  async (caller: Caller, fileIds: readonly string[]): Promise<ReadonlySet<string>> => {
    if (fileIds.length === 0) return NOBODYS;
    const found = await objectStore(database)
      .foreign({ kind: 'file', owner: caller }, [...new Set(fileIds)])
      .catch((error: unknown) =>
        Promise.reject(storeRefusal(error instanceof Error ? error : new Error(String(error)))),
      );
    return new Set(found);
  };

/** A decision about a request that names these files, some of which may be somebody else's. */
export const fenceFiles = (decision: Decision, fileIds: readonly string[], foreign: ReadonlySet<string>): Decision => {
  const [file, ...others] = new Set(fileIds.filter((id) => foreign.has(id)));
  if (file === undefined) return decision;
  const finding: Finding = {
    rule: 'file',
    effect: 'deny',
    reason: 'file-of-somebody-else',
    because: { file, filesTotal: others.length + 1 },
  };
  return denied(decision, finding);
};

/** As {@link fenceFiles}, with the decision as it is stored. */
export const fenceJudgement = (
  judgement: Judgement,
  wanted: Wanted,
  [fileIds, foreign]: readonly [readonly string[], ReadonlySet<string>],
): Judgement => {
  const decision = fenceFiles(judgement.decision, fileIds, foreign);
  return decision === judgement.decision ? judgement : { decision, packed: packDecision(decision, wanted) };
};
