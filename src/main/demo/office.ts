import {
  type AccessDeps,
  accessRoutes,
  CATALOGUE,
  openPolicy,
  type Policy,
  registerModels,
} from '../../access/index.ts';
import { createRecordActivity } from '../../activity/index.ts';
import { createChangePolicy, type DirectoryDeps, directoryRoutes, issueOwnerLink } from '../../directory/index.ts';
import { type Actor, createNewId, permissionsOfRole } from '../../kernel/index.ts';
import { type Call, createClient } from '../../platform/contract.ts';
import { createRouter, type Database, type Log, type SecretBox } from '../../platform/index.ts';
import type { Random } from './random.ts';

/** The public endpoints on a database, without a server: every change goes through the product's own operations. */
export type Office = {
  readonly call: Call;
  readonly policy: Policy;
  /** The token with which the primary owner is made. */
  readonly ownerToken: () => Promise<string>;
  /** Makes everything from here on the doing of this owner. */
  readonly actAsOwner: (owner: { readonly userId: string; readonly email: string }) => void;
  /** Lets time pass between two things the owner does. */
  readonly wait: (ms: number) => void;
};

type OfficeOptions = {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly log: Log;
  readonly random: Random;
  /** When the owner begins, epoch ms. */
  readonly startsAt: number;
};

/** Opens the endpoints on a migrated database, with a clock of their own so that the organisation has a past. */
export const openOffice = async ({ database, secrets, log, random, startsAt }: OfficeOptions): Promise<Office> => {
  let at = startsAt;
  let actor: Actor = { kind: 'anonymous' };
  const now = () => at;
  const newId = createNewId(now, random.bytes);
  const changePolicy = createChangePolicy(database, now);
  const record = createRecordActivity({ now, newId });
  const deps: DirectoryDeps = { database, changePolicy, record, secrets, now, newId };
  await registerModels({ database, changePolicy, now })(CATALOGUE);
  const policy = await openPolicy({ database, models: CATALOGUE, log });
  const accessDeps: AccessDeps = { database, changePolicy, record, policy, now, newId };
  const app = createRouter({
    routes: [...directoryRoutes(deps, () => 'http://demo.invalid'), ...accessRoutes(accessDeps)],
    authenticate: async () => actor,
    newRequestId: () => newId('request'),
    log,
  });
  const send = async (url: string | URL | Request, init?: RequestInit) => app.request(String(url), init);
  return {
    call: createClient({ baseUrl: 'http://demo.invalid', fetch: send }),
    policy,
    ownerToken: async () => {
      const token = await issueOwnerLink(deps);
      if (token === undefined) throw new Error('the organisation has an owner already');
      return token;
    },
    actAsOwner: (owner) => {
      const permissions = permissionsOfRole('primary_owner');
      actor = { kind: 'member', ...owner, role: 'primary_owner', credentialId: null, sessionId: null, permissions };
    },
    wait: (ms) => {
      at += ms;
    },
  };
};
