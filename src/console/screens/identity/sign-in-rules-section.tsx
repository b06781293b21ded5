import { Button, Group, MultiSelect, NumberInput, Select, SimpleGrid, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type SignInSettings, updateSignInSettings } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { ownersQuery, signInSettingsQuery } from '../../data/sign-in.ts';
import { useAction } from '../../data/use-action.ts';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { overtakenReason, SharedFormFault } from '../../kit/shared-form-fault.tsx';
import { ListFault } from '../../kit/states.tsx';
import { useSharedForm } from '../../kit/use-shared-form.ts';

const SECOND_FACTOR: Readonly<Record<SignInSettings['second_factor'], string>> = {
  optional: 'Nobody has to have one',
  owners: 'Owners must have one',
  admins: 'Owners and admins must have one',
  everybody: 'Everybody must have one',
};

/** Second factor, length of sessions and emergency accounts. */
export const SignInRulesSection = () => {
  const settings = useQuery(signInSettingsQuery);
  return (
    <SectionCard title="Rules of signing in" description="They hold at once, for running sessions too.">
      <Loadable query={settings} lines={4}>
        {(data) => <RulesForm settings={data} />}
      </Loadable>
    </SectionCard>
  );
};

const valuesOf = ({ type: _type, ...values }: SignInSettings) => values;
type Values = ReturnType<typeof valuesOf>;

const RulesForm = ({ settings }: { readonly settings: SignInSettings }) => {
  const manage = usePermission('identity:manage');
  const owners = useQuery(ownersQuery);
  const client = useQueryClient();
  const form = useForm<Values>({ initialValues: valuesOf(settings) });
  const shared = useSharedForm({
    form,
    saved: valuesOf(settings),
    readAgain: async () => valuesOf(await client.fetchQuery({ ...signInSettingsQuery, staleTime: 0 })),
  });
  const save = useAction({
    run: async (body: Values) => {
      await shared.checkUnmoved();
      return call(updateSignInSettings, { body });
    },
    touches: ['sign-in-settings', 'session'],
    errors: 'inline',
    done: () => 'The rules are saved.',
    onDone: (reply) => shared.settle(valuesOf(reply)),
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Select
            label="Second factor"
            description="For sign-ins by password; identity providers ask for their own."
            allowDeselect={false}
            data={Object.entries(SECOND_FACTOR).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps('second_factor')}
          />
          <MultiSelect
            label="Emergency accounts"
            description="Owners who may use a password although their domain is enforced. Each use is recorded."
            data={(owners.data ?? []).map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` }))}
            searchable
            {...form.getInputProps('break_glass_user_ids')}
          />
          <NumberInput
            label="Sign out after so many minutes without activity"
            min={5}
            max={1440}
            {...form.getInputProps('session_idle_minutes')}
          />
          <NumberInput
            label="Sign out after so many hours in any case"
            min={1}
            max={720}
            {...form.getInputProps('session_hours')}
          />
        </SimpleGrid>
        <ListFault of="Owners" query={owners} />
        <SharedFormFault shared={shared} error={save.error} />
        <Group justify="flex-end">
          <DisabledReason reason={manage.reason ?? overtakenReason(shared)}>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save rules
            </Button>
          </DisabledReason>
        </Group>
      </Stack>
    </form>
  );
};
