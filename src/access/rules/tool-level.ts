import { freerLevel, stricterLevel, type ToolLevel } from '../../kernel/index.ts';
import type { Connector, RoleConnectors, ToolPolicy } from './connectors.ts';
import { bindingGrants, type Grant, type Principal } from './types.ts';

/** A tool of a connector; `null` stands for every tool that nobody has named. */
export type ToolQuestion = { readonly connector: Connector; readonly tool: string | null };

/**
 * How freely somebody may use a tool. `stoppedBy` is the level that blocks it, null when it may be used. `grantedBy` are
 * the grants that give the most of all roles, before the organisation's ceiling; empty where roles have no say.
 */
export type ToolRuling = {
  readonly level: ToolLevel;
  readonly stoppedBy: 'organisation' | 'roles' | null;
  readonly grantedBy: readonly Grant[];
};

/** What a policy says of a tool. */
export const levelIn = ({ level, tools }: ToolPolicy, tool: string | null): ToolLevel =>
  tool === null ? level : (tools.get(tool) ?? level);

/** What one role says of a tool, before the organisation's ceiling. */
export const roleToolLevel = ({ all, connectors }: RoleConnectors, { connector, tool }: ToolQuestion): ToolLevel => {
  if (all !== 'custom') return all;
  const own = connectors.get(connector.id);
  return own === undefined ? 'blocked' : levelIn(own, tool);
};

/**
 * The most permissive word of the roles, clipped by the organisation's: the stricter of the two wins (access reference
 * §3.2). Whom roles do not bind has the organisation's word alone. Without a grant nothing is open.
 */
export const toolLevel = ({ principal }: { readonly principal: Principal }, question: ToolQuestion): ToolRuling => {
  const ceiling = levelIn(question.connector.policy, question.tool);
  const grants = bindingGrants(principal);
  if (grants === null)
    return { level: ceiling, stoppedBy: ceiling === 'blocked' ? 'organisation' : null, grantedBy: [] };
  let best: ToolLevel = 'blocked';
  for (const { role } of grants) best = freerLevel(best, roleToolLevel(role.connectors, question));
  const level = stricterLevel(ceiling, best);
  const grantedBy =
    best === 'blocked' ? [] : grants.filter(({ role }) => roleToolLevel(role.connectors, question) === best);
  return { level, stoppedBy: level !== 'blocked' ? null : ceiling === 'blocked' ? 'organisation' : 'roles', grantedBy };
};

/** The tools of a connector that the organisation or a role that binds somebody has named. */
export const namedTools = (principal: Principal, { id, policy }: Connector): ReadonlySet<string> => {
  const ofRoles = (bindingGrants(principal) ?? []).flatMap(({ role }) => [
    ...(role.connectors.connectors.get(id)?.tools.keys() ?? []),
  ]);
  return new Set([...policy.tools.keys(), ...ofRoles]);
};

/** Whether somebody may use any tool of a connector at all. */
export const mayReach = (entitlements: { readonly principal: Principal }, connector: Connector): boolean =>
  [null, ...namedTools(entitlements.principal, connector)].some(
    (tool) => toolLevel(entitlements, { connector, tool }).level !== 'blocked',
  );
