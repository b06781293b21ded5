import { Anchor, Box, Button, Code, EmptyState, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconInbox, IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiError } from '../../platform/contract.ts';
import { CopyText } from './copy-text.tsx';
import { isRefusal, sentenceOf } from './error-words.ts';
import type { Reading } from './reading.ts';

type NothingProps = {
  readonly title: string;
  readonly children?: ReactNode;
  readonly icon?: ReactNode;
  readonly action?: ReactNode;
};

/** Says inside a section that there is nothing in it. */
export const NothingHere = ({ children }: { readonly children: ReactNode }) => (
  <Text size="sm" c="dimmed" px="md" pb="md">
    {children}
  </Text>
);

/** Says that there is nothing here yet, why, and what to do about it. */
export const Nothing = ({ title, children, icon, action }: NothingProps) => (
  <EmptyState
    size="sm"
    py={56}
    px="md"
    withIndicatorBackground
    icon={icon ?? <IconInbox size={26} stroke={1.5} aria-hidden />}
    title={title}
    description={children}
  >
    {action !== undefined && <EmptyState.Actions>{action}</EmptyState.Actions>}
  </EmptyState>
);

/** Says that the person may not see this, and who can change that. */
export const Refused = ({ reason }: { readonly reason: string }) => (
  <Nothing title="You may not see this" icon={<IconLock size={26} stroke={1.5} aria-hidden />}>
    {reason}
  </Nothing>
);

type AgainProps = { readonly query: Pick<Reading<unknown>, 'refetch' | 'isFetching'>; readonly children: ReactNode };

const Again = ({ query, children }: AgainProps) => (
  <Text size="xs" role="alert" c="var(--mantine-color-error)">
    {children}{' '}
    <Anchor
      component="button"
      type="button"
      size="xs"
      underline="always"
      disabled={query.isFetching === true}
      onClick={() => void query.refetch()}
    >
      Try again
    </Anchor>
  </Text>
);

/** Says above what is shown that it could not be read again, so that nobody takes it for the newest. */
export const NotCurrent = ({
  query,
}: {
  readonly query: Pick<Reading<unknown>, 'error' | 'refetch' | 'isFetching'>;
}) => (
  <Box px="md" py="xs">
    <Again query={query}>Not the newest: {sentenceOf(query.error)}</Again>
  </Box>
);

type ListFaultProps = {
  readonly of: string;
  readonly query: Pick<Reading<unknown>, 'error' | 'refetch' | 'isFetching'>;
};

/** Says beside a field that what it offers could not be read; nothing while it could. */
export const ListFault = ({ of, query }: ListFaultProps) => {
  if (query.error === null) return null;
  if (!isRefusal(query.error)) return <Again query={query}>{of} could not be read.</Again>;
  return (
    <Text size="xs" c="dimmed">
      {of} are not shown. {sentenceOf(query.error)}
    </Text>
  );
};

type FailedProps = { readonly error: unknown; readonly onRetry?: () => void };

/** Says that reading failed, with the request's id for whoever looks for the cause. */
export const Failed = ({ error, onRetry }: FailedProps) => {
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <Stack role="alert" align="center" gap="sm" py={28} px="md">
      <IconAlertTriangle size={28} stroke={1.5} color="var(--mantine-color-error)" aria-hidden />
      <Text fw={600}>This could not be loaded</Text>
      <Text size="sm" c="dimmed" maw={480} ta="center">
        {sentenceOf(error)}
      </Text>
      {requestId !== null && (
        <Group gap={4}>
          <Text size="xs" c="dimmed">
            Request
          </Text>
          <Code>{requestId}</Code>
          <CopyText value={requestId} label="Copy the request id" />
        </Group>
      )}
      {onRetry !== undefined && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Stack>
  );
};
