import { Button, Checkbox, Group, Modal, NativeSelect, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { createNoticeChannel, NOTICE_EVENTS, type NoticeEvent } from '../../../../spend/contract.ts';
import { call } from '../../../data/client.ts';
import { useAction } from '../../../data/use-action.ts';
import { CopyOnce } from '../../../kit/copy-once.tsx';
import { FormButtons, FormError } from '../../../kit/form-parts.tsx';

const EVENTS: Readonly<Record<NoticeEvent, string>> = {
  threshold_crossed: 'A limit is nearly reached',
  limit_reached: 'A limit is reached',
  increase_requested: 'Members ask for more (daily)',
  order_placed: 'Prepaid usage is ordered',
  balance_low: 'The prepaid balance is low',
};

type Props = { readonly opened: boolean; readonly onClose: () => void };

/** Adds a channel, and shows the secret its posts are signed with this once. */
export const NewChannel = ({ opened, onClose }: Props) => {
  const [secret, setSecret] = useState<string | null>(null);
  const close = () => {
    setSecret(null);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Add a channel" returnFocus>
      {opened && secret === null && (
        <ChannelForm onClose={close} onAdded={(made) => (made === null ? close() : setSecret(made))} />
      )}
      {secret !== null && (
        <Stack gap="md">
          <CopyOnce
            label="Secret"
            secret={secret}
            warning="Posts are signed with this secret. Copy it now: it cannot be shown again."
          />
          <Group justify="flex-end">
            <Button onClick={close}>Done</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
};

type FormProps = { readonly onClose: () => void; readonly onAdded: (secret: string | null) => void };

const ChannelForm = ({ onClose, onAdded }: FormProps) => {
  const form = useForm({
    initialValues: { kind: 'slack', name: '', url: '', events: [...NOTICE_EVENTS] as string[], members: false },
  });
  const add = useAction({
    run: ({ kind, name, url, events, members }: typeof form.values) =>
      call(createNoticeChannel, {
        body: {
          kind: kind === 'slack' ? 'slack' : 'webhook',
          name,
          url,
          events: NOTICE_EVENTS.filter((event) => events.includes(event)),
          about_members: members,
        },
      }),
    touches: ['notices'],
    errors: 'inline',
    onDone: ({ secret }) => onAdded(secret),
  });
  return (
    <form onSubmit={form.onSubmit((values) => add.mutate(values))} noValidate>
      <Stack gap="md">
        <FormError error={add.error} />
        <NativeSelect
          label="Kind"
          data={[
            { value: 'slack', label: 'Slack, or a chat that takes the same' },
            { value: 'webhook', label: 'Webhook' },
          ]}
          {...form.getInputProps('kind')}
        />
        <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
        <TextInput
          label="Address"
          description="It is kept as a secret; only its host is shown again."
          placeholder="https://"
          {...form.getInputProps('url')}
        />
        <Checkbox.Group label="What it is told" {...form.getInputProps('events')}>
          <Stack gap={6} mt="xs">
            {NOTICE_EVENTS.map((event) => (
              <Checkbox key={event} value={event} label={EVENTS[event]} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Switch label="The limits of single members, too" {...form.getInputProps('members', { type: 'checkbox' })} />
        <FormButtons
          submit="Add the channel"
          busy={add.isPending}
          disabled={form.values.name.trim() === '' || form.values.url.trim() === '' || form.values.events.length === 0}
          onCancel={onClose}
        />
      </Stack>
    </form>
  );
};
