import type { DeclaredName } from './declared.ts';
import type { Problem, Step } from './step.ts';
import { step } from './step.ts';

/** What happens to a thing that is known by its name. `existing` is what it is called now, null for one that is to be created. */
export type NamedFate<Thing, Existing> =
  | { readonly fate: 'stays'; readonly name: string; readonly declared: Thing; readonly existing: Existing | null }
  | { readonly fate: 'goes'; readonly name: string; readonly existing: Existing };

type Kind = 'role' | 'group';

export type NamesPlan<Thing, Existing> = {
  readonly fates: readonly NamedFate<Thing, Existing>[];
  /** Creations and new names: they come before everything that uses them. */
  readonly openings: readonly Step[];
  /** Deletions: they come last, when nothing needs the thing any more. */
  readonly deletions: readonly Step[];
  readonly problems: readonly Problem[];
};

const OTHER_USES: Readonly<Record<Kind, string>> = {
  role: 'it comes off every group and member',
  group: 'its members stay, its service keys are revoked',
};

type Names<Existing> = {
  readonly kind: Kind;
  readonly existing: readonly Existing[];
};

const problemOf = <Existing extends { readonly name: string }>(
  name: string,
  { renamed_from: before }: DeclaredName,
  { kind, existing, declared }: Names<Existing> & { readonly declared: readonly string[] },
): string | undefined => {
  const names = existing.map((one) => one.name);
  if (before !== undefined && declared.includes(before))
    return `The ${kind} “${before}” is in the files itself, so nothing can be renamed from it.`;
  if (names.includes(name))
    return before !== undefined && names.includes(before)
      ? `There is a ${kind} “${name}” and a ${kind} “${before}”, so this is no new name. Take renamed_from out.`
      : undefined;
  const alike = names.find((one) => one.toLowerCase() === name.toLowerCase());
  return alike === undefined || alike === before
    ? undefined
    : `There is a ${kind} “${alike}”. Write the name as it is, or give it a new one with renamed_from: ${alike}.`;
};

const opening = (kind: Kind, name: string, before: string | undefined): Step => {
  if (before !== undefined)
    return step('update', `rename the ${kind} “${before}” to “${name}”`, {
      kind: kind === 'role' ? 'rename-role' : 'rename-group',
      from: before,
      name,
    });
  return step('create', `create the ${kind} “${name}”`, {
    kind: kind === 'role' ? 'create-role' : 'create-group',
    name,
  });
};

/** Decides which roles or groups are created, renamed, deleted or kept. */
export const planNames = <Thing extends DeclaredName, Existing extends { readonly name: string }>(
  declared: Readonly<Record<string, Thing>>,
  names: Names<Existing>,
): NamesPlan<Thing, Existing> => {
  const { kind, existing } = names;
  const find = (name: string | undefined) => existing.find((one) => one.name === name);
  const fates: NamedFate<Thing, Existing>[] = [];
  const openings: Step[] = [];
  const deletions: Step[] = [];
  const problems: Problem[] = [];
  for (const [name, thing] of Object.entries(declared)) {
    const now = find(name);
    if (thing.absent === true) {
      if (now === undefined) continue;
      fates.push({ fate: 'goes', name, existing: now });
      const action = kind === 'role' ? ('delete-role' as const) : ('delete-group' as const);
      deletions.push(step('delete', `delete the ${kind} “${name}”: ${OTHER_USES[kind]}`, { kind: action, name }));
      continue;
    }
    const problem = problemOf(name, thing, { ...names, declared: Object.keys(declared) });
    if (problem !== undefined) problems.push({ path: [`${kind}s`, name], problem });
    const before = now === undefined ? find(thing.renamed_from) : undefined;
    if (now === undefined) openings.push(opening(kind, name, before?.name));
    fates.push({ fate: 'stays', name, declared: thing, existing: now ?? before ?? null });
  }
  return { fates, openings, deletions, problems };
};
