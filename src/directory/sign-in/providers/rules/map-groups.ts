import type { OrganisationRole } from '../../../../kernel/index.ts';

/** What one group of the provider stands for. */
export type Mapping = {
  readonly group: string;
  readonly target:
    | { readonly type: 'organization_role'; readonly id: OrganisationRole }
    | { readonly type: 'rbac_group' | 'rbac_role'; readonly id: string };
};

/** What somebody's groups come to. Ids of all mappings are told apart: what is not theirs is taken away. */
export type Mapped = {
  readonly isMapped: boolean;
  readonly role: OrganisationRole;
  readonly groups: { readonly theirs: readonly string[]; readonly others: readonly string[] };
  readonly roles: { readonly theirs: readonly string[]; readonly others: readonly string[] };
};

// The highest wins; Custom counts above User (access reference §7.2). Nobody becomes the primary owner by a group.
const RANK: readonly OrganisationRole[] = ['owner', 'membership_admin', 'managed', 'user'];

const split = (mappings: readonly Mapping[], type: Mapping['target']['type'], isTheirs: (one: Mapping) => boolean) => {
  const idsOf = (some: readonly Mapping[]) => new Set(some.map(({ target }) => target.id));
  const ofType = mappings.filter(({ target }) => target.type === type);
  const theirs = idsOf(ofType.filter(isTheirs));
  return { theirs: [...theirs], others: [...idsOf(ofType)].filter((id) => !theirs.has(id)) };
};

/**
 * Works out organisation role, groups and custom roles from the groups somebody is in. A mapped custom role makes
 * somebody Custom, because it counts for nobody else.
 */
export const mapGroups = (mappings: readonly Mapping[], groups: readonly string[]): Mapped => {
  const theirs = new Set(groups);
  const isTheirs = ({ group }: Mapping) => theirs.has(group);
  const roles = split(mappings, 'rbac_role', isTheirs);
  const isCustom = roles.theirs.length > 0 ? ['managed'] : [];
  const given = new Set([...split(mappings, 'organization_role', isTheirs).theirs, ...isCustom]);
  return {
    isMapped: mappings.some(isTheirs),
    role: RANK.find((role) => given.has(role)) ?? 'user',
    groups: split(mappings, 'rbac_group', isTheirs),
    roles,
  };
};
