import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  deleteNoticeChannel,
  type NoticeChannel,
  testNoticeChannel,
  updateNoticeChannel,
} from '../../../../spend/contract.ts';
import { call } from '../../../data/client.ts';
import { noticeChannelsQuery } from '../../../data/notices.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { AddButton } from '../../../kit/add-button.tsx';
import { AskButton } from '../../../kit/ask-button.tsx';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { Loadable } from '../../../kit/loadable.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { NewChannel } from './new-channel.tsx';
import { TestResult } from './test-result.tsx';

/** The webhooks and Slack channels that notices are posted to. */
export const ChannelsSection = () => {
  const channels = useQuery(noticeChannelsQuery);
  const manage = usePermission('billing:manage');
  const [adding, setAdding] = useState(false);
  return (
    <SectionCard
      title="Channels"
      description="Webhooks get JSON with a signature; Slack, and chats that take the same, get a message."
      actions={<AddButton label="Add a channel" reason={manage.reason} onAdd={() => setAdding(true)} />}
    >
      <Loadable
        query={channels}
        lines={2}
        isEmpty={(data) => data.length === 0}
        empty={
          <Text size="sm" c="dimmed">
            Nothing is posted anywhere yet.
          </Text>
        }
      >
        {(data) => (
          <Stack gap="lg">
            {data.map((channel) => (
              <Channel key={channel.id} channel={channel} />
            ))}
          </Stack>
        )}
      </Loadable>
      <NewChannel opened={adding} onClose={() => setAdding(false)} />
    </SectionCard>
  );
};

const Channel = ({ channel }: { readonly channel: NoticeChannel }) => {
  const { id, name, kind, host } = channel;
  const params = { channel_id: id };
  const manage = usePermission('billing:manage');
  const test = useAction({ run: () => call(testNoticeChannel, { params }), touches: [] });
  const remove = useAction({
    run: (_: undefined) => call(deleteNoticeChannel, { params }),
    touches: ['notices'],
    errors: 'inline',
    done: () => `Nothing is posted to ${name} any more.`,
  });
  const change = useAction({
    run: (is_enabled: boolean) => call(updateNoticeChannel, { params, body: { is_enabled } }),
    touches: ['notices'],
  });
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Stack gap={0}>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            {kind === 'slack' ? 'Slack' : 'Webhook'} at {host}
            {channel.about_members ? ', with the limits of single members' : ''}
          </Text>
        </Stack>
        <Group gap="sm">
          <DisabledReason reason={manage.reason}>
            <Switch
              aria-label={`Post to ${name}`}
              checked={channel.is_enabled}
              disabled={change.isPending || manage.reason !== null}
              onChange={(event) => change.mutate(event.currentTarget.checked)}
            />
          </DisabledReason>
          <DisabledReason reason={manage.reason}>
            <Button
              variant="default"
              size="xs"
              aria-label={`Send a test message to ${name}`}
              loading={test.isPending}
              onClick={() => test.mutate(undefined)}
            >
              Send a test
            </Button>
          </DisabledReason>
          <AskButton
            label="Remove"
            name={`Remove ${name}`}
            size="xs"
            reason={manage.reason}
            title={`Remove ${name}?`}
            confirm="Remove"
            deed={remove}
          >
            Nothing is posted there from now on. What still waits for it is given up.
          </AskButton>
        </Group>
      </Group>
      <TestResult result={test.data} />
    </Stack>
  );
};
