import { Skeleton, Stack, Text } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { isRefusal, sentenceOf } from './error-words.ts';
import type { Reading } from './reading.ts';
import { Failed, NotCurrent, Refused } from './states.tsx';

type Props<Data> = {
  readonly query: Reading<Data>;
  readonly isEmpty?: (data: Data) => boolean;
  readonly empty?: ReactNode;
  /** How many grey lines stand in while it is read. */
  readonly lines?: number;
  /** Puts the states other than the thing itself on a card, where the page has none around it. */
  readonly framed?: boolean;
  readonly children: (data: Data) => ReactNode;
};

/**
 * A page's or section's four states: being read, empty, refused, failed; and else the thing itself, with a word above it
 * where reading it again failed.
 */
export const Loadable = <Data,>({ query, isEmpty, empty, lines = 6, framed = false, children }: Props<Data>) => {
  const { data } = query;
  const note = data === undefined || query.error === null ? null : <NotCurrent query={query} />;
  if (data !== undefined && isEmpty?.(data) !== true)
    return (
      <>
        {note}
        {children(data)}
      </>
    );
  const state = data === undefined ? <Unread query={query} lines={lines} /> : empty;
  const whole = (
    <>
      {note}
      {state}
    </>
  );
  return framed ? <div className="card">{whole}</div> : whole;
};

const Unread = ({ query, lines }: { readonly query: Reading<unknown>; readonly lines: number }) => {
  if (query.error === null) return <Waiting lines={lines} />;
  if (isRefusal(query.error)) return <Refused reason={sentenceOf(query.error)} />;
  return <Failed error={query.error} onRetry={() => void query.refetch()} />;
};

const LONG_MS = 4000;

/** Grey lines where content will be, and after some seconds a word; announced to screen readers. */
export const Waiting = ({ lines }: { readonly lines: number }) => {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Stack gap="sm" p="md" role="status" aria-label="Loading">
      {isLong && (
        <Text size="sm" c="dimmed">
          Still waiting for the server …
        </Text>
      )}
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are alike and never move.
        <Skeleton key={line} height={22} width={`${96 - ((line * 17) % 38)}%`} radius="sm" />
      ))}
    </Stack>
  );
};
