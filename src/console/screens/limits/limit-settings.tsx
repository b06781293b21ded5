import {
  Button,
  Group,
  NativeSelect,
  NumberInput,
  Radio,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { BodyOf } from '../../../platform/contract.ts';
import { type SpendSettings, updateSpendSettings } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { spendSettingsQuery } from '../../data/spend-limits.ts';
import { useAction } from '../../data/use-action.ts';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { overtakenReason, SharedFormFault } from '../../kit/shared-form-fault.tsx';
import { useSharedForm } from '../../kit/use-shared-form.ts';

/** How limits work here: several groups, asking for more, when people are told, and a store that is away. */
export const LimitSettings = () => {
  const settings = useQuery(spendSettingsQuery);
  return (
    <SectionCard title="How limits work" description="Changes hold from the next request on.">
      <Loadable query={settings} lines={6}>
        {(data) => <SettingsForm settings={data} />}
      </Loadable>
    </SectionCard>
  );
};

type Values = {
  readonly group: SpendSettings['multi_group_limit'];
  readonly requests: boolean;
  readonly thresholds: string[];
  readonly outage: SpendSettings['store_outage']['mode'];
  readonly grace: number;
  readonly url: string;
  readonly sentence: string;
};

const valuesOf = (settings: SpendSettings): Values => ({
  group: settings.multi_group_limit,
  requests: settings.increase_requests,
  thresholds: settings.thresholds.map(String),
  outage: settings.store_outage.mode,
  grace: settings.store_outage.grace_seconds,
  url: settings.ask_for_more.url ?? '',
  sentence: settings.ask_for_more.sentence ?? '',
});

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

const bodyOf = (values: Values): BodyOf<typeof updateSpendSettings> => ({
  multi_group_limit: values.group,
  increase_requests: values.requests,
  thresholds: values.thresholds.map(Number).sort((a, b) => a - b),
  store_outage: { mode: values.outage, grace_seconds: values.grace },
  ask_for_more: { url: orNull(values.url), sentence: orNull(values.sentence) },
});

const isPercent = (text: string): boolean => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 100;

const SettingsForm = ({ settings }: { readonly settings: SpendSettings }) => {
  const manage = usePermission('billing:manage');
  const client = useQueryClient();
  const form = useForm<Values>({
    initialValues: valuesOf(settings),
    validate: {
      thresholds: (all) => (all.every(isPercent) ? null : 'Thresholds are whole percentages from 1 to 100.'),
    },
  });
  const shared = useSharedForm({
    form,
    saved: valuesOf(settings),
    readAgain: async () => valuesOf(await client.fetchQuery({ ...spendSettingsQuery, staleTime: 0 })),
  });
  const save = useAction({
    run: async (values: Values) => {
      await shared.checkUnmoved();
      return call(updateSpendSettings, { body: bodyOf(values) });
    },
    touches: ['spend-settings', 'spend-limits', 'my-spend'],
    errors: 'inline',
    done: () => 'The settings are saved.',
    onDone: (reply) => shared.settle(valuesOf(reply)),
  });
  const { outage } = form.getValues();
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="lg">
        <Radio.Group
          label="Members of several groups with limits"
          description="Which of the groups’ limits a member has, where the member has no own one."
          {...form.getInputProps('group')}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="higher" label="The highest" />
            <Radio value="lower" label="The lowest" />
          </Stack>
        </Radio.Group>
        <Switch
          label="Members may ask for more"
          description="A request waits under Spend until somebody decides it. A member has one waiting at most, and after a denial none for that period for 30 days."
          {...form.getInputProps('requests', { type: 'checkbox' })}
        />
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <TextInput
            label="Where members who need more are sent"
            description="An address of your own, such as a form. Shown where a limit stops somebody."
            placeholder="https://"
            {...form.getInputProps('url')}
          />
          <TextInput
            label="In which words"
            description="A sentence of your own for people who have reached a limit."
            maxLength={500}
            {...form.getInputProps('sentence')}
          />
        </SimpleGrid>
        <TagsInput
          label="Tell people at"
          description="Percent of a limit, each told once per period. Type a number and press Enter."
          {...form.getInputProps('thresholds')}
        />
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <NativeSelect
            label="While the store cannot be reached"
            description="Spend can then not be written down."
            data={[
              { value: 'closed', label: 'Refuse requests' },
              { value: 'open', label: 'Let requests pass for a while' },
            ]}
            {...form.getInputProps('outage')}
          />
          <NumberInput
            label="For how many seconds at most"
            description="What passes meanwhile is counted when the store is back."
            min={0}
            max={86_400}
            disabled={outage === 'closed'}
            {...form.getInputProps('grace')}
          />
        </SimpleGrid>
        <SharedFormFault shared={shared} error={save.error} />
        <Group justify="flex-end">
          <DisabledReason reason={manage.reason ?? overtakenReason(shared)}>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save settings
            </Button>
          </DisabledReason>
        </Group>
      </Stack>
    </form>
  );
};
