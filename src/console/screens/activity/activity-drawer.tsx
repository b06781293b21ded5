import { Button, Code, DataList, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Activity } from '../../../activity/contract.ts';
import type { ActivityFilters } from '../../data/activity-filters.ts';
import { CodeBlock } from '../../kit/code-block.tsx';
import { CopyText } from '../../kit/copy-text.tsx';
import { formatInstant } from '../../kit/format.ts';
import { ActivitySentence } from '../../parts/activity/activity-sentence.tsx';
import { referencesOf, titleOf } from '../../parts/activity/sentence.ts';
import { useActivityNames } from '../../parts/activity/use-activity-names.ts';

type Props = {
  readonly activity: Activity | null;
  readonly onFilter: (filters: ActivityFilters) => void;
  readonly onClose: () => void;
};

/** One activity: the sentence, the facts, ways to related ones, and the record as programs read it. */
export const ActivityDrawer = ({ activity, onFilter, onClose }: Props) => (
  <Drawer opened={activity !== null} onClose={onClose} size={560} title="Activity" returnFocus>
    {activity !== null && <Facts activity={activity} onFilter={onFilter} />}
  </Drawer>
);

type FactsProps = { readonly activity: Activity; readonly onFilter: (filters: ActivityFilters) => void };

const ACTOR_IDS = ['user_id', 'admin_api_key_id', 'api_key_id', 'directory_id'] as const;

const actorIdOf = ({ actor }: Activity): string | undefined =>
  ACTOR_IDS.map((field) => actor[field]).find((id) => typeof id === 'string');

const shown = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : '–');

const Facts = ({ activity, onFilter }: FactsProps) => {
  const names = useActivityNames([activity]);
  const actorId = actorIdOf(activity);
  const about = referencesOf(activity).filter(({ id, kind }) => id !== actorId && kind !== 'model');
  const distinct = [...new Map(about.map((reference) => [reference.id, reference])).values()];
  return (
    <Stack gap="lg">
      <ActivitySentence activity={activity} names={names} />
      <Labelled
        facts={[
          ['What', titleOf(activity.type)],
          ['When', formatInstant(activity.created_at)],
          ['Address', shown(activity.actor.ip_address)],
          ['Client', shown(activity.actor.user_agent)],
          ['Actor', <Id key="actor" value={actorId} label="the actor’s id" />],
          ['Record', <Id key="record" value={activity.id} label="the record’s id" />],
        ]}
      />
      <Stack gap="xs">
        <Title order={2}>Look further</Title>
        <Group gap="xs">
          {actorId !== undefined && (
            <Button variant="default" size="xs" onClick={() => onFilter({ actor: actorId })}>
              By the same actor
            </Button>
          )}
          {distinct.map((reference) => (
            <Button key={reference.id} variant="default" size="xs" onClick={() => onFilter({ subject: reference.id })}>
              About {names.nameOf(reference)}
            </Button>
          ))}
          <Button variant="default" size="xs" onClick={() => onFilter({ what: activity.type })}>
            Of the same kind
          </Button>
        </Group>
      </Stack>
      <CodeBlock title="The record, as the Compliance API shows it" code={JSON.stringify(activity, null, 2)} />
    </Stack>
  );
};

const Labelled = ({ facts }: { readonly facts: readonly (readonly [label: string, value: ReactNode])[] }) => (
  <DataList size="sm" gap={8} labelWidth={90}>
    {facts.map(([label, value]) => (
      <DataList.Item key={label}>
        <DataList.ItemLabel>{label}</DataList.ItemLabel>
        <DataList.ItemValue style={{ overflowWrap: 'anywhere' }}>{value}</DataList.ItemValue>
      </DataList.Item>
    ))}
  </DataList>
);

const Id = ({ value, label }: { readonly value: string | undefined; readonly label: string }) =>
  value === undefined ? (
    <Text size="sm">–</Text>
  ) : (
    <Group gap={4} wrap="nowrap">
      <Code style={{ overflowWrap: 'anywhere' }}>{value}</Code>
      <CopyText value={value} label={`Copy: ${label}`} />
    </Group>
  );
