import { Button, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type Directory, updateDirectory } from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { FormError } from '../../../kit/form-parts.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { readDomains } from './read-domains.ts';

type Values = { readonly domains: string; readonly share: number; readonly mapsRoles: boolean };

/** What an administrator settles about a directory. */
export const DirectorySettings = ({ directory }: { readonly directory: Directory }) => {
  const manage = usePermission('identity:manage');
  const form = useForm<Values>({
    initialValues: {
      domains: directory.authoritative_domains.join(', '),
      share: directory.removal_share_percent,
      mapsRoles: directory.maps_roles,
    },
  });
  const save = useAction({
    run: ({ domains, share, mapsRoles }: Values) =>
      call(updateDirectory, {
        params: { directory_id: directory.id },
        body: {
          authoritative_domains: readDomains(domains),
          removal_share_percent: Number(share),
          maps_roles: mapsRoles,
        },
      }),
    touches: ['directories'],
    errors: 'inline',
    done: () => 'The settings are saved. People stay as they are until the next change or sync.',
  });
  return (
    <SectionCard title="Settings">
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack gap="md">
          <FormError error={save.error} />
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
            <DisabledReason reason={manage.reason}>
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
