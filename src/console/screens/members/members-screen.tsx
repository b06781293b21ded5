import { Button, Tabs } from '@mantine/core';
import { IconPlus, IconSend } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { exportMembers } from '../../../directory/contract.ts';
import { usePermission } from '../../data/session.ts';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { AddMember } from './add-member.tsx';
import { AllowedDomains } from './allowed-domains.tsx';
import { InvitePeople } from './invite-people.tsx';
import { InvitesTable } from './invites-table.tsx';
import { MembersTable } from './members-table.tsx';

/** Everybody in the organisation, and who has been invited. */
export const MembersScreen = () => {
  const [opened, setOpened] = useState<'add' | 'invite' | null>(null);
  const close = () => setOpened(null);
  const { tab = 'members' } = useSearch({ from: '/app/members' });
  const navigate = useNavigate();
  const show = (value: string | null) =>
    void navigate({ to: '/members', search: (now) => ({ ...now, tab: value ?? undefined }), replace: true });
  return (
    <>
      <PageHeader
        title="Members"
        guide="members"
        description="Who belongs to the organisation, and in which organisation role. Members with the role Custom get what custom roles grant them."
        actions={<Actions onOpen={setOpened} />}
      />
      <Tabs value={tab} onChange={show} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="members">Members</Tabs.Tab>
          <Tabs.Tab value="invites">Invites</Tabs.Tab>
          <Tabs.Tab value="domains">Allowed domains</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="members">
          <MembersTable />
        </Tabs.Panel>
        <Tabs.Panel value="invites">
          <InvitesTable onInvite={() => setOpened('invite')} />
        </Tabs.Panel>
        <Tabs.Panel value="domains">
          <AllowedDomains />
        </Tabs.Panel>
      </Tabs>
      <AddMember opened={opened === 'add'} onClose={close} />
      <InvitePeople opened={opened === 'invite'} onClose={close} />
    </>
  );
};

const Actions = ({ onOpen }: { readonly onOpen: (what: 'add' | 'invite') => void }) => {
  const { reason } = usePermission('users:manage');
  return (
    <>
      <CsvButton of={exportMembers} label="Download members as CSV" reason={reason} size="sm" />
      <DisabledReason reason={reason}>
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => onOpen('add')}>
          Add member
        </Button>
      </DisabledReason>
      <DisabledReason reason={reason}>
        <Button leftSection={<IconSend size={16} aria-hidden />} onClick={() => onOpen('invite')}>
          Invite people
        </Button>
      </DisabledReason>
    </>
  );
};
