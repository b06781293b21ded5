import type { Capability } from '../../kernel/index.ts';
import type { Reason, ToolsNamed } from './decision.ts';
import { holderIn, listOf, quotedRoles, type Sentences, someOf } from './wording.ts';

const toolsIn = ({ tools, toolsTotal }: ToolsNamed): string => someOf(tools, toolsTotal);

/** What the person who asked can do without the capability; nothing where it is the product itself. */
const without = (capability: Capability): string => {
  switch (capability) {
    case 'chat':
    case 'claude_code':
    case 'cowork':
      return 'Ask';
    case 'file_upload':
      return 'Take files and images out of the conversation, or ask';
    case 'fast_mode':
      return 'Turn fast mode off, or ask';
    case 'mcp_connector':
      return 'Leave mcp_servers out, or ask';
    default:
      return 'Go on without it, or ask';
  }
};

const notForYou = (b: ToolsNamed): string =>
  `${toolsIn(b)} ${b.toolsTotal === 1 ? 'is' : 'are'} not enabled for you. Take ${b.toolsTotal === 1 ? 'it' : 'them'} out of your client’s tools, or ask an administrator for access.`;

const filesIn = ({ file, filesTotal }: { readonly file: string; readonly filesTotal: number }): string =>
  filesTotal === 1 ? `The file ${file} was` : `The file ${file} and ${filesTotal - 1} more were`;

/** The sentences about what a request brings: its product, what it shows of capabilities, connectors and their tools. */
export const BROUGHT_SENTENCES = {
  'capabilities-permitted': {
    administrator: (b) => `${listOf(b.capabilities)} ${b.capabilities.length === 1 ? 'is' : 'are'} permitted.`,
    member: (b) => `You may use ${listOf(b.capabilities)}.`,
  },
  'capability-disabled-by-organisation': {
    administrator: (b) =>
      b.byInstallation
        ? `${b.title} is forced off for everybody by the configuration of this installation.`
        : `${b.title} is switched off for the whole organisation, owners included. An owner can switch it on under Roles.`,
    member: (b) =>
      `${b.title} is switched off for your organisation. ${without(b.capability)} an owner to switch it on.`,
  },
  'capability-not-granted-by-role': {
    administrator: (b) =>
      b.rolesTotal === 0
        ? `The ${holderIn(b.holder)} has no role, and ${b.title} needs one. Attach a role that grants it.`
        : `None of the roles of the ${holderIn(b.holder)} grants ${b.title} (${quotedRoles(b)}). Grant it in one of them, or attach a role that has it.`,
    member: (b) => {
      const whose = b.holder.kind === 'service' ? 'the roles of this key' : 'your roles';
      return b.rolesTotal === 0
        ? `${b.title} needs a role, and ${b.holder.kind === 'service' ? 'this key’s group has' : 'you have'} none. Ask an administrator for one that grants it.`
        : `${b.title} is not included in ${whose} (${quotedRoles(b)}). ${without(b.capability)} an administrator to grant it.`;
    },
  },
  'file-of-somebody-else': {
    administrator: (b) =>
      `${filesIn(b)} uploaded through Remit by somebody else. Files belong to who uploaded them, or to the group of a service key.`,
    member: (b) => `There is no file with the id ${b.file} among yours. Upload it yourself and use the id you get.`,
  },
  'tools-permitted': {
    administrator: (b) => `${toolsIn(b)} may be used.`,
    member: (b) => `You may use ${toolsIn(b)}.`,
  },
  'tools-need-approval': {
    administrator: (b) => `${toolsIn(b)} may be used after approval of each call, for which the client asks.`,
    member: (b) => `You may use ${toolsIn(b)}; your client asks you before each call.`,
  },
  'tool-blocked-by-organisation': {
    administrator: (b) => `${toolsIn(b)} is blocked for the whole organisation. Change that under Connectors.`,
    member: notForYou,
  },
  'tool-not-granted-by-role': {
    administrator: (b) =>
      b.rolesTotal === 0
        ? `The ${holderIn(b.holder)} has no role, so no connector is open: ${toolsIn(b)}. Attach a role that allows it.`
        : `None of the roles of the ${holderIn(b.holder)} allows ${toolsIn(b)} (${quotedRoles(b)}). Allow it in one of them, on its tab Connectors.`,
    member: notForYou,
  },
  'server-needs-approval': {
    administrator: (b) =>
      `${toolsIn(b)} needs approval of each call, and in mcp_servers the provider would call it without asking anybody. Allow it always, or let a client call it that asks.`,
    member: (b) =>
      `${toolsIn(b)} needs somebody’s approval of each call, and with mcp_servers nobody is asked. Use it from a client that asks, or ask an administrator to allow it always.`,
  },
  'server-not-registered': {
    administrator: (b) =>
      `The provider was to reach the MCP server ${b.server}, which is not registered. Register it under Connectors, or let servers pass that are not.`,
    member: (b) =>
      `The MCP server ${b.server} is not registered here. Leave it out of mcp_servers, or ask an administrator to register it.`,
  },
} satisfies { readonly [R in Reason]?: Sentences<R> };
