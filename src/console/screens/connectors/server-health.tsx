import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { connectorServerQuery } from '../../data/connectors.ts';
import { DotLabel } from '../../kit/dot-label.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';

/** How a connector's server answered when it was last asked for its tools. */
export const ServerHealth = ({ connectorId }: { readonly connectorId: string }) => {
  const health = useQuery(connectorServerQuery(connectorId)).data?.health;
  if (health === undefined) return null;
  if (health === null)
    return (
      <Text size="sm" c="dimmed">
        Never
      </Text>
    );
  return (
    <DotLabel tone={health.error === null ? 'good' : 'bad'}>
      <span title={health.error ?? undefined}>
        {health.error === null ? 'Answered ' : 'Failed '}
        <RelativeTime at={health.checked_at} />
      </span>
    </DotLabel>
  );
};
