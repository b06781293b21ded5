import { bySystem } from '../../kernel/index.ts';
import type { Database, Log } from '../../platform/index.ts';
import { serverStore } from './server-store.ts';

/**
 * Asks a server for its tools when it is used and nobody has asked it yet, so that levels can be set by tool. Once in a
 * process at most: a server that does not answer is not asked again by itself.
 */
export const createFirstUse = (
  database: Database,
  refresh: (connectorId: string, by: ReturnType<typeof bySystem>) => Promise<void>,
  log: Log,
): ((connectorId: string) => void) => {
  const asked = new Set<string>();

  const askOnce = async (connectorId: string): Promise<void> => {
    const { tools_at } = await serverStore(database).find(connectorId);
    if (tools_at === null) await refresh(connectorId, bySystem('mcp-gateway'));
  };

  return (connectorId) => {
    if (asked.has(connectorId)) return;
    asked.add(connectorId);
    askOnce(connectorId).catch((error: unknown) =>
      log.warn({ connectorId, err: error }, 'a server did not list its tools when it was first used'),
    );
  };
};
