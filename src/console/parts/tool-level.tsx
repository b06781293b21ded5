import { NativeSelect } from '@mantine/core';
import { TOOL_LEVELS, type ToolLevel } from '../../kernel/index.ts';
import { DotLabel } from '../kit/dot-label.tsx';
import { TOOL_LEVEL_NAMES, TOOL_LEVEL_TONES } from './role-rights/level-words.ts';

/** A level as a word with a dot. */
export const LevelLabel = ({ level }: { readonly level: ToolLevel }) => (
  <DotLabel tone={TOOL_LEVEL_TONES[level]}>{TOOL_LEVEL_NAMES[level]}</DotLabel>
);

const isLevel = (text: string): text is ToolLevel => TOOL_LEVELS.some((level) => level === text);

type Props = {
  /** Says what is chosen here, for people who do not see its place. */
  readonly label: string;
  readonly value: ToolLevel | null;
  /** The choice of no level of its own; without it one of the levels has to be chosen. */
  readonly none?: string;
  readonly disabled?: boolean;
  readonly onChange: (level: ToolLevel | null) => void;
};

/** Chooses a level. */
export const LevelSelect = ({ label, value, none, disabled = false, onChange }: Props) => (
  <NativeSelect
    aria-label={label}
    size="xs"
    w={190}
    disabled={disabled}
    value={value ?? ''}
    data={[
      ...(none === undefined ? [] : [{ value: '', label: none }]),
      ...TOOL_LEVELS.map((level) => ({ value: level, label: TOOL_LEVEL_NAMES[level] })),
    ]}
    onChange={(event) => {
      const chosen = event.currentTarget.value;
      onChange(isLevel(chosen) ? chosen : null);
    }}
  />
);
