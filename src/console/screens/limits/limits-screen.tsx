import { Button, Tabs } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { usePermission } from '../../data/session.ts';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { LimitDialog, type LimitSubject } from '../../parts/spend/limit-dialog.tsx';
import { newValues } from '../../parts/spend/limit-values.ts';
import { LimitSettings } from './limit-settings.tsx';
import { LimitsTable } from './limits-table.tsx';
import { MemberLimits } from './member-limits.tsx';
import { Notifications } from './notifications/notifications.tsx';
import { SeatTiers } from './seat-tiers.tsx';

/** Who may spend how much: every limit that is set, what it comes to for each member, and how limits work here. */
export const LimitsScreen = () => {
  const { tab = 'limits' } = useSearch({ from: '/app/limits' });
  const navigate = useNavigate();
  const { reason } = usePermission('billing:manage');
  const [subject, setSubject] = useState<LimitSubject | null>(null);
  const setButton = (
    <DisabledReason reason={reason}>
      <Button
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() =>
          setSubject({ title: 'Set a limit', values: newValues('organization_total'), asks: 'everything' })
        }
      >
        Set a limit
      </Button>
    </DisabledReason>
  );
  return (
    <>
      <PageHeader
        title="Limits"
        guide="spend-limits"
        description="What may be spent per day, week and month (UTC), by whom. A request needs room under every limit that binds it; a changed limit holds from the next request on."
        actions={setButton}
      />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => void navigate({ to: '/limits', search: { tab: value ?? undefined }, replace: true })}
      >
        <Tabs.List mb="lg">
          <Tabs.Tab value="limits">Limits</Tabs.Tab>
          <Tabs.Tab value="members">What members have</Tabs.Tab>
          <Tabs.Tab value="seats">Seats</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          <Tabs.Tab value="notifications">Notifications</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="limits">
          <LimitsTable onEdit={setSubject} setButton={setButton} />
        </Tabs.Panel>
        <Tabs.Panel value="members">
          <MemberLimits onEdit={setSubject} />
        </Tabs.Panel>
        <Tabs.Panel value="seats">
          <SeatTiers />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <LimitSettings />
        </Tabs.Panel>
        <Tabs.Panel value="notifications">
          <Notifications />
        </Tabs.Panel>
      </Tabs>
      <LimitDialog subject={subject} onClose={() => setSubject(null)} />
    </>
  );
};
