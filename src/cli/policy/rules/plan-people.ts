import type { Declared, DeclaredGroup, DeclaredMember, Path } from './declared.ts';
import { didYouMean } from './nearest.ts';
import { ownerAccessProblems } from './owner-access.ts';
import { planNames } from './plan-names.ts';
import type { RolesPlan } from './plan-roles.ts';
import type { GroupState, MemberState, PersonState, State } from './state.ts';
import { type Problem, type Step, step } from './step.ts';

/** Groups and members as they will be. */
export type PeoplePlan = {
  readonly openings: readonly Step[];
  readonly steps: readonly Step[];
  readonly deletions: readonly Step[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
};

type Part = {
  readonly steps: readonly Step[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
};

const NOTHING: Part = { steps: [], problems: [], notes: [] };

const together = (parts: readonly Part[]): Part => ({
  steps: parts.flatMap(({ steps }) => steps),
  problems: parts.flatMap(({ problems }) => problems),
  notes: parts.flatMap(({ notes }) => notes),
});

type Holder = {
  readonly whose: string;
  readonly attach: (role: string) => Step['action'];
  readonly detach: (role: string) => Step['action'];
};

/** Attaches and detaches until exactly the named roles are attached; those that are to be deleted come off by themselves. */
const planAttachments = (
  wanted: readonly string[] | undefined,
  roleIds: readonly string[],
  { roles, path, holder }: { readonly roles: RolesPlan; readonly path: Path; readonly holder: Holder },
): Part => {
  if (wanted === undefined) return NOTHING;
  const now = new Set(roleIds.flatMap((id) => roles.nameById.get(id) ?? []));
  const missing = [...new Set(wanted)].filter((name) => !roles.names.includes(name));
  const added = [...new Set(wanted)].filter((name) => roles.names.includes(name) && !now.has(name));
  const removed = [...now].filter((name) => !wanted.includes(name));
  return {
    notes: [],
    problems: missing.map((name) => ({
      path: [...path, wanted.indexOf(name)],
      problem: `There is no custom role “${name}”, and the files create none.${didYouMean(name, roles.names)}`,
    })),
    steps: [
      ...added.map((role) => step('create', `attach the role “${role}” to ${holder.whose}`, holder.attach(role))),
      ...removed.map((role) => step('delete', `take the role “${role}” off ${holder.whose}`, holder.detach(role))),
    ],
  };
};

const keyOf = (email: string): string => email.trim().toLowerCase();

const noSuchMember = (email: string, path: Path): Problem => ({
  path,
  problem: `There is no member with the address ${email}. People are invited, or come from the identity provider; “remit members add ${email}” adds one.`,
});

type Findable = { readonly find: (email: string) => MemberState | undefined };

const membershipSteps = (
  name: string,
  now: readonly PersonState[],
  { wanted, find }: Findable & { readonly wanted: readonly string[] },
): readonly Step[] => {
  const present = new Map(now.map((person) => [person.id, person]));
  const found = new Map(wanted.flatMap((email) => find(email) ?? []).map((member) => [member.id, member]));
  return [
    ...[...found.values()]
      .filter(({ id }) => !present.has(id))
      .map(({ id, email }) =>
        step('create', `add ${email} to the group “${name}”`, { kind: 'add-group-member', group: name, userId: id }),
      ),
    ...[...present.values()]
      .filter(({ id }) => !found.has(id))
      .map(({ id, email }) =>
        step('delete', `take ${email} out of the group “${name}”`, {
          kind: 'remove-group-member',
          group: name,
          userId: id,
        }),
      ),
  ];
};

const planMembership = (
  name: string,
  group: GroupState | null,
  said: Findable & { readonly declared: DeclaredGroup },
) => {
  const { declared, find } = said;
  const { members } = declared;
  if (members === undefined) return NOTHING;
  const path = ['groups', name, 'members'];
  const problems = members.flatMap((email, at) =>
    find(email) === undefined ? [noSuchMember(email, [...path, at])] : [],
  );
  const steps = membershipSteps(name, group?.members ?? [], { wanted: members, find });
  if (group?.isProvisioned !== true) return { steps, problems, notes: [] };
  if (steps.length === 0) return { steps, problems, notes: [] };
  return {
    steps: [],
    notes: [],
    problems: [
      {
        path,
        problem: `The members of the group “${name}” come from the identity provider and are changed there (${steps.length} would differ). Leave members out.`,
      },
    ],
  };
};

const provisionedProblems = (declared: Declared['groups'], groups: readonly GroupState[]): readonly Problem[] =>
  Object.entries(declared).flatMap(([name, { absent, renamed_from: before }]) => {
    const provisioned = (wanted: string | undefined) =>
      groups.some((group) => group.name === wanted && group.isProvisioned);
    if (absent === true && provisioned(name))
      return [
        {
          path: ['groups', name, 'absent'],
          problem: `The group “${name}” comes from the identity provider; delete it there.`,
        },
      ];
    return provisioned(before) && !groups.some((group) => group.name === name)
      ? [
          {
            path: ['groups', name, 'renamed_from'],
            problem: `The group “${before}” comes from the identity provider; rename it there.`,
          },
        ]
      : [];
  });

const planMember = (
  email: string,
  declared: DeclaredMember,
  { find, roles }: Findable & { readonly roles: RolesPlan },
): Part => {
  const path = ['members', email];
  const member = find(email);
  if (member === undefined) return { ...NOTHING, problems: [noSuchMember(email, path)] };
  const attachments = planAttachments(declared.roles, member.roleIds ?? [], {
    roles,
    path: [...path, 'roles'],
    holder: {
      whose: member.email,
      attach: (role) => ({ kind: 'attach-member-role', userId: member.id, role }),
      detach: (role) => ({ kind: 'detach-member-role', userId: member.id, role }),
    },
  });
  return {
    ...together([attachments, planOrganisationRole(member, declared, path)]),
    notes: notesOn(member, declared, attachments),
  };
};

const ROLE_NAMES: Readonly<Record<MemberState['organisationRole'], string>> = {
  primary_owner: 'Primary owner',
  owner: 'Owner',
  membership_admin: 'Admin',
  user: 'User',
  managed: 'Custom (managed)',
};

const planOrganisationRole = (member: MemberState, declared: DeclaredMember, path: Path): Part => {
  const { organisationRole: now } = member;
  const to = declared.organisation_role;
  if (to === undefined || to === now) return NOTHING;
  if (now !== 'user' && now !== 'managed')
    return {
      ...NOTHING,
      problems: [
        {
          path: [...path, 'organisation_role'],
          problem: `${member.email} is ${ROLE_NAMES[now]}. Owners and admins are changed by people in the console, not by a key.`,
        },
      ],
    };
  const action = { kind: 'set-organisation-role', userId: member.id, from: now, to } as const;
  return {
    ...NOTHING,
    steps: [step('update', `make ${member.email} ${ROLE_NAMES[to]} (was ${ROLE_NAMES[now]})`, action)],
  };
};

/** Roles that are attached to somebody whom roles do not bind are no mistake, but probably a surprise. */
const notesOn = (member: MemberState, { organisation_role: to }: DeclaredMember, attached: Part): readonly string[] => {
  const role = to ?? member.organisationRole;
  return role === 'managed' || !attached.steps.some(({ action }) => action.kind === 'attach-member-role')
    ? []
    : [`${member.email} is ${ROLE_NAMES[role]}: custom roles count only for members who are Custom (managed).`];
};

/** Plans groups, who is in them, and which roles groups and members carry. */
export const planPeople = (declared: Declared, state: State, roles: RolesPlan): PeoplePlan => {
  const byEmail = new Map(state.members.map((member) => [keyOf(member.email), member]));
  const find = (email: string) => byEmail.get(keyOf(email));
  const { fates, openings, deletions, problems } = planNames(declared.groups, {
    kind: 'group',
    existing: state.groups,
  });
  const ofGroups = fates.map((fate) => {
    if (fate.fate === 'goes') return { ...NOTHING, problems: ownerAccessProblems(fate, [], roles) };
    const { name, declared: said, existing } = fate;
    const holder: Holder = {
      whose: `the group “${name}”`,
      attach: (role) => ({ kind: 'attach-group-role', group: name, role }),
      detach: (role) => ({ kind: 'detach-group-role', group: name, role }),
    };
    const at = { roles, path: ['groups', name, 'roles'], holder };
    const membership = planMembership(name, existing, { declared: said, find });
    return together([
      planAttachments(said.roles, existing?.roleIds ?? [], at),
      membership,
      { ...NOTHING, problems: ownerAccessProblems(fate, membership.steps, roles) },
    ]);
  });
  const ofMembers = Object.entries(declared.members).map(([email, said]) => planMember(email, said, { find, roles }));
  const parts = together([...ofGroups, ...ofMembers]);
  return {
    openings,
    steps: parts.steps,
    deletions,
    problems: [...problems, ...provisionedProblems(declared.groups, state.groups), ...parts.problems],
    notes: parts.notes,
  };
};
