import type { Call } from '../../platform/contract.ts';
import type { State } from './rules/state.ts';

/** What is known by its name while a plan is applied, and by its id to the server. */
export type Kind = 'role' | 'group' | 'connector';

/** Ids by what things are called at the moment; names change and appear while a plan is applied. */
export type Names = {
  readonly idOf: (kind: Kind, name: string) => string;
  readonly learn: (kind: Kind, name: string, id: string) => void;
};

/** What a step is done with. */
export type Doing = { readonly call: Call; readonly names: Names };

/** How each kind of action is done. */
export type Doers<Action extends { readonly kind: string }> = {
  readonly [K in Action['kind']]: (action: Extract<Action, { readonly kind: K }>, at: Doing) => Promise<unknown>;
};

/** The names that the organisation starts with. */
export const namesIn = ({ roles, groups, connectors }: State): Names => {
  const known = new Map<string, string>([
    ...roles.map(({ name, id }) => [`role ${name}`, id] as const),
    ...groups.map(({ name, id }) => [`group ${name}`, id] as const),
    ...connectors.map(({ slug, id }) => [`connector ${slug}`, id] as const),
  ]);
  return {
    idOf: (kind, name) => {
      const id = known.get(`${kind} ${name}`);
      if (id === undefined) throw new Error(`the plan uses the ${kind} “${name}” before it is there`);
      return id;
    },
    learn: (kind, name, id) => void known.set(`${kind} ${name}`, id),
  };
};
