import { type Caller, type Connector, mayReach, toolLevel } from '../../access/index.ts';
import { Refusal, type ToolLevel } from '../../kernel/index.ts';

/** Why the gateway does not pass something on. */
export const MCP_REASONS = [
  'connector-not-permitted',
  'tool-blocked-by-organisation',
  'tool-not-granted-by-role',
  'batch-held-back',
] as const;

export type McpReason = (typeof MCP_REASONS)[number];

/** What was decided about a call. `level` is null for what no level is set on (prompts, resources). */
export type Ruling = { readonly level: ToolLevel | null; readonly reason: McpReason | null };

/** The same for a tool. A tool that needs approval is passed on: the client asks the person, and the record says so. */
export const ruleOnTool = ({ entitlements }: Caller, connector: Connector, tool: string): Ruling => {
  const { level, stoppedBy } = toolLevel(entitlements, { connector, tool });
  if (stoppedBy === null) return { level, reason: null };
  return { level, reason: stoppedBy === 'organisation' ? 'tool-blocked-by-organisation' : 'tool-not-granted-by-role' };
};

/** Everything but tools is open to whoever may use any tool of the connector. */
export const ruleOnConnector = ({ entitlements }: Caller, connector: Connector): Ruling => ({
  level: null,
  reason: mayReach(entitlements, connector) ? null : 'connector-not-permitted',
});

const sentenceOf = (reason: McpReason, { name }: Connector, tool: string | null): string => {
  switch (reason) {
    case 'connector-not-permitted':
      return `None of your roles permits a tool of the connector “${name}”. Ask an administrator to grant it.`;
    case 'tool-blocked-by-organisation':
      return `The tool “${tool}” of the connector “${name}” is blocked for your organisation. It was not called.`;
    case 'tool-not-granted-by-role':
      return `The tool “${tool}” of the connector “${name}” is not permitted by your roles. It was not called; ask an administrator to grant it.`;
    case 'batch-held-back':
      return 'This was not sent on, because another call of the same batch is not permitted.';
    default: {
      const unexpected: never = reason;
      return unexpected;
    }
  }
};

const ADMINISTRATOR_WORDS: Readonly<Record<McpReason, string>> = {
  'connector-not-permitted':
    'No role of the caller permits any tool of this connector, or the organisation blocks them all.',
  'tool-blocked-by-organisation': 'The organisation blocks this tool for everybody.',
  'tool-not-granted-by-role': 'No role of the caller permits this tool.',
  'batch-held-back': 'Another call of the same batch was not permitted, so none of it was sent on.',
};

/** A reason in words for records; one of a later version stands as it is. */
export const describeReason = (reason: string): string =>
  Object.hasOwn(ADMINISTRATOR_WORDS, reason) ? ADMINISTRATOR_WORDS[reason as McpReason] : reason;

/** The refusal of what was denied, in words for the person whose client asked. */
export const denialOf = (reason: McpReason, connector: Connector, tool: string | null): Refusal =>
  new Refusal('permission_denied', sentenceOf(reason, connector, tool), { details: { error_code: reason } });
