import { TOOL_LEVELS, type ToolLevel } from '../../../kernel/index.ts';
import type { Tone } from '../../kit/dot-label.tsx';

/** The levels of tools as people read them. */
export const TOOL_LEVEL_NAMES: Readonly<Record<ToolLevel, string>> = {
  always: 'Always allow',
  ask: 'Needs approval',
  blocked: 'Blocked',
};

/** How a level is to be felt. */
export const TOOL_LEVEL_TONES: Readonly<Record<ToolLevel, Tone>> = { always: 'good', ask: 'warn', blocked: 'quiet' };

/** The levels for a choice, the freest first. */
export const LEVEL_CHOICES = TOOL_LEVELS.toReversed().map((value) => ({ value, label: TOOL_LEVEL_NAMES[value] }));

/** Whether a text is a level. */
export const isToolLevel = (value: string | undefined): value is ToolLevel => TOOL_LEVELS.some((one) => one === value);
