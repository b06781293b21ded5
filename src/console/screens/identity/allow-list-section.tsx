import { ActionIcon, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type IpAllowList, setIpAllowList } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { allowListQuery } from '../../data/sign-in.ts';
import { useAction } from '../../data/use-action.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { errorCode, sentenceOf } from '../../kit/error-words.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { overtakenReason, SharedFormFault } from '../../kit/shared-form-fault.tsx';
import { useSharedForm } from '../../kit/use-shared-form.ts';

const SURFACES: Readonly<Record<IpAllowList['surfaces'][number], string>> = {
  console: 'This console',
  api: 'Administration by key',
  gateway: 'Requests to models',
  scim: 'SCIM',
};

/** From which addresses this installation may be used. */
export const AllowListSection = () => {
  const list = useQuery(allowListQuery);
  return (
    <SectionCard
      title="Allowed addresses"
      description="While there are entries, what is ticked answers to these addresses only."
    >
      <Loadable query={list} lines={4}>
        {(data) => <ListForm list={data} />}
      </Loadable>
    </SectionCard>
  );
};

type Values = Pick<IpAllowList, 'entries' | 'surfaces'>;

const valuesOf = ({ entries, surfaces }: IpAllowList): Values => ({ entries, surfaces });

const ListForm = ({ list }: { readonly list: IpAllowList }) => {
  const manage = usePermission('identity:manage');
  const client = useQueryClient();
  const form = useForm<Values>({ initialValues: valuesOf(list) });
  const shared = useSharedForm({
    form,
    saved: valuesOf(list),
    readAgain: async () => valuesOf(await client.fetchQuery({ ...allowListQuery, staleTime: 0 })),
  });
  const save = useAction({
    run: async (body: Values & { readonly force: boolean }) => {
      await shared.checkUnmoved();
      const entries = body.entries.filter(({ range }) => range.trim() !== '');
      return call(setIpAllowList, { body: { ...body, entries } });
    },
    touches: ['allow-list'],
    errors: 'inline',
    done: () => 'The allowed addresses are saved.',
    onDone: (reply) => shared.settle(valuesOf(reply)),
  });
  const wouldLockOut = errorCode(save.error) === 'would_lock_you_out';
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate({ ...values, force: false }))} noValidate>
      <Stack gap="md">
        <Checkbox.Group label="What the list covers" {...form.getInputProps('surfaces')}>
          <Group mt="xs">
            {Object.entries(SURFACES).map(([value, label]) => (
              <Checkbox key={value} value={value} label={label} />
            ))}
          </Group>
        </Checkbox.Group>
        <Entries form={form} />
        <Text size="sm" c="dimmed">
          You come from {list.your_address ?? 'an address nobody knows'}. Behind a proxy, trusted_proxies must name it,
          or everybody seems to come from there.
        </Text>
        {!wouldLockOut && <SharedFormFault shared={shared} error={save.error} />}
        <Group justify="flex-end">
          <DisabledReason reason={manage.reason ?? overtakenReason(shared)}>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save addresses
            </Button>
          </DisabledReason>
        </Group>
      </Stack>
      <ConfirmDialog
        opened={wouldLockOut}
        title="This would lock you out"
        confirm="Lock me out"
        busy={save.isPending}
        onConfirm={() => save.mutate({ ...form.values, force: true })}
        onClose={save.reset}
      >
        {sentenceOf(save.error)} On the machine itself, “remit emergency-owner --lift-allow-list” lets everybody in
        again.
      </ConfirmDialog>
    </form>
  );
};

const Entries = ({ form }: { readonly form: ReturnType<typeof useForm<Values>> }) => (
  <Stack gap="xs">
    {form.values.entries.map((_, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: rows are added at the end and have no name of their own.
      <Group key={index} gap="sm">
        <TextInput
          aria-label={`Address or range ${index + 1}`}
          placeholder="192.0.2.0/24"
          w={220}
          {...form.getInputProps(`entries.${index}.range`)}
        />
        <TextInput
          aria-label={`Note on address ${index + 1}`}
          placeholder="What it is"
          w={260}
          {...form.getInputProps(`entries.${index}.note`)}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Remove address ${index + 1}`}
          onClick={() => form.removeListItem('entries', index)}
        >
          <IconX size={14} aria-hidden />
        </ActionIcon>
      </Group>
    ))}
    <Button
      variant="default"
      size="xs"
      w="fit-content"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => form.insertListItem('entries', { range: '', note: '' })}
    >
      Add address
    </Button>
  </Stack>
);
