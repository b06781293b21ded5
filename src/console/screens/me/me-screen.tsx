import { Tabs } from '@mantine/core';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useSession } from '../../data/session.ts';
import { PageHeader } from '../../kit/page-header.tsx';

const TABS = [
  { value: 'models', label: 'Models', to: '/me' },
  { value: 'usage', label: 'Usage', to: '/me/usage' },
  { value: 'capabilities', label: 'Capabilities', to: '/me/capabilities' },
  { value: 'connectors', label: 'Connectors', to: '/me/connectors' },
  { value: 'keys', label: 'Keys', to: '/me/keys' },
  { value: 'requests', label: 'Requests', to: '/me/requests' },
  { value: 'security', label: 'Security', to: '/me/security' },
] as const;

/** What the person signed in may use, with which keys, and what they have asked for. */
export const MeScreen = () => {
  const { user } = useSession();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const current = TABS.findLast((tab) => pathname.startsWith(tab.to))?.value ?? 'models';
  return (
    <>
      <PageHeader
        title="My access"
        guide="connect"
        description={user === null ? undefined : `${user.name}, ${user.email}`}
      />
      <Tabs
        value={current}
        onChange={(value) => {
          const tab = TABS.find((candidate) => candidate.value === value);
          if (tab !== undefined) void navigate({ to: tab.to });
        }}
      >
        <Tabs.List mb="lg">
          {TABS.map((tab) => (
            <Tabs.Tab key={tab.value} value={tab.value}>
              {tab.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map((tab) => (
          <Tabs.Panel key={tab.value} value={tab.value}>
            {tab.value === current && <Outlet />}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
};
