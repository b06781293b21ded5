import type { RoleConnectors } from '../../../access/contract.ts';
import type { ToolLevel } from '../../../kernel/index.ts';
import type { Edits } from './edits.ts';
import { isToolLevel } from './level-words.ts';

/** Levels chosen for all connectors, one, or a tool of one. A tool’s empty level makes it one of the others. */
export type ConnectorEdits = Edits<string>;

type Connector = RoleConnectors['connectors'][number];
type Chosen = ReadonlyMap<string, string>;

/** The key of the choice for all connectors. */
export const ALL = 'all';

/** The key of a connector’s own level. */
export const connectorKey = (id: string): string => `connector ${id}`;

/** The key of a tool’s level. */
export const toolKey = (id: string, tool: string): string => `tool ${id} ${tool}`;

/** The level of a connector’s tools with the choices: its own, else what holds for all. */
export const levelIn = (saved: RoleConnectors, connector: Connector, chosen: Chosen): ToolLevel => {
  const own = chosen.get(connectorKey(connector.connector_id));
  if (isToolLevel(own)) return own;
  const all = chosen.get(ALL) ?? saved.all_connectors;
  return isToolLevel(all) ? all : connector.level;
};

/** The tools of a connector that somebody has named: the organisation, the role, or whoever is editing. */
export const toolsIn = (connector: Connector, chosen: Chosen): readonly string[] => {
  const prefix = toolKey(connector.connector_id, '');
  const added = [...chosen.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const saved = [...connector.tools, ...connector.organization_tools].map(({ name }) => name);
  return [...new Set([...saved, ...added])].sort();
};

const changeOf = ({ connector_id }: Connector, chosen: Chosen) => {
  const level = chosen.get(connectorKey(connector_id));
  const prefix = toolKey(connector_id, '');
  const tools = [...chosen]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => ({ name: key.slice(prefix.length), level: isToolLevel(value) ? value : null }));
  if (level === undefined && tools.length === 0) return [];
  return [{ connector_id, ...(isToolLevel(level) ? { level } : {}), ...(tools.length === 0 ? {} : { tools }) }];
};

/** The choices as the API takes them. */
export const toBody = (saved: RoleConnectors, chosen: Chosen) => {
  const all = chosen.get(ALL);
  const connectors = saved.connectors.flatMap((connector) => changeOf(connector, chosen));
  return {
    ...(isToolLevel(all) || all === 'custom' ? { all_connectors: all as ToolLevel | 'custom' } : {}),
    ...(connectors.length === 0 ? {} : { connectors }),
    if_version: saved.version,
  };
};
