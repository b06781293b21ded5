import { useNamesOf } from '../../data/names.ts';
import { namedBy, type Scope } from './words.ts';

/** What the members, groups, workspaces and keys of some scopes are called; an id nobody can name stands for itself. */
export const useScopeNames = (scopes: readonly Scope[]): ((id: string) => string) => {
  const names = useNamesOf(
    scopes.flatMap((scope) => {
      const named = namedBy(scope);
      return named === null ? [] : [named];
    }),
  );
  return (id) => names.get(id)?.name ?? id;
};
