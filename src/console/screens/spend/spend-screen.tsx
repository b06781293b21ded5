import { Badge, Stack, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { nearLimitsQuery, requestsQuery } from '../../data/spend.ts';
import { ButtonLink } from '../../kit/links.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { LinesSection } from './lines-section.tsx';
import { MonthSection } from './month-section.tsx';
import { NearLimits } from './near-limits.tsx';
import { PrepaidPanel } from './prepaid/prepaid-panel.tsx';
import { RequestsPanel } from './requests-panel.tsx';

/** What is spent, by whom, where it is heading, who is near a limit, who asks for more, and what is paid in advance. */
export const SpendScreen = () => {
  const { tab = 'overview' } = useSearch({ from: '/app/spend' });
  const navigate = useNavigate();
  const pending = useQuery(requestsQuery('pending', undefined)).data;
  const near = useQuery(nearLimitsQuery(undefined)).data;
  return (
    <>
      <PageHeader
        title="Spend"
        guide="spend-reports"
        description="What requests cost by the price book in force. Days and months are those of UTC."
        actions={
          <ButtonLink to="/limits" variant="default">
            Limits
          </ButtonLink>
        }
      />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => void navigate({ to: '/spend', search: { tab: value ?? undefined }, replace: true })}
      >
        <Tabs.List mb="lg">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="near" rightSection={<Count of={near?.count} />}>
            Near a limit
          </Tabs.Tab>
          <Tabs.Tab
            value="requests"
            rightSection={<Count of={pending?.data.length} orMore={pending?.has_more ?? false} />}
          >
            Requests for more
          </Tabs.Tab>
          <Tabs.Tab value="prepaid">Prepaid</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Stack gap="lg">
            <MonthSection />
            <LinesSection />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="near">
          <NearLimits />
        </Tabs.Panel>
        <Tabs.Panel value="requests">
          <RequestsPanel />
        </Tabs.Panel>
        <Tabs.Panel value="prepaid">
          <PrepaidPanel />
        </Tabs.Panel>
      </Tabs>
    </>
  );
};

const Count = ({ of = 0, orMore = false }: { readonly of?: number | undefined; readonly orMore?: boolean }) =>
  of === 0 ? null : (
    <Badge size="sm" variant="light" color="ink">
      {of}
      {orMore ? '+' : ''}
    </Badge>
  );
