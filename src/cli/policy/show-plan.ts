import type { PolicyPreview } from '../../access/contract.ts';
import type { Preview } from './preview-plan.ts';
import type { Change, Line, Plan } from './rules/step.ts';

const SIGNS: Readonly<Record<Change, string>> = { create: '+', update: '~', delete: '-' };

/** All lines of a plan, in the order in which they are done. */
export const linesOf = ({ steps }: Pick<Plan, 'steps'>): readonly Line[] => steps.flatMap(({ lines }) => lines);

/** A line as it stands in a plan: `+ create the role “Deep work”`. */
export const lineInWords = ({ change, sentence }: Line): string => `${SIGNS[change]} ${sentence}`;

const countOf = (lines: readonly Line[], change: Change): number =>
  lines.filter((line) => line.change === change).length;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** What a change of models does to people, in sentences; none when it does nothing to anybody. */
const impactOf = ({ members, requests, rewritten }: PolicyPreview): readonly string[] => {
  const { newly_denied, newly_clamped, newly_allowed, total, days } = requests;
  return [
    ...(members.gaining + members.losing === 0
      ? []
      : [`${count(members.gaining, 'member')} gain something, ${count(members.losing, 'member')} lose something.`]),
    ...(newly_denied + newly_clamped + newly_allowed === 0
      ? []
      : [
          `Of ${count(total, 'request')} in the last ${days} days, ${newly_denied} would have been refused, ${newly_clamped} lowered and ${newly_allowed} newly allowed.`,
        ]),
    ...rewritten,
  ];
};

/** The sentences that follow a plan: what it does to people, and what is to be known. */
export const remarksOn = (plan: Plan, preview: Preview): readonly string[] => [
  ...(preview.kind === 'known' ? impactOf(preview.preview) : []),
  ...plan.notes,
];

/** A plan for people: every line with its sign, what it does to them, and the figures. */
export const planInWords = (plan: Plan, preview: Preview): string => {
  const lines = linesOf(plan);
  const remarks = remarksOn(plan, preview).map((remark) => `  ${remark}`);
  if (plan.steps.length === 0) return ['Nothing to do: the organisation is as the files say.', ...remarks].join('\n');
  const figures = (['create', 'update', 'delete'] as const).map((change) => countOf(lines, change));
  return [
    ...lines.map((line) => `  ${lineInWords(line)}`),
    ...(remarks.length === 0 ? [] : ['', ...remarks]),
    '',
    `Plan: ${figures[0]} to add, ${figures[1]} to change, ${figures[2]} to take away.`,
  ].join('\n');
};

/** A plan for programs. */
export const planAsJson = (plan: Plan, preview: Preview) => ({
  type: 'policy_plan' as const,
  has_changes: plan.steps.length > 0,
  changes: plan.steps.flatMap(({ action, lines }) =>
    lines.map(({ change, sentence }) => ({ change, action: action.kind, sentence })),
  ),
  notes: plan.notes,
  impact: preview.kind === 'known' ? preview.preview : null,
});
