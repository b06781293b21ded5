import {
  type Connector,
  mayReach,
  namedTools,
  principalOfMember,
  type Snapshot,
  toolLevel,
} from '../../access/index.ts';
import { type Actor, Refusal } from '../../kernel/index.ts';
import type * as contract from './contract.ts';
import { type KnownTool, toolsOf } from './server-store.ts';
import { toWireTool } from './show-server.ts';
import type { McpServerRow } from './tables.ts';

/** The member that an endpoint about oneself answers about. */
export const memberIdOf = (actor: Actor): string => {
  if (actor.kind === 'member') return actor.userId;
  throw new Refusal('permission_denied', 'This answers about a member.');
};

/** A tool that somebody set a level for, and that the server has not listed. */
const unknownTool = (name: string): KnownTool => ({
  name,
  title: null,
  description: null,
  readOnly: null,
  destructive: null,
});

/** The connectors a member may use under this snapshot, by name, each with the tools that are not blocked. */
export const myConnectors = (
  { snapshot, userId, servers }: { snapshot: Snapshot; userId: string; servers: ReadonlyMap<string, McpServerRow> },
  publicUrl: string,
): readonly contract.MyConnector[] => {
  const member = snapshot.members.get(userId);
  if (member === undefined) return [];
  const entitlements = { principal: principalOfMember(snapshot, member) };
  const toolsFor = (connector: Connector) => {
    const row = servers.get(connector.id);
    const known = row === undefined ? [] : toolsOf(row);
    const names = new Set(known.map(({ name }) => name));
    const others = [...namedTools(entitlements.principal, connector)].filter((name) => !names.has(name));
    return [...known, ...others.map(unknownTool)].flatMap((tool) => {
      const { level } = toolLevel(entitlements, { connector, tool: tool.name });
      return level === 'blocked' ? [] : [{ ...toWireTool(tool), level }];
    });
  };
  return [...snapshot.organisation.connectors.byId.values()]
    .filter((connector) => mayReach(entitlements, connector))
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((connector) => ({
      type: 'my_connector' as const,
      slug: connector.slug,
      name: connector.name,
      url: `${publicUrl}/mcp/${connector.slug}`,
      level: toolLevel(entitlements, { connector, tool: null }).level,
      tools: toolsFor(connector),
    }));
};
