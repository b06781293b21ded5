import { Box, Tooltip } from '@mantine/core';
import { cloneElement, type ReactElement, useId } from 'react';

type Disableable = {
  readonly disabled?: boolean;
  readonly 'data-disabled'?: boolean;
  readonly 'aria-describedby'?: string;
};

type Props = {
  /** Why the action is not to be had; null when it is. */
  readonly reason: string | null;
  readonly children: ReactElement<Disableable>;
};

/** Shows an action that one may not take as disabled and says why, to the pointer, the keyboard and screen readers. */
export const DisabledReason = ({ reason, children }: Props) => {
  const id = useId();
  if (reason === null) return children;
  return (
    <Tooltip label={reason} events={{ hover: true, focus: true, touch: true }}>
      {/* A disabled control takes no focus, so the frame around it does: the reason must be reachable. */}
      <Box component="span" tabIndex={0} role="group" aria-label={reason} style={{ display: 'inline-block' }}>
        {cloneElement(children, { disabled: true, 'aria-describedby': id })}
        <span id={id} hidden>
          {reason}
        </span>
      </Box>
    </Tooltip>
  );
};
