import {
  type AccessDeps,
  accessRoutes,
  CATALOGUE,
  openPolicy,
  type Policy,
  registerModels,
} from '../../access/index.ts';
import { createRecordActivity, type NewActivity } from '../../activity/index.ts';
import {
  createChangePolicy,
  type DirectoryDeps,
  directoryRoutes,
  issueOwnerLink,
  NO_LIMITS,
} from '../../directory/index.ts';
import { type Actor, createNewId, type Doer, type OrganisationRole, permissionsOfRole } from '../../kernel/index.ts';
import { type Call, createClient } from '../../platform/contract.ts';
import { createRouter, type Database, type Log, type SecretBox } from '../../platform/index.ts';
import {
  DEFAULT_PRICE_BOOK,
  openLedger,
  openPriceBook,
  openRates,
  openSpendPolicy,
  priceRoutes,
  type SpendDeps,
  spendRoutes,
} from '../../spend/index.ts';
import type { Random } from './random.ts';

/** Somebody at work: who they are, and where they sit. */
export type AtWork = {
  readonly userId: string;
  readonly email: string;
  readonly role: OrganisationRole;
  readonly address: string;
  readonly browser: string;
};

/** The public endpoints on a database, without a server: every change goes through the product's own operations. */
export type Office = {
  readonly call: Call;
  readonly policy: Policy;
  /** The token with which the primary owner is made. */
  readonly ownerToken: () => Promise<string>;
  /** Makes everything from here on the doing of this person. */
  readonly actAs: (person: AtWork) => void;
  /** Writes into the feed that this person did something outside of the endpoints here, such as signing in. */
  readonly note: (activity: NewActivity) => Promise<void>;
  /** The same before they have signed in. */
  readonly noteVisitor: (activity: NewActivity) => Promise<void>;
  /** Lets time pass between two things that are done. */
  readonly wait: (ms: number) => void;
  /** Goes on at a time, epoch ms; never back. */
  readonly goTo: (time: number) => void;
  /** Ends what follows the database. */
  readonly close: () => Promise<void>;
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
  let from = { ipAddress: null as string | null, userAgent: 'remit' };
  const now = () => at;
  const newId = createNewId(now, random.bytes);
  const changePolicy = createChangePolicy(database, now);
  const record = createRecordActivity({ now, newId });
  const deps: DirectoryDeps = { database, changePolicy, record, secrets, limits: NO_LIMITS, now, newId };
  await registerModels({ database, changePolicy, now })(CATALOGUE);
  const policy = await openPolicy({ database, models: CATALOGUE, log });
  const accessDeps: AccessDeps = { database, changePolicy, record, policy, now, newId };
  const spendPolicy = await openSpendPolicy({ database, log });
  const rates = await openRates({ database, policy, log, node: 'demo', now });
  const ledger = await openLedger({ database, node: 'demo', now });
  const prices = await openPriceBook({ database, shipped: DEFAULT_PRICE_BOOK, log, now });
  const spendDeps: SpendDeps = { database, policy, changePolicy, record, spendPolicy, ledger, rates, now, newId };
  const app = createRouter({
    routes: [
      ...directoryRoutes(deps, () => 'http://demo.invalid'),
      ...accessRoutes(accessDeps),
      ...spendRoutes(spendDeps),
      ...priceRoutes({ ...spendDeps, prices, corrected: ledger.correct }),
    ],
    // What members may ask for depends on the limits in force.
    afterChange: () => spendPolicy.refresh(),
    authenticate: async () => actor,
    newRequestId: () => newId('request'),
    clientOf: () => ({ address: from.ipAddress, isSecure: true }),
    log,
  });
  const send = async (url: string | URL | Request, init?: RequestInit) =>
    app.request(String(url), { ...init, headers: { ...init?.headers, 'user-agent': from.userAgent } });
  const note = (who: Doer['who'], activity: NewActivity) =>
    record(database, { who, requestId: newId('request'), ...from }, activity);
  return {
    call: createClient({ baseUrl: 'http://demo.invalid', fetch: send }),
    policy,
    ownerToken: async () => {
      const token = await issueOwnerLink(deps);
      if (token === undefined) throw new Error('the organisation has an owner already');
      return token;
    },
    actAs: ({ userId, email, role, address, browser }) => {
      const permissions = permissionsOfRole(role);
      actor = { kind: 'member', userId, email, role, credentialId: null, sessionId: null, permissions };
      from = { ipAddress: address, userAgent: browser };
    },
    note: (activity) => note(actor, activity),
    noteVisitor: (activity) => note({ kind: 'visitor', email: actor.kind === 'member' ? actor.email : null }, activity),
    wait: (ms) => {
      at += ms;
    },
    goTo: (time) => {
      at = Math.max(at, time);
    },
    close: async () => {
      await Promise.all([rates.close(), prices.close(), spendPolicy.close()]);
      await policy.close();
    },
  };
};
