import { type Connector, foldSlug, foldUrl } from './connectors.ts';
import type { Finding, ReasonFacts, ToolsNamed } from './decision.ts';
import type { Entitlements } from './entitlements.ts';
import { grantsOf, holderOf, NAMED_MAX, rolesOf } from './naming.ts';
import { namedTools, type ToolRuling, toolLevel } from './tool-level.ts';
import { bindingGrants, type OrganisationAccess, type Wanted, type WantedServer } from './types.ts';

const NOTHING: readonly Finding[] = [];

/** A tool that a request brings, and what the policy says of it. `tool` null: every tool that nobody has named. */
type Ruled = ToolRuling & { readonly connector: Connector; readonly tool: string | null };

const rule = (entitlements: Entitlements, connector: Connector, tool: string | null): Ruled => ({
  ...toolLevel(entitlements, { connector, tool }),
  connector,
  tool,
});

const nameOf = ({ connector, tool }: Ruled): string =>
  tool === null ? connector.name : `${tool} of ${connector.name}`;

const named = (tools: readonly Ruled[]): ToolsNamed => ({
  tools: tools.slice(0, NAMED_MAX).map(nameOf),
  toolsTotal: tools.length,
});

/** Tools of registered connectors among those that the client runs. Of servers that are not registered nothing is said. */
const ofClient = (
  entitlements: Entitlements,
  { connectors }: OrganisationAccess,
  { tools }: Wanted,
): readonly Ruled[] =>
  tools.flatMap(({ server, tool }) => {
    const connector = connectors.bySlug.get(foldSlug(server));
    return connector === undefined ? [] : [rule(entitlements, connector, tool)];
  });

/** The tools of a connector that a request lets the provider call. */
const openedIn = (
  entitlements: Entitlements,
  connector: Connector,
  { tools, except }: WantedServer,
): readonly Ruled[] => {
  const all = tools ?? [null, ...namedTools(entitlements.principal, connector)];
  return all
    .filter((tool) => tool === null || !except.includes(tool))
    .map((tool) => rule(entitlements, connector, tool));
};

const blocked = (tools: readonly Ruled[], { principal }: Entitlements): readonly Finding[] => {
  const byOrganisation = tools.filter(({ stoppedBy }) => stoppedBy === 'organisation');
  const byRoles = tools.filter(({ stoppedBy }) => stoppedBy === 'roles');
  const stop = { rule: 'tool', effect: 'deny' } as const;
  const findings: Finding[] = [];
  if (byOrganisation.length > 0)
    findings.push({ ...stop, reason: 'tool-blocked-by-organisation', because: named(byOrganisation) });
  if (byRoles.length > 0)
    findings.push({
      ...stop,
      reason: 'tool-not-granted-by-role',
      because: { ...named(byRoles), ...rolesOf(grantsOf(principal)), holder: holderOf(principal) },
    });
  return findings;
};

const unlisted = ({ name, url }: WantedServer): Finding => {
  const because: ReasonFacts['server-not-registered'] = { server: (url ?? name ?? 'without an address').slice(0, 200) };
  return { rule: 'tool', effect: 'deny', reason: 'server-not-registered', because };
};

/** Servers that the provider is to reach by itself. Nobody is there to approve a call, so only `always` will do. */
const judgeServers = (entitlements: Entitlements, organisation: OrganisationAccess, { servers }: Wanted) => {
  const { connectors, unlistedServers } = organisation;
  const isBound = bindingGrants(entitlements.principal) !== null;
  const opened: Ruled[] = [];
  const findings: Finding[] = [];
  for (const server of servers) {
    const connector = connectors.byUrl.get(foldUrl(server.url ?? '') ?? '');
    if (connector !== undefined) opened.push(...openedIn(entitlements, connector, server));
    else if (unlistedServers === 'refuse' || (unlistedServers === 'refuse_for_custom' && isBound))
      findings.push(unlisted(server));
  }
  const asking = opened.filter(({ level }) => level === 'ask');
  if (asking.length > 0)
    findings.push({ rule: 'tool', effect: 'deny', reason: 'server-needs-approval', because: named(asking) });
  return { opened, findings };
};

/**
 * Whether the tools of connectors that a request brings may be used. A tool that needs approval passes where the client
 * runs it, because the client asks, and the finding says so; in `mcp_servers`, where the provider would call it without
 * asking anybody, it is refused.
 */
export const judgeTools = (
  entitlements: Entitlements,
  organisation: OrganisationAccess,
  wanted: Wanted,
): readonly Finding[] => {
  if (wanted.tools.length === 0 && wanted.servers.length === 0) return NOTHING;
  const run = ofClient(entitlements, organisation, wanted);
  const { opened, findings } = judgeServers(entitlements, organisation, wanted);
  const denied = [...blocked([...run, ...opened], entitlements), ...findings];
  if (denied.length > 0) return denied;
  const asking = run.filter(({ level }) => level === 'ask');
  const free = [...run, ...opened].filter(({ level }) => level === 'always');
  const pass = { rule: 'tool', effect: 'allow' } as const;
  return [
    ...(asking.length === 0 ? [] : [{ ...pass, reason: 'tools-need-approval' as const, because: named(asking) }]),
    ...(free.length === 0 ? [] : [{ ...pass, reason: 'tools-permitted' as const, because: named(free) }]),
  ];
};
