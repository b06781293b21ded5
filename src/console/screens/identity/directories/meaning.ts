import type { DirectoryMapping } from '../../../../directory/contract.ts';

/** The organisation roles that a group of a directory can stand for. */
export const DIRECTORY_ROLES: Readonly<Record<string, string>> = {
  owner: 'Owner',
  membership_admin: 'Admin',
  managed: 'Custom',
  user: 'User',
};

/** What a mapping gives, in words; custom roles by the names that `roleName` knows. */
export const meaningOf = ({ kind, value }: DirectoryMapping, roleName: (id: string) => string): string => {
  switch (kind) {
    case 'organization_role':
      return `organisation role ${DIRECTORY_ROLES[value] ?? value}`;
    case 'rbac_role':
      return `custom role ${roleName(value)}`;
    case 'seat_type':
      return `seat type ${value}`;
    default:
      return kind satisfies never;
  }
};
