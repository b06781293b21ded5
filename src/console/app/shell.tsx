import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation, useMatches, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { holds, permissionName, useSession } from '../data/session.ts';
import { PageHeader } from '../kit/page-header.tsx';
import { Refused } from '../kit/states.tsx';
import icon from './icon.svg';
import { Navigation } from './navigation.tsx';
import classes from './shell.module.css';
import { StatusBanner } from './status-banner.tsx';
import { UserMenu } from './user-menu.tsx';

/** What surrounds every page of somebody who is signed in: navigation, banners and the page's place. */
export const Shell = () => {
  const session = useSession();
  const location = useLocation();
  const [opened, { toggle, close }] = useDisclosure(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu of small screens closes whenever the page changes.
  useEffect(close, [location.pathname]);
  if (session.user === null) return <LeadToSignIn next={location.href} />;
  return (
    <AppShell
      layout="alt"
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 244, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <AppShell.Header hiddenFrom="sm" px="md">
        <Group h="100%">
          <Burger opened={opened} onClick={toggle} size="sm" aria-label={opened ? 'Close menu' : 'Open menu'} />
          <Text fw={600}>Remit</Text>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar}>
        <Group className={classes.brand} wrap="nowrap" gap="sm">
          <img src={icon} alt="" width={28} height={28} />
          <div className={classes.brandWords}>
            <Text fw={650} lh={1.2}>
              Remit
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {session.organization.name}
            </Text>
          </div>
          <Burger hiddenFrom="sm" ml="auto" opened onClick={close} size="sm" aria-label="Close menu" />
        </Group>
        <Navigation permissions={session.permissions} />
        <UserMenu user={session.user} />
      </AppShell.Navbar>
      <AppShell.Main id="page" className={classes.main} tabIndex={-1}>
        <StatusBanner />
        <Page permissions={session.permissions} />
      </AppShell.Main>
    </AppShell>
  );
};

/** The session has ended: signs in again and comes back. */
const LeadToSignIn = ({ next }: { readonly next: string }) => {
  const navigate = useNavigate();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; the address changes while it leads away.
  useEffect(() => void navigate({ to: '/sign-in', search: { next }, replace: true }), []);
  return null;
};

const Page = ({ permissions }: { readonly permissions: readonly string[] }) => {
  const missing = useMatches({
    select: (matches) =>
      matches
        .map((match) => match.staticData)
        .find(({ permission }) => permission !== undefined && !holds(permissions, permission)),
  });
  if (missing?.permission === undefined) return <Outlet />;
  return (
    <>
      <PageHeader title={missing.title ?? 'Page'} />
      <div className="card">
        <Refused
          reason={`This page needs the permission “${permissionName(missing.permission)}”. An owner of your organisation can give it to you.`}
        />
      </div>
    </>
  );
};
