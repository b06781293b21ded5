import { Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { formatInstant, formatRelative } from './format.ts';

const TICK_MS = 20_000;

const subscribe = (notify: () => void) => {
  const timer = setInterval(notify, TICK_MS);
  return () => clearInterval(timer);
};

const currentTick = (): number => Math.floor(Date.now() / TICK_MS);

/** How long ago something was, kept current; the exact time on hover and for machines. */
export const RelativeTime = ({ at }: { readonly at: string }) => {
  useSyncExternalStore(subscribe, currentTick);
  return (
    <Tooltip label={formatInstant(at)}>
      <time dateTime={at} style={{ whiteSpace: 'nowrap' }}>
        {formatRelative(at, Date.now())}
      </time>
    </Tooltip>
  );
};
