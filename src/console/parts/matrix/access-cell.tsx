import { Switch, Tooltip } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { memo } from 'react';
import type { Effort } from '../../../kernel/index.ts';
import { EFFORT_NAMES, EffortSelect } from '../../kit/effort-select.tsx';
import classes from './matrix.module.css';

/** Why a cell has no switch of its own. */
export type Lock = 'always_available' | 'off_for_organisation' | null;

/** What somebody sets in a cell. */
export type CellChange = { readonly enabled?: boolean; readonly max_effort?: Effort | null };

type Props = {
  /** Whose cell it is: `Organisation`, or the role's name. */
  readonly who: string;
  readonly modelName: string;
  readonly model: string;
  /** The role's id; null for the organisation's own cell. */
  readonly roleId: string | null;
  readonly enabled: boolean;
  readonly cap: Effort | null;
  readonly efforts: readonly Effort[];
  readonly ceiling: Effort | null;
  readonly lock: Lock;
  readonly disabled: boolean;
  /** Shown in words only, where it is somebody else's to change. */
  readonly fixed?: boolean;
  readonly onChange: (target: { readonly model: string; readonly roleId: string | null }, change: CellChange) => void;
};

/** One model for one column: on or off, and the highest effort. Redraws only when its own values change. */
export const AccessCell = memo((props: Props) => {
  const { who, modelName, model, roleId, enabled, cap, lock, ceiling } = props;
  if (props.fixed === true) return <span className={classes.off}>{wordsOf(enabled, cap)}</span>;
  const change = (value: CellChange) => props.onChange({ model, roleId }, value);
  if (lock === 'off_for_organisation')
    return (
      <Locked words="Off for everyone" reason={`${modelName} is off for the organisation, so no role can grant it.`} />
    );
  return (
    <div className={classes.cell}>
      {lock === 'always_available' ? (
        <LockIcon reason="Haiku models are always available. They cannot be switched off, only capped." />
      ) : (
        <Switch
          size="xs"
          checked={enabled}
          disabled={props.disabled}
          aria-label={`${modelName} for ${who}`}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
      )}
      {enabled || lock === 'always_available' ? (
        <EffortSelect
          label={`Highest effort on ${modelName} for ${who}`}
          size="xs"
          variant="unstyled"
          className={classes.cap}
          classNames={cap === null ? { input: classes.capNone } : undefined}
          value={cap}
          offered={props.efforts}
          ceiling={ceiling}
          none={ceiling === null ? 'No cap' : `Up to ${EFFORT_NAMES[ceiling].toLowerCase()}`}
          disabled={props.disabled}
          onChange={(max_effort) => change({ max_effort })}
        />
      ) : (
        <span className={classes.off}>Off</span>
      )}
    </div>
  );
});

const wordsOf = (enabled: boolean, cap: Effort | null): string => {
  if (!enabled) return 'Off';
  return cap === null ? 'On, no cap' : `On, up to ${EFFORT_NAMES[cap].toLowerCase()}`;
};

const LockIcon = ({ reason }: { readonly reason: string }) => (
  <Tooltip label={reason} events={{ hover: true, focus: true, touch: true }}>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be reachable with the keyboard. */}
    <span className={classes.lock} tabIndex={0} role="img" aria-label={reason}>
      <IconLock size={14} aria-hidden />
    </span>
  </Tooltip>
);

const Locked = ({ words, reason }: { readonly words: string; readonly reason: string }) => (
  <div className={classes.cell}>
    <LockIcon reason={reason} />
    <span className={classes.off}>{words}</span>
  </div>
);
