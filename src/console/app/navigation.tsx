import {
  IconActivity,
  IconBook,
  IconBriefcase,
  IconCpu,
  IconGauge,
  IconHistory,
  IconId,
  IconKey,
  IconListDetails,
  IconPlug,
  IconReportMoney,
  IconShieldCheck,
  IconTag,
  IconUser,
  IconUserCircle,
  IconUsersGroup,
} from '@tabler/icons-react';
import type { Permission } from '../../kernel/index.ts';
import { holds } from '../data/session.ts';
import { SideLink } from '../kit/links.tsx';
import classes from './shell.module.css';

type Entry = {
  readonly to:
    | '/models'
    | '/connectors'
    | '/requests'
    | '/activity'
    | '/members'
    | '/groups'
    | '/roles'
    | '/identity'
    | '/keys'
    | '/spend'
    | '/limits'
    | '/rates'
    | '/prices'
    | '/workspaces'
    | '/me'
    | '/help';
  readonly label: string;
  readonly icon: typeof IconCpu;
  readonly permission?: Permission;
};

const SECTIONS: readonly { readonly title: string; readonly entries: readonly Entry[] }[] = [
  {
    title: 'Govern',
    entries: [
      { to: '/models', label: 'Models', icon: IconCpu, permission: 'identity:view' },
      { to: '/connectors', label: 'Connectors', icon: IconPlug, permission: 'libraries:view' },
      { to: '/requests', label: 'Requests', icon: IconListDetails, permission: 'analytics:view' },
      { to: '/activity', label: 'Activity', icon: IconHistory, permission: 'privacy:view' },
    ],
  },
  {
    title: 'People',
    entries: [
      { to: '/members', label: 'Members', icon: IconUser, permission: 'users:view' },
      { to: '/groups', label: 'Groups', icon: IconUsersGroup, permission: 'identity:view' },
      { to: '/roles', label: 'Roles', icon: IconShieldCheck, permission: 'identity:view' },
      { to: '/identity', label: 'Identity', icon: IconId, permission: 'identity:view' },
      { to: '/keys', label: 'Keys', icon: IconKey, permission: 'keys:view' },
      { to: '/workspaces', label: 'Workspaces', icon: IconBriefcase, permission: 'keys:view' },
    ],
  },
  {
    title: 'Money',
    entries: [
      { to: '/spend', label: 'Spend', icon: IconReportMoney, permission: 'billing:view' },
      { to: '/limits', label: 'Limits', icon: IconGauge, permission: 'billing:view' },
      { to: '/rates', label: 'Rates', icon: IconActivity, permission: 'billing:view' },
      { to: '/prices', label: 'Prices', icon: IconTag, permission: 'billing:view' },
    ],
  },
  {
    title: 'You',
    entries: [
      { to: '/me', label: 'My access', icon: IconUserCircle },
      { to: '/help', label: 'Guides', icon: IconBook },
    ],
  },
];

/** The pages the person signed in may open, in their three groups. */
export const Navigation = ({ permissions }: { readonly permissions: readonly string[] }) => (
  <nav className={classes.nav} aria-label="Pages">
    {SECTIONS.map(({ title, entries }) => {
      const open = entries.filter(({ permission }) => permission === undefined || holds(permissions, permission));
      if (open.length === 0) return null;
      return (
        <div key={title}>
          <div className={classes.navTitle} id={`nav-${title}`}>
            {title}
          </div>
          <ul className={classes.navList} aria-labelledby={`nav-${title}`}>
            {open.map(({ to, label, icon: Icon }) => (
              <li key={to}>
                <SideLink
                  to={to}
                  label={label}
                  className={classes.navLink}
                  leftSection={<Icon size={17} stroke={1.6} aria-hidden />}
                  activeProps={{ active: true }}
                />
              </li>
            ))}
          </ul>
        </div>
      );
    })}
  </nav>
);
