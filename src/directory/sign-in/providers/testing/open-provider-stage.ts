import { CLIENT, type TestIdentityProvider } from '../../../../../tests/support/identity-provider.ts';
import type { ActivityTables } from '../../../../activity/tables.ts';
import { createLog, type Database } from '../../../../platform/index.ts';
import { memberStore } from '../../../members/store.ts';
import { BY_OWNER, openDirectory } from '../../../testing/open-directory.ts';
import { createAuthenticate } from '../../authenticate.ts';
import type { SignInProblem } from '../contract.ts';
import { addProvider, type changeProvider } from '../manage-provider.ts';
import { createOidcClient } from '../oidc-client.ts';
import { createSignInPages } from '../pages.ts';

/** Where people reach the installation of these tests. */
export const PUBLIC_URL = 'https://remit.test';
/** Where its browsers are. */
export const CLIENT_FACTS = { address: '192.0.2.1', isSecure: true };

/** What is changed of an identity provider. */
export type Changes = Parameters<ReturnType<typeof changeProvider>>[1];

/** What the browser is told: where it goes, and whether it has a session there. */
export type Outcome = {
  readonly to: string;
  readonly problem: SignInProblem | null;
  readonly session: string | undefined;
};

/** Reads it from an answer. */
export const outcomeOf = (response: Response): Outcome => {
  const to = response.headers.get('location') ?? '';
  const cookie = response.headers.getSetCookie().find((one) => one.startsWith('__Host-remit_session='));
  const problem = new URL(to, PUBLIC_URL).searchParams.get('problem') as SignInProblem | null;
  return { to, problem, session: cookie?.split(';')[0] };
};

/** A directory with one provider in front of it, and a browser that signs in through that. */
export const openProviderStage = async (database: Database, idp: TestIdentityProvider, changes: Changes = {}) => {
  const directory = await openDirectory(database);
  const { deps } = directory;
  const oidc = createOidcClient([idp.issuer], 1);
  const provider = await addProvider(deps)(
    {
      ...{ name: 'Test', issuer: idp.issuer, client_id: CLIENT.id, client_secret: CLIENT.secret, is_on: true },
      domains: [{ domain: 'example.com', is_enforced: false }],
      ...({ provisioning: 'jit', ...changes, expected_updated_at: undefined } as object),
    },
    BY_OWNER,
  );
  const withPages = { ...deps, oidc, publicUrl: () => PUBLIC_URL, log: createLog('silent') };
  const pages = createSignInPages({ ...withPages, authenticate: createAuthenticate(deps) });
  const begin = async (query = '') => {
    const url = `${PUBLIC_URL}/v1/session/providers/${provider.id}/begin${query}`;
    const response = await pages.begin(new Request(url), provider.id, CLIENT_FACTS);
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    return { ...outcomeOf(response), cookie };
  };
  const finish = async (url: URL | string, cookie: string) =>
    outcomeOf(await pages.callback(new Request(url, { headers: { cookie } }), CLIENT_FACTS));
  const signIn = async (account: string, query = ''): Promise<Outcome> => {
    idp.choose(account);
    const { to, cookie } = await begin(query);
    return finish(await idp.walk(to), cookie);
  };
  const who = async ({ session }: Outcome) => {
    const { body } = await directory.send('GET /v1/session', { headers: { cookie: session ?? '' } });
    return body.user as { email: string; role: string; id: string } | null;
  };
  const memberOf = (email: string) => memberStore(directory.database).findByEmail(email);
  const types = async () => {
    const rows = await directory.database
      .tables<ActivityTables>()
      .selectFrom('activities')
      .selectAll()
      .orderBy('id')
      .execute();
    return rows.map(({ type }) => type);
  };
  return { ...directory, provider, pages, begin, finish, signIn, who, memberOf, types, withPages };
};
