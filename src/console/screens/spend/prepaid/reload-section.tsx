import { Button, Group, NumberInput, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type PrepaidBalance, updatePrepaidSettings } from '../../../../spend/contract.ts';
import { call } from '../../../data/client.ts';
import { PREPAID_TOUCHES, prepaidQuery } from '../../../data/prepaid.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { formatAmount } from '../../../kit/money.ts';
import { SectionCard } from '../../../kit/section-card.tsx';
import { overtakenReason, SharedFormFault } from '../../../kit/shared-form-fault.tsx';
import { useSharedForm } from '../../../kit/use-shared-form.ts';
import { problemsOf, type ReloadValues, reloadOf, valuesOf } from './reload-values.ts';

const DOLLARS = { prefix: '$', thousandSeparator: ',', decimalScale: 2, min: 0 } as const;

/** Records an order by itself when the balance runs low. */
export const ReloadSection = ({ balance }: { readonly balance: PrepaidBalance }) => {
  const { reason } = usePermission('billing:manage');
  const client = useQueryClient();
  const form = useForm<ReloadValues>({ initialValues: valuesOf(balance.auto_reload) });
  const { values } = form;
  const [isTried, setTried] = useState(false);
  const set = (part: Partial<ReloadValues>) => form.setValues(part);
  const shared = useSharedForm({
    form,
    saved: valuesOf(balance.auto_reload),
    readAgain: async () => valuesOf((await client.fetchQuery({ ...prepaidQuery, staleTime: 0 })).auto_reload),
  });
  const problems = problemsOf(values);
  const save = useAction({
    run: async () => {
      await shared.checkUnmoved();
      return call(updatePrepaidSettings, { body: { auto_reload: reloadOf(values) } });
    },
    touches: PREPAID_TOUCHES,
    errors: 'inline',
    done: () => 'Auto-reload is saved.',
    onDone: (reply) => shared.settle(valuesOf(reply.auto_reload)),
  });
  return (
    <SectionCard
      title="Auto-reload"
      description="Writes an order down by itself when the balance falls below a threshold, and tells people. It looks every five seconds while the balance is in force."
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (Object.keys(problems).length === 0) save.mutate(undefined);
        }}
      >
        <Stack gap="md">
          <Switch
            label="Add credit when the balance is low"
            checked={values.isOn}
            onChange={(event) => set({ isOn: event.currentTarget.checked })}
          />
          <Fields values={values} problems={isTried ? problems : {}} set={set} />
          <SharedFormFault shared={shared} error={save.error} />
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {formatAmount(balance.reloaded_this_month)} was added by itself this month (UTC).
            </Text>
            <DisabledReason reason={reason ?? overtakenReason(shared)}>
              <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
                Save auto-reload
              </Button>
            </DisabledReason>
          </Group>
        </Stack>
      </form>
    </SectionCard>
  );
};

type FieldsProps = {
  readonly values: ReloadValues;
  readonly problems: ReturnType<typeof problemsOf>;
  readonly set: (part: Partial<ReloadValues>) => void;
};

const Fields = ({ values, problems, set }: FieldsProps) => (
  <SimpleGrid cols={{ base: 1, md: 3 }}>
    <NumberInput
      {...DOLLARS}
      label="When the balance falls below"
      disabled={!values.isOn}
      value={values.threshold}
      error={problems.threshold}
      onChange={(threshold) => set({ threshold })}
    />
    <NumberInput
      {...DOLLARS}
      label="Add each time"
      disabled={!values.isOn}
      value={values.amount}
      error={problems.amount}
      onChange={(amount) => set({ amount })}
    />
    <NumberInput
      {...DOLLARS}
      label="At most in a month"
      placeholder="No maximum"
      disabled={!values.isOn}
      value={values.maximum}
      error={problems.maximum}
      onChange={(maximum) => set({ maximum })}
    />
  </SimpleGrid>
);
