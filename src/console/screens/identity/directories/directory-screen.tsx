import { SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Directory } from '../../../../directory/contract.ts';
import { directoryQuery, useFollowedDirectory } from '../../../data/directories.ts';
import { isNotFound } from '../../../kit/error-words.ts';
import { plural } from '../../../kit/format.ts';
import { Loadable } from '../../../kit/loadable.tsx';
import { PageHeader } from '../../../kit/page-header.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { Nothing } from '../../../kit/states.tsx';
import { Connection } from './connection.tsx';
import { DirectoryActions } from './directory-actions.tsx';
import { DirectoryMappings } from './directory-mappings.tsx';
import { DirectorySettings } from './directory-settings.tsx';
import { DirectoryTokens } from './directory-tokens.tsx';
import { HeldRemovals } from './held-removals.tsx';
import { LastSyncs } from './last-syncs.tsx';
import { ModeLabel } from './mode-label.tsx';
import { RequestLog } from './request-log.tsx';
import { SyncPreview } from './sync-preview.tsx';

const BACK = { to: '/identity', label: 'Identity' };

/** One directory: its connection, what its groups mean, what its syncs do. */
export const DirectoryScreen = () => {
  const { directoryId } = useParams({ from: '/app/identity/directories/$directoryId' });
  const directory = useQuery(directoryQuery(directoryId));
  if (isNotFound(directory.error))
    return (
      <>
        <PageHeader title="Directory" back={BACK} />
        <div className="card">
          <Nothing title="There is no such directory">It may have been removed.</Nothing>
        </div>
      </>
    );
  return (
    <>
      {directory.data === undefined && <PageHeader title="Directory" back={BACK} />}
      <Loadable query={directory} framed>
        {(data) => <DirectoryPage directory={data} />}
      </Loadable>
    </>
  );
};

const DirectoryPage = ({ directory }: { readonly directory: Directory }) => {
  useFollowedDirectory(directory);
  return (
    <>
      <PageHeader
        title={directory.name}
        guide="scim"
        badge={<ModeLabel mode={directory.mode} />}
        description={`${plural(directory.user_count, 'person').replace('persons', 'people')} · ${plural(directory.group_count, 'group')}`}
        back={BACK}
        actions={<DirectoryActions directory={directory} />}
      />
      <Stack gap="lg">
        {directory.held_removal_count > 0 && <HeldRemovals directory={directory} />}
        <SyncPreview directory={directory} />
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
          <SectionCard title="Connection" description="What the identity provider is told.">
            <Connection url={directory.scim_url} />
          </SectionCard>
          <DirectorySettings directory={directory} />
        </SimpleGrid>
        <DirectoryTokens directory={directory} />
        <DirectoryMappings directory={directory} />
        <LastSyncs directory={directory} />
        <RequestLog directory={directory} />
      </Stack>
    </>
  );
};
