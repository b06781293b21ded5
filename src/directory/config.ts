import { z } from 'zod';
import { section } from '../platform/index.ts';
import type { DirectoryLimits } from './limits.ts';

const ADMIN_KEY_LENGTH_MIN = 16;

const listed = (value: unknown): unknown =>
  typeof value === 'string' ? value.split(',').map((one) => one.trim()) : (value ?? []);

const isOrigin = (text: string): boolean => URL.parse(text)?.origin === text.replace(/\/$/, '');

const most = z.coerce.number().int().min(1).max(10_000_000);

const origins = z.preprocess(
  listed,
  z.array(z.string().refine(isOrigin, 'is no origin such as https://sso.corp.example')),
);

export const directoryConfig = section('Directory', {
  admin_key: {
    schema: z.string().min(ADMIN_KEY_LENGTH_MIN, `needs at least ${ADMIN_KEY_LENGTH_MIN} characters`).optional(),
    env: 'REMIT_ADMIN_KEY',
    secret: true,
    help: 'An admin key that is accepted from the first start, for set-up without a browser.',
  },
  private_identity_providers: {
    schema: origins,
    env: 'REMIT_PRIVATE_IDENTITY_PROVIDERS',
    help: 'Origins of identity providers inside your network, such as `https://sso.corp.example`; in the variable with commas between them. Others must be on https at a public address, so that an issuer somebody types reaches nothing inside.',
  },
  members_max: {
    schema: most.optional(),
    env: 'REMIT_MEMBERS_MAX',
    help: 'The most members of the organisation, however they come. Default: as many as you like.',
  },
  workspace_members_max: {
    schema: most.optional(),
    env: 'REMIT_WORKSPACE_MEMBERS_MAX',
    help: 'The most members of a workspace. Default: as many as you like.',
  },
  api_keys_max: {
    schema: most.default(100_000),
    env: 'REMIT_API_KEYS_MAX',
    help: 'The most personal and service keys of the organisation; those that are archived or have expired do not count.',
  },
  workspace_api_keys_max: {
    schema: most.default(10_000),
    env: 'REMIT_WORKSPACE_API_KEYS_MAX',
    help: 'The most keys of one workspace, counted likewise.',
  },
});

/** The limits of the configuration. */
export const directoryLimits = (config: {
  readonly members_max?: number | undefined;
  readonly workspace_members_max?: number | undefined;
  readonly api_keys_max: number;
  readonly workspace_api_keys_max: number;
}): DirectoryLimits => ({
  members: config.members_max ?? null,
  workspaceMembers: config.workspace_members_max ?? null,
  apiKeys: config.api_keys_max,
  workspaceApiKeys: config.workspace_api_keys_max,
});
