import type { Declared, DeclaredName, Path } from './declared.ts';
import type { DeclaredLimited } from './declared-money.ts';
import type { RateTarget } from './money-actions.ts';
import type { LimitedState } from './money-state.ts';
import { didYouMean } from './nearest.ts';
import type { State } from './state.ts';
import type { Problem } from './step.ts';

/** Somebody or something with limits in the files: each member of a group, a member, a workspace or a key. */
export type Holder = {
  readonly path: Path;
  /** Who is meant, in words. */
  readonly whose: string;
  readonly target: RateTarget;
  /** Undefined for a group that is yet to be created. */
  readonly id: string | undefined;
  /** Whether it is the default workspace. */
  readonly isDefault: boolean;
  readonly said: DeclaredLimited;
};

/** The holders that were found, and what is said of those who were not. */
export type Holders = { readonly found: readonly Holder[]; readonly problems: readonly Problem[] };

/** The id of a group now, by its name or the one it had before; undefined while there is none. */
export const groupIdOf = (
  name: string,
  { renamed_from: before }: DeclaredName,
  { groups }: Pick<State, 'groups'>,
): string | undefined => {
  const named = (wanted: string | undefined) => groups.find((group) => group.name === wanted)?.id;
  return named(name) ?? named(before);
};

// A member without such an address is a problem of the section of members.
const membersIn = ({ members }: Declared, state: State): readonly Holder[] =>
  Object.entries(members).flatMap(([email, said]) => {
    const key = email.trim().toLowerCase();
    const member = state.members.find((one) => one.email.toLowerCase() === key);
    if (member === undefined) return [];
    const target = { type: 'user', userId: member.id } as const;
    return [{ path: ['members', email], whose: member.email, target, id: member.id, isDefault: false, said }];
  });

const groupsIn = ({ groups }: Declared, state: State): readonly Holder[] =>
  Object.entries(groups).flatMap(([group, said]) => {
    if (said.absent === true) return [];
    return [
      {
        path: ['groups', group],
        whose: `each member of the group “${group}”`,
        target: { type: 'rbac_group', group } as const,
        id: groupIdOf(group, said, state),
        isDefault: false,
        said: { limits: said.limits?.each_member, rates: said.rates },
      },
    ];
  });

type Kind = {
  readonly section: 'workspaces' | 'keys';
  readonly noun: string;
  readonly targetOf: (id: string) => RateTarget;
  readonly missing: string;
};

const WORKSPACES: Kind = {
  section: 'workspaces',
  noun: 'workspace',
  targetOf: (workspaceId) => ({ type: 'workspace', workspaceId }),
  missing: 'Workspaces are created in the console; archived ones stay as they are.',
};

const KEYS: Kind = {
  section: 'keys',
  noun: 'key',
  targetOf: (keyId) => ({ type: 'api_key', keyId }),
  missing: 'Keys are made in the console, by “remit keys” or by the API; admin keys spend nothing.',
};

const problemOf = (name: string, found: readonly LimitedState[], kind: Kind, known: readonly string[]): string => {
  if (found.length === 0)
    return `There is no ${kind.noun} with the name or id “${name}”.${didYouMean(name, known) || ` ${kind.missing}`}`;
  return `There are ${found.length} ${kind.noun}s of the name “${name}”. Write the id of the one that is meant: ${found.map(({ id }) => id).join(', ')}.`;
};

const namedIn = (declared: Declared, state: State, kind: Kind): Holders => {
  const known = state[kind.section];
  const found: Holder[] = [];
  const problems: Problem[] = [];
  for (const [name, said] of Object.entries(declared[kind.section])) {
    const path = [kind.section, name];
    const meant = known.filter((one) => one.id === name || one.name === name);
    const [only, ...others] = meant;
    if (only === undefined || others.length > 0) {
      const names = known.map((one) => one.name);
      problems.push({ path, problem: problemOf(name, meant, kind, names) });
    } else if (found.some(({ id }) => id === only.id))
      problems.push({ path, problem: `The ${kind.noun} “${only.name}” (${only.id}) is in the files twice.` });
    else {
      const whose = `the ${kind.noun} “${only.name}”`;
      found.push({
        path,
        whose,
        target: kind.targetOf(only.id),
        id: only.id,
        isDefault: only.isDefault === true,
        said,
      });
    }
  }
  return { found, problems };
};

/** Finds everybody and everything that has limits in the files, beside the organisation and seats. */
export const findHolders = (declared: Declared, state: State): Holders => {
  const named = [namedIn(declared, state, WORKSPACES), namedIn(declared, state, KEYS)];
  return {
    found: [...groupsIn(declared, state), ...membersIn(declared, state), ...named.flatMap(({ found }) => found)],
    problems: named.flatMap(({ problems }) => problems),
  };
};
