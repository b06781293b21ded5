import type { ToolLevel } from '../../kernel/index.ts';
import type { RoleConnectors, ToolPolicy } from './connectors.ts';

/** A change of what a role says of one connector; what is left out stays. A tool's level of null takes its row away. */
export type RoleConnectorChange = {
  readonly id: string;
  readonly level?: ToolLevel | undefined;
  readonly tools?: readonly { readonly name: string; readonly level: ToolLevel | null }[] | undefined;
};

/** A change of a role's Connectors tab. `all` with a level holds for every connector and ends what was said of single ones. */
export type RoleConnectorsChange = {
  readonly all?: RoleConnectors['all'] | undefined;
  readonly connectors?: readonly RoleConnectorChange[] | undefined;
};

/** A level for all becomes a row for each connector there is, which says at that moment what it meant. */
const listed = (role: RoleConnectors, known: readonly string[]): RoleConnectors => {
  const { all } = role;
  if (all === 'custom') return role;
  return { all: 'custom', connectors: new Map(known.map((id) => [id, { level: all, tools: new Map() }])) };
};

const BLOCKED: ToolPolicy = { level: 'blocked', tools: new Map() };

const changed = (before: ToolPolicy, { level, tools = [] }: RoleConnectorChange): ToolPolicy => {
  const after = new Map(before.tools);
  for (const { name, level: own } of tools) {
    if (own === null) after.delete(name);
    else after.set(name, own);
  }
  return { level: level ?? before.level, tools: after };
};

/** A role's Connectors tab after a change. `known` are the ids of all connectors; a change of one makes the tab custom. */
export const editRoleConnectors = (
  before: RoleConnectors,
  { all, connectors = [] }: RoleConnectorsChange,
  known: readonly string[],
): RoleConnectors => {
  const base =
    all === undefined
      ? before
      : all === 'custom'
        ? listed(before, known)
        : { all, connectors: new Map<string, ToolPolicy>() };
  if (connectors.length === 0) return base;
  const after = new Map(listed(base, known).connectors);
  for (const change of connectors) after.set(change.id, changed(after.get(change.id) ?? BLOCKED, change));
  return { all: 'custom', connectors: after };
};
