import { PERIODS, type Period } from '../../kernel/index.ts';
import { readStep, SCOPES_BY_REACH, STEP_FORM } from '../../spend/contract.ts';
import {
  type DeclaredAmount,
  type DeclaredLimit,
  type DeclaredStep,
  NONE,
  UNLIMITED,
} from '../policy/rules/declared-limits.ts';
import type { LimitState } from '../policy/rules/money-state.ts';
import { didYouMean } from '../policy/rules/nearest.ts';
import type { CsvRow, CsvTable } from './read-csv.ts';

/** What a limit can be for. */
export type ScopeType = LimitState['type'];

/** A line of the file: whose limit it is, by id, e-mail address or name, and what it is to be. */
export type LimitRow = {
  readonly line: number;
  readonly type: ScopeType;
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** null for a session's. */
  readonly period: Period | null;
  readonly limit: DeclaredLimit;
};

/** Something wrong in a line of the file. */
export type Mistake = { readonly line: number; readonly problem: string };

const KNOWN = [
  ...['scope_type', 'scope_id', 'name', 'email', 'period', 'limit_usd', 'mode', 'enabled', 'steps'],
  // Of an exported file; they say nothing of what is to be.
  ...['id', 'created_at', 'updated_at'],
];
const NEEDED = ['scope_type', 'limit_usd'];

const headingMistakes = ({ headings }: CsvTable): readonly Mistake[] => [
  ...NEEDED.filter((name) => !headings.includes(name)).map((name) => ({
    line: 1,
    problem: `There is no column ${name}. Needed are ${NEEDED.join(' and ')}; “remit limits list --csv” writes such a file.`,
  })),
  ...headings
    .filter((name) => name !== '' && !KNOWN.includes(name))
    .map((name) => ({ line: 1, problem: `“${name}” is no column that is known.${didYouMean(name, KNOWN)}` })),
];

/** Thrown by the readers of cells, with what is wrong in words. */
class WrongCell extends Error {}

const wrong = (text: string, what: string): never => {
  throw new WrongCell(`“${text}” is no ${what}.`);
};

const typeIn = (text: string): ScopeType =>
  SCOPES_BY_REACH.find((type) => type === text) ?? wrong(text, `scope_type; they are ${SCOPES_BY_REACH.join(', ')}`);

const periodIn = (text: string, type: ScopeType): Period | null => {
  if (type === 'session') return text === '' ? null : wrong(text, 'period of a session, which has none');
  return PERIODS.find((period) => period === text) ?? wrong(text, `period; they are ${PERIODS.join(', ')}`);
};

const DOLLARS_MAX = 999_999_999;

const amountIn = (text: string): DeclaredAmount | typeof NONE => {
  if (text === UNLIMITED || text === NONE) return text;
  const dollars = Number(text.replace(/^\$/, ''));
  const isAmount = /^\$?\d+(?:\.\d+)?$/.test(text) && dollars <= DOLLARS_MAX;
  return isAmount ? dollars : wrong(text, `amount in dollars such as 50 or 12.5, and neither ${UNLIMITED} nor ${NONE}`);
};

const MODES = ['standard', 'strict'] as const;

const modeIn = (text: string | undefined): (typeof MODES)[number] | undefined =>
  text === undefined || text === ''
    ? undefined
    : (MODES.find((mode) => mode === text) ?? wrong(text, `mode; they are ${MODES.join(', ')}`));

const SWITCHES: Readonly<Record<string, boolean>> = {
  ...{ yes: true, true: true, on: true, '1': true },
  ...{ no: false, false: false, off: false, '0': false },
};

const switchIn = (text: string | undefined): boolean | undefined => {
  if (text === undefined || text === '') return undefined;
  return SWITCHES[text.toLowerCase()] ?? wrong(text, 'yes or no');
};

/** The steps of a cell; a file without the column leaves those that are there. */
const stepsIn = (text: string | undefined): readonly DeclaredStep[] | undefined =>
  text
    ?.split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => readStep(one) ?? wrong(one, `step. A step is ${STEP_FORM}`));

const limitIn = ({ cells }: CsvRow): DeclaredLimit => {
  const amount = amountIn(cells.get('limit_usd') ?? '');
  const [mode, enabled, ladder] = [
    modeIn(cells.get('mode')),
    switchIn(cells.get('enabled')),
    stepsIn(cells.get('steps')),
  ];
  return amount === NONE ? amount : { amount, mode, enabled, ladder };
};

const rowOf = (row: CsvRow): LimitRow => {
  const text = (name: string): string => row.cells.get(name) ?? '';
  const type = typeIn(text('scope_type'));
  return {
    ...{ line: row.line, type, id: text('scope_id'), email: text('email'), name: text('name') },
    period: periodIn(text('period'), type),
    limit: limitIn(row),
  };
};

/** Reads the lines of a file of limits, with every mistake in it. */
export const readRows = (
  table: CsvTable,
): { readonly rows: readonly LimitRow[]; readonly mistakes: readonly Mistake[] } => {
  const rows: LimitRow[] = [];
  const mistakes: Mistake[] = [...headingMistakes(table)];
  if (mistakes.length > 0) return { rows, mistakes };
  for (const row of table.rows)
    try {
      rows.push(rowOf(row));
    } catch (error) {
      if (!(error instanceof WrongCell)) throw error;
      mistakes.push({ line: row.line, problem: error.message });
    }
  return { rows, mistakes };
};
