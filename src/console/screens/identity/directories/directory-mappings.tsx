import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Directory, removeDirectoryMapping } from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { directoryMappingsQuery } from '../../../data/directories.ts';
import { useRoleNames } from '../../../data/directory.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { Loadable } from '../../../kit/loadable.tsx';
import { RemovableList } from '../../../kit/removable-list.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { meaningOf } from './meaning.ts';
import { NewMapping } from './new-mapping.tsx';

/** What the groups of a directory mean here. */
export const DirectoryMappings = ({ directory }: { readonly directory: Directory }) => {
  const manage = usePermission('identity:manage');
  const mappings = useQuery(directoryMappingsQuery(directory.id));
  const nameOf = useRoleNames();
  const params = { directory_id: directory.id };
  const touches = ['directories', 'groups', 'access', 'matrix'];
  const remove = useAction({
    run: (mapping_id: string) => call(removeDirectoryMapping, { params: { ...params, mapping_id } }),
    touches,
  });
  return (
    <SectionCard
      title="What groups mean"
      description={`${
        directory.maps_roles
          ? 'Custom roles count at once; organisation roles and seats from the next change or sync on.'
          : 'Custom roles count at once, seats from the next change or sync on. Organisation roles count once you let them follow mapped groups, in the settings.'
      } A group has one organisation role and one seat type; another takes the place of the one before.`}
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
            <NewMapping
              directory={directory}
              seats={data.filter(({ kind }) => kind === 'seat_type').map(({ value }) => value)}
              reason={manage.reason}
              touches={touches}
            />
          </Stack>
        )}
      </Loadable>
    </SectionCard>
  );
};
