import { NativeSelect, type NativeSelectProps } from '@mantine/core';
import { EFFORTS, type Effort, effortRank, isEffort } from '../../kernel/index.ts';

/** The levels as people read them. */
export const EFFORT_NAMES: Readonly<Record<Effort, string>> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  xhigh: 'Extra high',
  max: 'Max',
};

type Props = {
  /** Says what is chosen here, for people who do not see its place. */
  readonly label: string;
  readonly value: Effort | null;
  /** The levels on offer; every level when the model has none of its own. */
  readonly offered: readonly Effort[];
  /** Nothing above this can be chosen. */
  readonly ceiling?: Effort | null;
  /** The choice of no level: `No cap`, `Recommended`. */
  readonly none: string;
  readonly onChange: (effort: Effort | null) => void;
  readonly classNames?: NativeSelectProps['classNames'] | undefined;
} & Pick<NativeSelectProps, 'disabled' | 'variant' | 'size' | 'className'>;

/** Chooses an effort level or none. A value that is no longer on offer stays visible until another is chosen. */
export const EffortSelect = ({ label, value, offered, ceiling = null, none, onChange, ...look }: Props) => {
  const levels = (offered.length === 0 ? EFFORTS : offered).filter(
    (level) => level === value || ceiling === null || effortRank(level) <= effortRank(ceiling),
  );
  const shown = value === null || levels.includes(value) ? levels : [...levels, value];
  return (
    <NativeSelect
      aria-label={label}
      {...look}
      value={value ?? ''}
      data={[{ value: '', label: none }, ...shown.map((level) => ({ value: level, label: EFFORT_NAMES[level] }))]}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        onChange(isEffort(chosen) ? chosen : null);
      }}
    />
  );
};
