import { type Doer, Refusal } from '../../../kernel/index.ts';
import { readText } from '../../../platform/index.ts';
import { signOutDevices } from '../../device-grants/end-grants.ts';
import { changeInTurn } from '../../policy-changes.ts';
import type { SignInTables } from '../tables.ts';
import { openProvider, type ProviderDeps } from './begin-sign-in.ts';
import { readSubject } from './rules/read-claims.ts';
import { identityStore, providerStore } from './store.ts';

/**
 * Ends the sessions a provider says have ended (Back-Channel Logout 1.0): those of its own session's name, or all that
 * it opened for the person, and then the devices they are signed in on too. Answers the status: 200, also when there was nothing to end, or 400.
 */
export const signOutByProvider =
  (deps: ProviderDeps) =>
  async (request: Request, providerId: string, by: Doer): Promise<200 | 400> => {
    const provider = await providerStore(deps.database).find(providerId);
    const token = new URLSearchParams(await readForm(request)).get('logout_token');
    if (provider === undefined || token === null) return 400;
    const claims = await deps.oidc.readLogoutToken(openProvider(deps, provider), token).catch(() => undefined);
    if (claims === undefined) return 400;
    const { sid } = claims;
    const subject = readSubject(claims, provider.settings.identityKey);
    await changeInTurn(deps.database, async (sql) => {
      const known = subject === undefined ? undefined : await identityStore(sql).find(subject);
      let sessions = sql.tables<SignInTables>().deleteFrom('sessions').where('provider_id', '=', providerId);
      if (typeof sid === 'string') sessions = sessions.where('provider_session', '=', sid);
      else sessions = sessions.where('user_id', '=', known?.user_id ?? '');
      const ended = await sessions.returning('user_id').execute();
      // Without a session's name it is the person who was signed out, on whatever they use.
      const everywhere = typeof sid !== 'string' && known !== undefined ? known.user_id : undefined;
      const devices = everywhere === undefined ? 0 : await signOutDevices(deps, sql, everywhere);
      const whose = [...ended.map((row) => row.user_id), ...(devices > 0 && everywhere ? [everywhere] : [])];
      const who = { kind: 'directory' as const, directoryId: providerId, connectionType: 'OIDC' };
      for (const user_id of new Set(whose))
        await deps.record(
          sql,
          { ...by, who },
          {
            type: 'org_user_trusted_devices_revoked',
            user_id,
            completed: true,
            devices_revoked_count: user_id === everywhere ? devices : 0,
            sessions_revoked_count: ended.filter((row) => row.user_id === user_id).length,
          },
        );
    });
    return 200;
  };

const BYTES_MAX = 64 * 1024;

const readForm = (request: Request): Promise<string> =>
  readText(request, BYTES_MAX, () => new Refusal('too_large', 'A logout token is shorter than that.'));
