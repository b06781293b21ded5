import { Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { domainOf } from '../members/rules/email-domains.ts';
import type { ScimTables } from '../scim/tables.ts';
import type { ProvisioningMode, SignInTables } from '../sign-in/tables.ts';

/** How people of a domain become members without an invite. */
type Way = { readonly mode: Exclude<ProvisioningMode, 'invite_only'>; readonly name: string };

/** Why people with an address are not invited, because they join by themselves; undefined for those who are. */
export type InvitesRefused = (email: string) => Refusal | undefined;

const adviceOf = ({ mode, name }: Way, domain: string): string => {
  switch (mode) {
    case 'jit':
      return `People with addresses of ${domain} become members when they first sign in with “${name}”. Ask them to sign in there; they need no invite.`;
    case 'jit_mappings':
      return `People with addresses of ${domain} become members when they first sign in with “${name}” and are in one of its mapped groups. Put them into such a group there and ask them to sign in; they need no invite.`;
    case 'scim':
      return `People with addresses of ${domain} are made members by the identity provider (“${name}”). Assign them there; they need no invite.`;
    default: {
      const unexpected: never = mode;
      return unexpected;
    }
  }
};

const waysOfProviders = async (sql: Sql): Promise<readonly (readonly [string, Way])[]> => {
  const rows = await sql
    .tables<SignInTables>()
    .selectFrom('identity_provider_domains')
    .innerJoin('identity_providers', 'identity_providers.id', 'identity_provider_domains.provider_id')
    .select(['domain', 'name', 'provisioning'])
    .where('is_on', '=', 1)
    .execute();
  return rows.flatMap(({ domain, name, provisioning }) =>
    provisioning === 'invite_only' ? [] : [[domain, { mode: provisioning, name }] as const],
  );
};

// A directory in preview changes nobody's access yet, so people still have to be invited.
const waysOfDirectories = async (sql: Sql): Promise<readonly (readonly [string, Way])[]> => {
  const rows = await sql
    .tables<ScimTables>()
    .selectFrom('scim_directories')
    .select(['name', 'authoritative_domains'])
    .where('mode', '=', 'live')
    .execute();
  return rows.flatMap(({ name, authoritative_domains: domains }) =>
    domains
      .split(' ')
      .filter((domain) => domain !== '')
      .map((domain) => [domain, { mode: 'scim', name }] as const),
  );
};

/**
 * Reads for which domains people join by themselves, through a provider that makes members at sign-in or a directory that
 * is pushed: they are not invited (access reference §7.1), so that one place decides who is a member.
 */
export const readAutomaticJoining = async (sql: Sql): Promise<InvitesRefused> => {
  const ways = new Map([...(await waysOfProviders(sql)), ...(await waysOfDirectories(sql))]);
  return (email) => {
    const domain = domainOf(email);
    const way = domain === undefined ? undefined : ways.get(domain);
    if (domain === undefined || way === undefined) return undefined;
    return new Refusal('invalid_request', adviceOf(way, domain), {
      details: { error_code: 'invites_not_available', provisioning: way.mode },
    });
  };
};
