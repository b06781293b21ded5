import type { Sql } from '../../../platform/index.ts';
import type { Member } from '../../members/store.ts';
import { settingsStore } from '../settings/store.ts';
import { signInProblem } from './problems.ts';
import { domainOf } from './rules/read-claims.ts';
import { providerStore } from './store.ts';

type Reading = { readonly database: Sql };

/** The provider that stands for an e-mail address and is on, and whether its members may use no password. */
export const findProviderFor = async ({ database }: Reading, email: string) => {
  const domain = domainOf(email.trim());
  const found = domain === undefined ? undefined : await providerStore(database).findByDomain(domain);
  return found?.provider.isOn === true ? found : undefined;
};

/** Refuses a password of somebody whose domain signs in through its provider only; accounts for emergencies may. */
export const refuseEnforced = async (deps: Reading, member: Member): Promise<void> => {
  const found = await findProviderFor(deps, member.email);
  if (found?.isEnforced !== true || (await settingsStore(deps.database).isBreakGlass(member.id))) return;
  throw signInProblem('sso_required');
};
