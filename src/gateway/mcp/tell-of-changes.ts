import { namedTools, resolveCredential, type Snapshot, toolLevel } from '../../access/index.ts';
import type { Admitted } from './admit.ts';
import type { McpDeps } from './deps.ts';
import type { McpExchange } from './exchange.ts';

const METHOD = 'notifications/tools/list_changed';

/** The notification of MCP that a list of tools is another one than before (up to 2025-11-25, tools). */
export const LIST_CHANGED = Buffer.from(`data: {"jsonrpc":"2.0","method":"${METHOD}"}\n\n`);

/** The same for a subscription (since 2026-07-28), which is named by the id of its request, as JSON. */
export const listChangedFor = (id: string): Buffer =>
  Buffer.from(
    `data: {"jsonrpc":"2.0","method":"${METHOD}","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":${id}}}}\n\n`,
  );

/** What a caller sees of a connector, as a text that changes when that does; null when they see nothing of it. */
const viewOf = (snapshot: Snapshot, { caller, connector: { id } }: Admitted, now: number): string | null => {
  const credential = snapshot.credentials.get(caller.credential.id);
  const resolved = credential && resolveCredential(snapshot, credential, now);
  const connector = snapshot.organisation.connectors.byId.get(id);
  if (resolved === undefined || !('caller' in resolved) || connector === undefined) return null;
  const { entitlements } = resolved.caller;
  const isBlocked = (tool: string | null) => toolLevel(entitlements, { connector, tool }).level === 'blocked';
  const named = [...namedTools(entitlements.principal, connector)].sort();
  return JSON.stringify([isBlocked(null), named.filter((tool) => isBlocked(tool) !== isBlocked(null))]);
};

/**
 * Tells the client of a stream that its list of tools is another one, when a change of policy has shown or hidden some of
 * them: a client that asks again no longer offers what would be refused. Answers the function that stops it.
 */
export const tellOfChanges = (
  { policy, now }: McpDeps,
  { admitted, response }: McpExchange,
  notification: Buffer,
): (() => void) => {
  let seen = viewOf(policy.current(), admitted, now());
  return policy.onChange((snapshot) => {
    const view = viewOf(snapshot, admitted, now());
    if (view === null || view === seen) return;
    seen = view;
    // The stream is written in whole events only, so this one cannot fall into another.
    if (response.headersSent && response.statusCode === 200 && !response.writableEnded) response.write(notification);
  });
};
