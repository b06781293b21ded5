/** Whose limit it is. `rbac_group`: of each member of the group; the group's service keys count as one member together. */
export const LOWER_SCOPES = ['workspace', 'rbac_group', 'user', 'api_key'] as const;
export type LowerScope = (typeof LOWER_SCOPES)[number];
export type RateScopeType = 'organization' | LowerScope;

export type RateScope = { readonly type: RateScopeType; readonly id: string };

export const ORGANISATION_SCOPE: RateScope = { type: 'organization', id: '' };

/** What of a caller decides whose limits bind them. */
export type RateCaller = {
  readonly keyId: string;
  readonly userId: string | null;
  /** The group whose service key it is; null for a member's key. */
  readonly groupId: string | null;
  /** Null for the default workspace, which has no limits of its own. */
  readonly workspaceId: string | null;
};

/** A scope that binds a caller, and under which name their use of it is counted. */
export type Binding = { readonly scope: RateScope; readonly countedAs: string };

const binding = (type: RateScopeType, id: string, countedAs = `${type}:${id}`): Binding => ({
  scope: { type, id },
  countedAs,
});

const ORGANISATION_BINDING: Binding = { scope: ORGANISATION_SCOPE, countedAs: 'organization' };

/**
 * Every scope that binds a caller, the widest first. All of them hold, so a narrower one can only lower what a wider one
 * permits. `groupIds`: the groups the member is in.
 */
export const bindingsOf = (caller: RateCaller, groupIds: readonly string[]): readonly Binding[] => {
  const { keyId, userId, groupId, workspaceId } = caller;
  const bindings = [ORGANISATION_BINDING];
  if (workspaceId !== null) bindings.push(binding('workspace', workspaceId));
  if (userId !== null) {
    for (const id of groupIds) bindings.push(binding('rbac_group', id, `rbac_group:${id}/${userId}`));
    bindings.push(binding('user', userId));
  } else if (groupId !== null) bindings.push(binding('rbac_group', groupId, `rbac_group:${groupId}/service`));
  bindings.push(binding('api_key', keyId));
  return bindings;
};

/** The scope of a name that use is counted under; undefined for a text that is none. */
export const scopeCountedAs = (countedAs: string): RateScope | undefined => {
  if (countedAs === 'organization') return ORGANISATION_SCOPE;
  const [type, rest] = countedAs.split(':', 2);
  const lower = LOWER_SCOPES.find((scope) => scope === type);
  if (lower === undefined || rest === undefined) return undefined;
  return { type: lower, id: lower === 'rbac_group' ? (rest.split('/')[0] ?? '') : rest };
};
