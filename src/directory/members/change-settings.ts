import { type Doer, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { allowsEmail, foldDomain } from './rules/email-domains.ts';
import { memberSettingsStore } from './settings-store.ts';

/**
 * Sets the domains whose addresses may be invited or added; null allows any, an empty list none. Members who are there
 * already stay. Answers the domains as they are stored.
 */
export const changeAllowedDomains =
  ({ database, record }: DirectoryDeps) =>
  (wanted: readonly string[] | null, by: Doer): Promise<readonly string[] | null> =>
    changeInTurn(database, async (sql) => {
      const settings = memberSettingsStore(sql);
      const before = await settings.readAllowedDomains();
      const after = wanted === null ? null : foldAll(wanted);
      if (JSON.stringify(before) === JSON.stringify(after)) return after;
      await settings.writeAllowedDomains(after);
      await record(sql, by, {
        type: 'claude_organization_settings_updated',
        updates: [{ type: 'allowed_email_domains', previous_value: before, current_value: after }],
      });
      return after;
    });

const foldAll = (domains: readonly string[]): readonly string[] => {
  const folded = domains.map((text) => {
    const domain = foldDomain(text);
    if (domain === undefined) throw new Refusal('invalid_request', `"${text}" is not a domain, such as example.com.`);
    return domain;
  });
  return [...new Set(folded)].sort();
};

/** Refuses an address of a domain that the organisation does not allow (`email_domain_not_allowed`). */
export const refuseForeignDomain = async (sql: Sql, email: string): Promise<void> => {
  if (allowsEmail(await memberSettingsStore(sql).readAllowedDomains(), email)) return;
  throw new Refusal('invalid_request', `Members may not have addresses of this domain: ${email}.`, {
    details: { error_code: 'email_domain_not_allowed' },
  });
};
