import { z } from 'zod';
import { endpoint } from '../../../platform/contract.ts';

/** The parts of the program an allow-list can cover. */
export const SURFACES = ['console', 'api', 'gateway', 'scim'] as const;
export type Surface = (typeof SURFACES)[number];

const ENTRIES_MAX = 1000;

const Entry = z.strictObject({
  /** An address or a range in CIDR notation, IPv4 or IPv6. */
  range: z.string().trim().min(1).max(64),
  note: z.string().trim().max(255).default(''),
});

/** From which addresses this installation may be used. */
export const IpAllowList = z.object({
  type: z.literal('ip_allow_list'),
  entries: z.array(z.object({ range: z.string(), note: z.string() })),
  /** What the list covers; nothing while it is empty. The console's own calls count as `console`. */
  surfaces: z.array(z.enum(SURFACES)),
  /** The address this very request came from, as the list sees it. */
  your_address: z.string().nullable(),
});
export type IpAllowList = z.output<typeof IpAllowList>;

export const getIpAllowList = endpoint({
  method: 'GET',
  path: '/v1/organizations/ip_allow_list',
  permission: 'identity:view',
  summary: 'From which addresses this installation may be used',
  reply: IpAllowList,
});

export const setIpAllowList = endpoint({
  method: 'POST',
  path: '/v1/organizations/ip_allow_list',
  permission: 'identity:manage',
  summary: 'Replace the list of allowed addresses; refused when it would lock out whoever asks, unless forced',
  records: ['org_ip_restriction_created', 'org_ip_restriction_updated', 'org_ip_restriction_deleted'],
  body: z.strictObject({
    entries: z.array(Entry).max(ENTRIES_MAX),
    surfaces: z.array(z.enum(SURFACES)),
    force: z.boolean().default(false),
  }),
  reply: IpAllowList,
  errors: ['invalid_request', 'conflict'],
});
