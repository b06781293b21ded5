import { readFileSync } from 'node:fs';
import type { Call } from '../../platform/contract.ts';
import { Unfulfilled } from '../failure.ts';
import type { Planned } from '../policy/plan-files.ts';
import { readState } from '../policy/read-state.ts';
import { planWanted } from '../policy/rules/plan-limits.ts';
import { findTargets, readMembers } from './find-targets.ts';
import { readCsv } from './read-csv.ts';
import { type LimitRow, type Mistake, readRows } from './read-rows.ts';

const STDIN = '-';

const textOf = (file: string): string => {
  try {
    return readFileSync(file === STDIN ? 0 : file, 'utf8');
  } catch (error) {
    throw new Unfulfilled(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const refuse = (file: string, mistakes: readonly Mistake[]): void => {
  if (mistakes.length === 0) return;
  const name = file === STDIN ? '(standard input)' : file;
  const inOrder = mistakes.toSorted((one, other) => one.line - other.line);
  const lines = inOrder.map(({ line, problem }) => `${name}:${line}: ${problem}`);
  throw new Unfulfilled([...lines, 'Nothing was changed.'].join('\n'));
};

const NOTHING = { hasMembersOf: () => false, hasPermissionsOf: () => false, emails: [], emailsWithRoles: [] };

/** As much of the organisation as these lines have to do with. */
const readAround = (call: Call, rows: readonly LimitRow[]) => {
  const keys = rows.filter(({ type }) => type === 'api_key').map(({ id, name }) => id || name);
  return readState(call, {
    ...NOTHING,
    hasConnectors: false,
    hasCapabilities: false,
    tabsOf: () => ({ capabilities: false, permissions: false, connectors: false }),
    hasLimits: true,
    spend: { settings: false, prepaid: false, included: false },
    hasRates: false,
    hasWorkspaces: rows.some(({ type }) => type === 'workspace'),
    keys: [...new Set(keys)],
  });
};

/**
 * Reads a file of limits, as “remit limits list --csv” writes it, and plans the difference. Throws {@link Unfulfilled} with
 * everything that is wrong in it, one to a line.
 */
export const planImport = async (call: Call, file: string): Promise<Planned> => {
  const { rows, mistakes } = readRows(readCsv(textOf(file)));
  refuse(file, mistakes);
  const state = await readAround(call, rows);
  const found = findTargets(rows, { ...state, members: await readMembers(call, rows) });
  const { steps, problems } = planWanted(found.wanted, state);
  refuse(file, [...found.mistakes, ...problems.map(({ path: [line], problem }) => ({ line: Number(line), problem }))]);
  return { plan: { steps, problems: [], notes: [] }, state, preview: { kind: 'nothing' } };
};
