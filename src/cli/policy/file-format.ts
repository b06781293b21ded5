import { z } from 'zod';
import { CAPABILITIES, EFFORTS, PERMISSION_AREAS, PERMISSION_LEVELS, TOOL_LEVELS } from '../../kernel/index.ts';
import {
  GroupLimits,
  Included,
  Limited,
  Limits,
  OrganisationLimits,
  OrganisationRates,
  Prepaid,
  Rates,
  Spend,
} from './money-format.ts';
import { INHERIT, RECOMMENDED } from './rules/declared.ts';

/** The first line of every policy file: what it is, and the version of its format. */
export const FORMAT = 'policy/v1';

const Effort = z.enum(EFFORTS);
const Name = z.string().trim().min(1).max(255);
const Email = z.email();
const Model = z.string().min(1);

const ModelWord = z
  .union([z.enum(['on', 'off', ...EFFORTS]), z.boolean()])
  .describe('off; on, without a cap; or on with this highest effort');

const Models = z
  .record(z.string().min(1), ModelWord)
  .describe(
    'By model id; "*" is for every model that has no line of its own. Models that no line is for stay as they are',
  );

const Switch = z.union([z.enum(['on', 'off']), z.boolean()]);
const ToolLevel = z.enum(TOOL_LEVELS);
const Tools = z.record(z.string().min(1), z.union([ToolLevel, z.literal(INHERIT)]));
const Slug = z.string().regex(/^(\*|[a-z0-9]+(-[a-z0-9]+)*)$/);

const absent = z.literal(true).optional().describe('Delete it, if it is there');
const renamed_from = Name.optional().describe('What it was called before; it keeps its members and roles');

const Organisation = z.strictObject({
  name: Name.optional(),
  models: Models.optional(),
  default_model: Model.optional().describe(`A model id, or "${RECOMMENDED}": the newest Opus that is on`),
  default_effort: z.union([Effort, z.literal(RECOMMENDED)]).optional(),
  new_models: Switch.optional().describe('Whether models that are released later arrive switched on'),
  capabilities: z
    .partialRecord(z.enum(CAPABILITIES), Switch)
    .optional()
    .describe('Capabilities that everybody may have or nobody; those without a line stay as they are'),
  effort_action: z
    .enum(['clamp', 'refuse', 'observe'])
    .optional()
    .describe('What happens to a request above its cap: lowered, refused, or only noted'),
  unlisted_servers: z
    .enum(['refuse', 'refuse_for_custom', 'allow'])
    .optional()
    .describe('Who may have the provider reach MCP servers that are not registered'),
  limits: OrganisationLimits.optional(),
  spend: Spend.optional(),
  included: Included.optional(),
  prepaid: Prepaid.optional(),
  rates: OrganisationRates.optional(),
});

const Role = z.strictObject({
  absent,
  renamed_from,
  models: z
    .union([z.literal('all'), Models])
    .optional()
    .describe('"all" is whatever the organisation allows, also models released later'),
  default_model: Model.optional().describe(`A model id, or "${INHERIT}": the organisation's default`),
  default_effort: z.union([Effort, z.literal(INHERIT)]).optional(),
  capabilities: z
    .array(z.enum([...CAPABILITIES, 'generally_available', 'all']))
    .optional()
    .describe('All capabilities it grants; generally_available and all stand for those, also of the future'),
  permissions: z
    .partialRecord(z.enum(PERMISSION_AREAS), z.enum(PERMISSION_LEVELS))
    .optional()
    .describe('What its members may administer; areas without a line stay as they are'),
  connectors: z
    .union([
      ToolLevel,
      z.record(Slug, z.union([ToolLevel, z.strictObject({ level: ToolLevel.optional(), tools: Tools.optional() })])),
    ])
    .optional()
    .describe(
      'One level for all connectors, or levels by slug; "*" is for every registered one without a line of its own',
    ),
});

const Group = z.strictObject({
  absent,
  renamed_from,
  members: z
    .array(Email)
    .optional()
    .describe('All members, by e-mail address: whoever is not in the list is taken out'),
  roles: z.array(Name).optional().describe('All custom roles that are attached, by name'),
  limits: GroupLimits.optional(),
  rates: Rates.optional().describe('How fast each member of the group may go'),
});

const Member = z.strictObject({
  organisation_role: z.enum(['user', 'managed']).optional().describe('managed is Custom in the console'),
  roles: z.array(Name).optional().describe('All custom roles that are attached to the member directly'),
  limits: Limits.optional().describe("The member's own spend limits"),
  rates: Rates.optional().describe('How fast the member may go'),
});

const Connector = z.strictObject({
  absent,
  name: Name.optional(),
  url: z.url({ protocol: /^https?$/ }).optional(),
  level: ToolLevel.optional().describe('What holds for every tool that is not named'),
  tools: Tools.optional().describe(
    `By the tool's name; "${INHERIT}" takes its own level away. Tools without a line stay as they are`,
  ),
});

/** A policy file. Everything in it is optional but the first line; what is not mentioned is left as it is. */
export const PolicyFile = z.strictObject({
  remit: z.literal(FORMAT).describe('Says that this is a policy file for “remit apply”, and its format'),
  organisation: Organisation.optional().describe('What holds for everybody'),
  roles: z.record(Name, Role).optional().describe('Custom roles by name'),
  groups: z.record(Name, Group).optional().describe('Groups by name'),
  members: z.record(Email, Member).optional().describe('Members by e-mail address; they must be there already'),
  connectors: z
    .record(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), Connector)
    .optional()
    .describe('Registered MCP servers by slug'),
  workspaces: z.record(Name, Limited).optional().describe('Workspaces by name or id; they must be there already'),
  keys: z
    .record(Name, Limited)
    .optional()
    .describe('API keys by name, or by id where several have the same name; they must be there already'),
});
export type PolicyFile = z.output<typeof PolicyFile>;

/** The format as JSON Schema, for editors. */
export const policySchema = (): Record<string, unknown> => ({
  title: 'Remit policy',
  ...z.toJSONSchema(PolicyFile, { io: 'input' }),
});
