import type { DeclaredGroup, DeclaredRole } from './declared.ts';
import type { NamedFate } from './plan-names.ts';
import type { GroupState, RoleState } from './state.ts';
import type { Problem, Step } from './step.ts';

/**
 * The roles that let people manage identity while groups are changed: by their present ids, those that are to be deleted
 * among them, and by the names they will have.
 */
export type IdentityRoles = { readonly ids: ReadonlySet<string>; readonly names: ReadonlySet<string> };

/** The roles as they will be, as far as it matters here. */
type Roles = { readonly identity: IdentityRoles; readonly nameById: ReadonlyMap<string, string> };

type Fate = NamedFate<DeclaredRole, RoleState>;

const managesNow = ({ tabs }: RoleState): boolean => tabs.permissions?.levels.identity === 'manage';

const willManage = (fate: Fate): boolean => {
  const now = fate.existing !== null && managesNow(fate.existing);
  if (fate.fate === 'goes') return now;
  const said = fate.declared.permissions?.identity;
  return said === undefined ? now : said === 'manage';
};

/** Finds the roles that let people manage identity, as the files leave them. `untouched` are those that no file names. */
export const identityRoles = (fates: readonly Fate[], untouched: readonly RoleState[]): IdentityRoles => {
  const managing = [
    ...fates.filter(willManage).map(({ name, existing }) => ({ name, id: existing?.id })),
    ...untouched.filter(managesNow),
  ];
  return {
    ids: new Set(managing.flatMap(({ id }) => id ?? [])),
    names: new Set(managing.map(({ name }) => name)),
  };
};

// Roles are attached and detached before members change; a role that is to be deleted comes off only after that.
const isGuarded = ({ roles }: DeclaredGroup, group: GroupState | null, plan: Roles): boolean => {
  const { ids, names } = plan.identity;
  const keeps = (id: string): boolean => {
    const name = plan.nameById.get(id);
    return roles === undefined || name === undefined || roles.includes(name);
  };
  return (roles ?? []).some((name) => names.has(name)) || (group?.roleIds ?? []).some((id) => ids.has(id) && keeps(id));
};

const isMembership = ({ action: { kind } }: Step): boolean =>
  kind === 'add-group-member' || kind === 'remove-group-member';

/**
 * Who is in a group whose roles manage identity, and whether there is such a group, is changed in person: a key could
 * make an owner by it, so the server refuses (`rbac_group_grants_owner_access`).
 */
export const ownerAccessProblems = (
  fate: NamedFate<DeclaredGroup, GroupState>,
  steps: readonly Step[],
  plan: Roles,
): readonly Problem[] => {
  const { name, existing } = fate;
  const why = `A role of the group “${name}” lets people manage identity`;
  if (fate.fate === 'goes')
    return isGuarded({}, existing, plan)
      ? [{ path: ['groups', name, 'absent'], problem: `${why}, so no key deletes it. Delete it in the console.` }]
      : [];
  const changes = steps.filter(isMembership).length;
  if (changes === 0 || !isGuarded(fate.declared, existing, plan)) return [];
  const problem = `${why}, so no key changes who is in it (${changes} would differ). Change its members in the console.`;
  return [{ path: ['groups', name, 'members'], problem }];
};
