import type { Capability, Effort, Product } from '../../kernel/index.ts';
import type { CapabilityCeiling, RoleCapabilities } from './capabilities.ts';
import type { ConnectorIndex, RoleConnectors, UnlistedServers } from './connectors.ts';

/** What happens to an effort above the cap: it is lowered, the request is refused, or it is only noted. */
export type EffortAction = 'clamp' | 'refuse' | 'observe';

/** One row of model access, of the organisation or of a role. `maxEffort` null: no cap of its own at this level. */
export type ModelAccess = { readonly enabled: boolean; readonly maxEffort: Effort | null };

/**
 * The organisation's level: the ceiling over everybody, owners included. A model id missing from `models` is one that
 * arrived after the last edit, and `newModels` says whether it arrived switched on. `defaultModel` null means the
 * recommended one, which moves with releases. `defaultEffort` is where conversations on the default model start.
 * `connectors` are the registered MCP servers with the organisation's word on their tools.
 */
export type OrganisationAccess = CapabilityCeiling & {
  readonly models: ReadonlyMap<string, ModelAccess>;
  readonly defaultModel: string | null;
  readonly defaultEffort: Effort | null;
  readonly effortAction: EffortAction;
  readonly newModels: 'on' | 'off';
  readonly connectors: ConnectorIndex;
  readonly unlistedServers: UnlistedServers;
};

/**
 * What a custom role grants. Models `'all'` is an untouched Models tab: every model the organisation has on, at any effort. In a
 * list, a missing model arrived later and is off, because off is the default for new models in custom roles.
 */
export type RoleAccess = {
  readonly id: string;
  readonly displayName: string;
  readonly models: 'all' | ReadonlyMap<string, ModelAccess>;
  readonly defaultModel: string | null;
  readonly defaultEffort: Effort | null;
  readonly capabilities: RoleCapabilities;
  readonly connectors: RoleConnectors;
};

/** How a role reaches somebody: by a group that has it, or attached to the member directly. */
export type GrantVia =
  | { readonly kind: 'group'; readonly id: string; readonly name: string }
  | { readonly kind: 'member' };

/** A role and the way it came. */
export type Grant = { readonly role: RoleAccess; readonly via: GrantVia };

/** A member's one role in the organisation, by the Admin API's names (`managed` is shown as Custom). */
export type OrganisationRole =
  | 'primary_owner'
  | 'owner'
  | 'membership_admin'
  | 'admin'
  | 'billing'
  | 'developer'
  | 'claude_code_user'
  | 'user'
  | 'managed';

/**
 * On whose behalf something is asked. Roles bind `managed` members and service keys; every other member has whatever the
 * organisation allows, whatever their grants say. An `administrator` is an admin key: it sees every model uncapped in
 * order to manage them, and must never be let through to inference.
 */
export type Principal =
  | {
      readonly kind: 'member';
      readonly id: string;
      readonly organisationRole: OrganisationRole;
      readonly grants: readonly Grant[];
    }
  | {
      readonly kind: 'service';
      readonly groupId: string;
      readonly groupName: string;
      readonly grants: readonly Grant[];
    }
  | { readonly kind: 'administrator' };

/** A tool of an MCP server that the client runs: `mcp__{server}__{tool}` among the tools of a request. */
export type WantedTool = { readonly server: string; readonly tool: string };

/**
 * An MCP server that the provider is to reach. `tools` are those it may call, null for all of the server's but the ones
 * in `except`.
 */
export type WantedServer = {
  readonly name: string | null;
  readonly url: string | null;
  readonly tools: readonly string[] | null;
  readonly except: readonly string[];
};

/**
 * What a request brings beside the models it names: the product it comes from, what it shows of other capabilities, each
 * once, and connectors and their tools.
 */
export type Brought = {
  readonly product: Product;
  readonly capabilities: readonly Capability[];
  readonly servers: readonly WantedServer[];
  readonly tools: readonly WantedTool[];
};

/** A request of a client of the API that brings nothing. */
export const BRINGS_NOTHING: Brought = { product: 'api', capabilities: [], servers: [], tools: [] };

/**
 * What a request asks for, as found in its bytes. `effort` undefined: the field was not sent. `messageEfforts` are the
 * values of every nested `output_config.effort`: of `messages[]` and of `fallbacks[]`. `thinkingBudget` is the largest
 * `thinking.budget_tokens` anywhere in the body, null without one. `fallbackModels` are the `model`s of `fallbacks`.
 */
export type Wanted = Brought & {
  readonly model: string;
  readonly effort: string | null | undefined;
  readonly messageEfforts: readonly (string | null)[];
  readonly thinkingBudget: number | null;
  readonly fallbackModels: readonly string[];
};

/** The grants that bind a principal; null when roles have no say over it. */
export const bindingGrants = (principal: Principal): readonly Grant[] | null => {
  switch (principal.kind) {
    case 'administrator':
      return null;
    case 'service':
      return principal.grants;
    case 'member':
      return principal.organisationRole === 'managed' ? principal.grants : null;
    default: {
      const unexpected: never = principal;
      return unexpected;
    }
  }
};
