import type { WantedSpend } from './read-money.ts';
import type { WantedTabs } from './read-role-tabs.ts';
import type { Declared, DeclaredName } from './rules/declared.ts';

/** What of the organisation is read: everything, or as much as the files have to do with. */
export type Extent = {
  readonly hasMembersOf: (group: string) => boolean;
  /** The addresses of members to look up. */
  readonly emails: readonly string[];
  /** The addresses of members whose own custom roles are wanted. */
  readonly emailsWithRoles: readonly string[];
  readonly hasConnectors: boolean;
  readonly hasLimits: boolean;
  readonly spend: WantedSpend;
  readonly hasRates: boolean;
  readonly hasWorkspaces: boolean;
  /** The names or ids of keys to look up. */
  readonly keys: readonly string[];
  /** Whether the organisation's switches of capabilities are wanted. */
  readonly hasCapabilities: boolean;
  /** Whether what the roles of a group permit is wanted, because its members may change or it may go. */
  readonly hasPermissionsOf: (group: string) => boolean;
  /** The tabs wanted of a role, beside its models. */
  readonly tabsOf: (role: string) => WantedTabs;
};

/** What is said of something by its name now, or by the name it is to have. */
const saidOf = <Thing extends DeclaredName>(declared: Readonly<Record<string, Thing>>, name: string) =>
  Object.entries(declared).flatMap(([key, one]) => (key === name || one.renamed_from === name ? [one] : []));

/** What may have limits, whatever they look like. */
type DeclaredLimits = { readonly limits?: unknown; readonly rates?: unknown };

type MoneyExtent = Pick<Extent, 'hasLimits' | 'spend' | 'hasRates' | 'hasWorkspaces' | 'keys'>;

const moneyExtent = ({ organisation, groups, members, workspaces, keys }: Declared): MoneyExtent => {
  const holders = [groups, members, workspaces, keys].flatMap((section) => Object.values<DeclaredLimits>(section));
  return {
    hasLimits: [organisation, ...holders].some(({ limits }) => limits !== undefined),
    spend: {
      settings: organisation.spend !== undefined,
      prepaid: organisation.prepaid !== undefined,
      included: organisation.included !== undefined,
    },
    hasRates: [organisation, ...holders].some(({ rates }) => rates !== undefined),
    hasWorkspaces: Object.keys(workspaces).length > 0,
    keys: Object.keys(keys),
  };
};

/** As much as these declarations have to do with. */
export const extentOf = (declared: Declared): Extent => ({
  ...moneyExtent(declared),
  ...directoryExtent(declared),
});

const directoryExtent = ({
  organisation,
  roles,
  groups,
  members,
  connectors,
}: Declared): Omit<Extent, keyof MoneyExtent> => ({
  hasMembersOf: (name) => saidOf(groups, name).some((group) => group.members !== undefined),
  hasPermissionsOf: (name) =>
    saidOf(groups, name).some((group) => group.members !== undefined || group.absent === true),
  emails: [...Object.values(groups).flatMap((group) => group.members ?? []), ...Object.keys(members)],
  emailsWithRoles: Object.entries(members).flatMap(([email, { roles }]) => (roles === undefined ? [] : [email])),
  hasConnectors:
    Object.keys(connectors).length > 0 ||
    organisation.unlisted_servers !== undefined ||
    Object.values(roles).some((role) => role.connectors !== undefined),
  hasCapabilities: organisation.capabilities !== undefined,
  tabsOf: (name) => {
    const said = saidOf(roles, name);
    const names = [name, ...Object.keys(roles).filter((role) => roles[role]?.renamed_from === name)];
    const isOnChanged = Object.values(groups).some(
      (group) => group.members !== undefined && group.roles?.some((role) => names.includes(role)),
    );
    return {
      capabilities: said.some(({ capabilities }) => capabilities !== undefined),
      permissions: isOnChanged || said.some(({ permissions }) => permissions !== undefined),
      connectors: said.some((role) => role.connectors !== undefined),
    };
  },
});
