import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ownGroupsQuery, rolesQuery } from '../../../data/directory.ts';
import { roleName } from '../../../data/organisation-roles.ts';
import { ListFault } from '../../../kit/states.tsx';
import type { ProviderFormApi, ProviderValues } from './provider-values.ts';

const GIVEN = ['owner', 'membership_admin', 'managed', 'user'] as const;

type Mapping = ProviderValues['mappings'][number];

const keyOf = ({ target_type, target_id }: Mapping): string => `${target_type}:${target_id}`;

/** Which group of the provider stands for which role or group here. */
export const MappingsEditor = ({ form }: { readonly form: ProviderFormApi }) => {
  const groups = useQuery(ownGroupsQuery);
  const roles = useQuery(rolesQuery);
  const targets = [
    {
      group: 'Organisation role',
      items: GIVEN.map((role) => ({ value: `organization_role:${role}`, label: roleName(role) })),
    },
    { group: 'Group', items: (groups.data ?? []).map(({ id, name }) => ({ value: `rbac_group:${id}`, label: name })) },
    {
      group: 'Custom role',
      items: (roles.data ?? []).map(({ id, display_name }) => ({ value: `rbac_role:${id}`, label: display_name })),
    },
  ];
  const choose = (index: number, key: string) => {
    const [target_type, target_id = ''] = key.split(':');
    form.setFieldValue(`mappings.${index}.target_type`, target_type as Mapping['target_type']);
    form.setFieldValue(`mappings.${index}.target_id`, target_id);
  };
  if (form.values.provisioning !== 'jit_mappings') return null;
  return (
    <Stack gap="xs">
      <Text fw={600}>Group mappings</Text>
      <Text size="sm" c="dimmed">
        The highest role wins. Who is in no mapped group cannot sign in; who leaves all of them loses access at the next
        sign-in. Where the provider does not tell all groups, everybody keeps what they have.
      </Text>
      <ListFault of="Groups" query={groups} />
      <ListFault of="Custom roles" query={roles} />
      {form.values.mappings.map((mapping, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are added at the end and have no name of their own.
        <Group key={index} gap="sm">
          <TextInput
            aria-label={`Group at the provider ${index + 1}`}
            placeholder="Name, or id at Entra"
            w={260}
            {...form.getInputProps(`mappings.${index}.group`)}
          />
          <Text size="sm">is</Text>
          <Select
            aria-label={`What the group ${index + 1} stands for`}
            w={260}
            allowDeselect={false}
            searchable
            data={targets}
            value={keyOf(mapping)}
            onChange={(key) => key !== null && choose(index, key)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove mapping ${index + 1}`}
            onClick={() => form.removeListItem('mappings', index)}
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
        onClick={() =>
          form.insertListItem('mappings', { group: '', target_type: 'organization_role', target_id: 'user' })
        }
      >
        Add mapping
      </Button>
    </Stack>
  );
};
