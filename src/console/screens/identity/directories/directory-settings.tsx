import { Button, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { type Directory, updateDirectory } from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { directoryQuery } from '../../../data/directories.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { overtakenReason, SharedFormFault } from '../../../kit/shared-form-fault.tsx';
import { useSharedForm } from '../../../kit/use-shared-form.ts';
import { readDomains } from './read-domains.ts';

type Values = { readonly domains: string; readonly share: number | string; readonly mapsRoles: boolean };

const valuesOf = (directory: Directory): Values => ({
  domains: directory.authoritative_domains.join(', '),
  share: directory.removal_share_percent,
  mapsRoles: directory.maps_roles,
});

/** What an administrator settles about a directory. */
export const DirectorySettings = ({ directory }: { readonly directory: Directory }) => {
  const manage = usePermission('identity:manage');
  const client = useQueryClient();
  const form = useForm<Values>({
    initialValues: valuesOf(directory),
    validate: { share: (share) => (share === '' ? 'Enter a percentage from 0 to 100.' : null) },
  });
  const shared = useSharedForm({
    form,
    saved: valuesOf(directory),
    readAgain: async () => valuesOf(await client.fetchQuery({ ...directoryQuery(directory.id), staleTime: 0 })),
  });
  const save = useAction({
    run: async ({ domains, share, mapsRoles }: Values) => {
      await shared.checkUnmoved();
      return call(updateDirectory, {
        params: { directory_id: directory.id },
        body: {
          authoritative_domains: readDomains(domains),
          removal_share_percent: Number(share),
          maps_roles: mapsRoles,
        },
      });
    },
    touches: ['directories'],
    errors: 'inline',
    done: () => 'The settings are saved. People stay as they are until the next change or sync.',
    onDone: (reply) => shared.settle(valuesOf(reply)),
  });
  return (
    <SectionCard title="Settings">
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack gap="md">
          <SharedFormFault shared={shared} error={save.error} />
          <TextInput
            label="Authoritative domains"
            description="Existing members with these domains may come under the directory; nobody else is taken over"
            placeholder="example.com"
            disabled={!manage.held}
            {...form.getInputProps('domains')}
          />
          <NumberInput
            label="Removals without asking, in percent"
            description="When more people than this would lose access within an hour, the rest waits for approval"
            min={0}
            max={100}
            disabled={!manage.held}
            {...form.getInputProps('share')}
          />
          <Switch
            label="Organisation roles follow mapped groups"
            description="Members get the highest role their groups are mapped to; without a mapped group they have no access"
            disabled={!manage.held}
            {...form.getInputProps('mapsRoles', { type: 'checkbox' })}
          />
          <Group justify="flex-end">
            <DisabledReason reason={manage.reason ?? overtakenReason(shared)}>
              <Button type="submit" variant="default" disabled={!form.isDirty()} loading={save.isPending}>
                Save settings
              </Button>
            </DisabledReason>
          </Group>
        </Stack>
      </form>
    </SectionCard>
  );
};
