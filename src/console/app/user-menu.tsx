import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { IconDeviceDesktop, IconLogout, IconMoon, IconSelector, IconShieldLock, IconSun } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { signOut } from '../../directory/contract.ts';
import type { OrganisationRole } from '../../kernel/index.ts';
import { call } from '../data/client.ts';
import { roleName } from '../data/organisation-roles.ts';
import { changeSession } from '../data/session.ts';
import { useAction } from '../data/use-action.ts';
import classes from './shell.module.css';

type Props = { readonly user: { readonly name: string; readonly email: string; readonly role: OrganisationRole } };

/** Who is signed in; opens the choice of colours and the way out. */
export const UserMenu = ({ user }: Props) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useAction({
    run: () => call(signOut),
    touches: [],
    onDone: async ({ provider_sign_out_url, ...session }) => {
      if (provider_sign_out_url !== null) return window.location.assign(provider_sign_out_url);
      await navigate({ to: '/sign-in' });
      changeSession(client, session);
    },
  });
  return (
    <Menu position="top-start" width={220} withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.user}>
          <Avatar name={user.name} color="ink" size={30} radius="xl" aria-hidden />
          <span className={classes.userWords}>
            <Text size="sm" fw={500} truncate lh={1.3}>
              {user.name}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {roleName(user.role)}
            </Text>
          </span>
          <VisuallyHidden>Account menu</VisuallyHidden>
          <IconSelector size={15} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item
          leftSection={<IconShieldLock size={15} aria-hidden />}
          onClick={() => void navigate({ to: '/me/security' })}
        >
          My security
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {(
          [
            ['auto', 'As the system', IconDeviceDesktop],
            ['light', 'Light', IconSun],
            ['dark', 'Dark', IconMoon],
          ] as const
        ).map(([scheme, label, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={15} aria-hidden />}
            rightSection={colorScheme === scheme ? '✓' : undefined}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} aria-hidden />} onClick={() => leave.mutate(undefined)}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
