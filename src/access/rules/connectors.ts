import type { ToolLevel } from '../../kernel/index.ts';

/** Levels over one connector: `tools` by their name, `level` for every tool that is not named there. */
export type ToolPolicy = { readonly level: ToolLevel; readonly tools: ReadonlyMap<string, ToolLevel> };

/** A registered MCP server. `slug` names it in `/mcp/{slug}` and in tool names; `policy` is the organisation's ceiling. */
export type Connector = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly url: string;
  readonly policy: ToolPolicy;
};

/**
 * A custom role's Connectors tab. `all` holds for every connector, those to come included, unless it is `custom`: then
 * `connectors` says it by id, and a connector without a row is blocked.
 */
export type RoleConnectors = {
  readonly all: ToolLevel | 'custom';
  readonly connectors: ReadonlyMap<string, ToolPolicy>;
};

/** A new role's Connectors tab: every connector needs approval (access reference §3.2). */
export const NEW_ROLE_CONNECTORS: RoleConnectors = { all: 'ask', connectors: new Map() };

/** Who may have the provider reach MCP servers that are not registered here: nobody, all but bound members, everybody. */
export type UnlistedServers = 'refuse' | 'refuse_for_custom' | 'allow';

/** Every connector of the organisation, by what requests name one with. */
export type ConnectorIndex = {
  readonly byId: ReadonlyMap<string, Connector>;
  readonly bySlug: ReadonlyMap<string, Connector>;
  readonly byUrl: ReadonlyMap<string, Connector>;
};

/** A slug as names of tools spell it: clients put `_` for what they do not allow, and people vary the case. */
export const foldSlug = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/**
 * A server's address for comparison: scheme, host, port and path, without query, fragment and closing slash. Undefined
 * for what is no http(s) address.
 */
export const foldUrl = (text: string): string | undefined => {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
  return url.origin + url.pathname.replace(/\/+$/, '');
};

/** Indexes connectors; slugs and addresses are unique among them. */
export const indexConnectors = (connectors: readonly Connector[]): ConnectorIndex => ({
  byId: new Map(connectors.map((one) => [one.id, one])),
  bySlug: new Map(connectors.map((one) => [foldSlug(one.slug), one])),
  byUrl: new Map(connectors.map((one) => [foldUrl(one.url) ?? one.url, one])),
});

/** The index of an organisation without connectors. */
export const NO_CONNECTORS: ConnectorIndex = indexConnectors([]);
