import { Button, Group, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  addDirectoryMapping,
  type Directory,
  type DirectoryMapping,
  removeDirectoryMapping,
} from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { directoryMappingsQuery } from '../../../data/directories.ts';
import { groupsQuery, rolesQuery, useNames } from '../../../data/directory.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { Loadable } from '../../../kit/loadable.tsx';
import { RemovableList } from '../../../kit/removable-list.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';

const ORGANISATION_ROLES: Readonly<Record<string, string>> = {
  owner: 'Owner',
  membership_admin: 'Admin',
  managed: 'Custom',
  user: 'User',
};

const meaningOf = ({ kind, value }: DirectoryMapping, roleName: (id: string) => string): string => {
  if (kind === 'organization_role') return `organisation role ${ORGANISATION_ROLES[value] ?? value}`;
  return kind === 'rbac_role' ? `custom role ${roleName(value)}` : `seat ${value}`;
};

/** What the groups of a directory mean here. */
export const DirectoryMappings = ({ directory }: { readonly directory: Directory }) => {
  const manage = usePermission('identity:manage');
  const mappings = useQuery(directoryMappingsQuery(directory.id));
  const nameOf = useNames({ roles: true });
  const params = { directory_id: directory.id };
  const touches = ['directories', 'groups', 'access', 'matrix'];
  const remove = useAction({
    run: (mapping_id: string) => call(removeDirectoryMapping, { params: { ...params, mapping_id } }),
    touches,
  });
  return (
    <SectionCard
      title="What groups mean"
      description={
        directory.maps_roles
          ? 'Custom roles count at once; organisation roles from the next change or sync on.'
          : 'Custom roles count at once. Organisation roles count once you let them follow mapped groups, in the settings.'
      }
    >
      <Loadable query={mappings} lines={3}>
        {({ data }) => (
          <Stack gap="sm">
            <RemovableList
              label="Mappings"
              empty="No group of this directory means anything here yet."
              reason={manage.reason}
              items={data.map((mapping) => ({
                id: mapping.id,
                content: `${mapping.group_name} → ${meaningOf(mapping, nameOf)}`,
                removeLabel: `Remove the mapping of ${mapping.group_name} to ${meaningOf(mapping, nameOf)}`,
              }))}
              onRemove={(id) => remove.mutate(id)}
            />
            <NewMapping directory={directory} reason={manage.reason} touches={touches} />
          </Stack>
        )}
      </Loadable>
    </SectionCard>
  );
};

type NewProps = { readonly directory: Directory; readonly reason: string | null; readonly touches: readonly string[] };

/** The meaning as one value of a list: the kind, a colon, and what it is. */
const NewMapping = ({ directory, reason, touches }: NewProps) => {
  const [group, setGroup] = useState<string | null>(null);
  const [meaning, setMeaning] = useState<string | null>(null);
  const groups = useQuery({ ...groupsQuery, select: (all) => all.filter((one) => one.source_type === 'scim') });
  const roles = useQuery(rolesQuery);
  const add = useAction({
    run: ({ groupId, chosen }: { readonly groupId: string; readonly chosen: string }) => {
      const [kind = '', value = ''] = chosen.split(':');
      return call(addDirectoryMapping, {
        params: { directory_id: directory.id },
        body: { rbac_group_id: groupId, kind: kind === 'rbac_role' ? 'rbac_role' : 'organization_role', value },
      });
    },
    touches,
    onDone: () => setMeaning(null),
  });
  return (
    <Group gap="xs">
      <Select
        size="xs"
        aria-label="Group to map"
        placeholder="Choose a group"
        searchable
        limit={50}
        disabled={reason !== null}
        data={(groups.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={group}
        onChange={setGroup}
      />
      <Select
        size="xs"
        aria-label="What it means"
        placeholder="Choose what it means"
        searchable
        disabled={reason !== null}
        data={[
          {
            group: 'Organisation roles',
            items: Object.entries(ORGANISATION_ROLES).map(([role, label]) => ({
              value: `organization_role:${role}`,
              label,
            })),
          },
          {
            group: 'Custom roles',
            items: (roles.data ?? []).map((role) => ({ value: `rbac_role:${role.id}`, label: role.display_name })),
          },
        ]}
        value={meaning}
        onChange={setMeaning}
      />
      <DisabledReason reason={reason}>
        <Button
          size="xs"
          variant="default"
          disabled={group === null || meaning === null}
          loading={add.isPending}
          onClick={() => group !== null && meaning !== null && add.mutate({ groupId: group, chosen: meaning })}
        >
          Map
        </Button>
      </DisabledReason>
    </Group>
  );
};
