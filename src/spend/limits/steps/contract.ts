import { z } from 'zod';
import { EFFORTS } from '../../../kernel/index.ts';

const atPercent = z.number().int().min(1).max(99);

/** What happens before a limit is reached, from a percentage of it on. */
export const LadderStep = z.discriminatedUnion('action', [
  z.strictObject({ at_percent: atPercent, action: z.literal('notify') }),
  z.strictObject({ at_percent: atPercent, action: z.literal('lower_effort'), effort: z.enum(EFFORTS) }),
  z.strictObject({
    at_percent: atPercent,
    action: z.literal('restrict_models'),
    /** Families of models that may still be used, such as `haiku`. */
    families: z.array(z.string().min(1).max(64)).min(1).max(20),
  }),
]);
export type LadderStep = z.output<typeof LadderStep>;

const LADDER_STEPS_MAX = 10;
export const Ladder = z.array(LadderStep).max(LADDER_STEPS_MAX);

/** A step of a limit in one word, for files and command lines: `80:notify`, `90:lower_effort:low`, `95:restrict_models:haiku,sonnet`. */
export const stepText = (step: LadderStep): string => {
  const start = `${step.at_percent}:${step.action}`;
  switch (step.action) {
    case 'notify':
      return start;
    case 'lower_effort':
      return `${start}:${step.effort}`;
    case 'restrict_models':
      return `${start}:${step.families.join(',')}`;
    default:
      return step satisfies never;
  }
};

/** How a step is written, for whoever has written none. */
export const STEP_FORM = `80:notify, 90:lower_effort:<${EFFORTS.join('|')}> or 95:restrict_models:<family,family>`;

const namedIn = (action: string | undefined, what: string): object => {
  if (action === 'lower_effort') return { effort: what };
  return action === 'restrict_models' ? { families: what.split(',').map((family) => family.trim()) } : {};
};

/** The step that a word of {@link stepText} means; undefined for a text that is none. */
export const readStep = (text: string): LadderStep | undefined => {
  const [percent = '', action, what, ...more] = text.trim().split(':');
  if (!/^\d+$/.test(percent) || more.length > 0 || (action === 'notify') !== (what === undefined)) return undefined;
  return LadderStep.safeParse({ at_percent: Number(percent), action, ...namedIn(action, what ?? '') }).data;
};
