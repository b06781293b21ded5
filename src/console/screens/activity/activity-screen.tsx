import { Box, Group } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Activity } from '../../../activity/contract.ts';
import type { ActivityFilters } from '../../data/activity-filters.ts';
import { PageHeader } from '../../kit/page-header.tsx';
import { typesOf } from '../../parts/activity/vocabulary.ts';
import { ActivityDrawer } from './activity-drawer.tsx';
import { ActivityFeed } from './activity-feed.tsx';
import { ActivityFilterBar } from './activity-filter-bar.tsx';
import { ExportActivities } from './export-activities.tsx';

/** The feed of what happened: who did what to whom, when and from where. */
export const ActivityScreen = () => {
  const filters = useSearch({ from: '/app/activity' });
  const navigate = useNavigate();
  const [opened, setOpened] = useState<Activity | null>(null);
  const query = { filters, types: typesOf(filters.what) };
  const narrow = (search: ActivityFilters) => {
    setOpened(null);
    void navigate({ to: '/activity', search });
  };
  return (
    <>
      <PageHeader
        title="Activity"
        guide="activity"
        description="Who changed what and who signed in, with the time and the address it came from. Nothing here can be changed or removed."
        actions={<ExportActivities query={query} />}
      />
      <Box className="card">
        <Group p="sm">
          <ActivityFilterBar filters={filters} onFilter={narrow} />
        </Group>
        <ActivityFeed query={query} onOpen={setOpened} onReset={() => narrow({})} />
      </Box>
      <ActivityDrawer activity={opened} onFilter={narrow} onClose={() => setOpened(null)} />
    </>
  );
};
