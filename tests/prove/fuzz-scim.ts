import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { directory, startRemit } from '../support/remit.ts';
import { type Json, newDirectory, type ScimAnswer, type ScimClient } from '../support/scim.ts';

/** What became of many bodies that nobody would send. */
export type FuzzReport = {
  readonly sent: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Answers of 500 and above, or not in SCIM's form, with the request; none is wanted. */
  readonly faults: readonly string[];
  /** What of the directory does not fit together afterwards; nothing is wanted. */
  readonly broken: readonly string[];
};

const NAMES = [
  'userName',
  'displayName',
  'active',
  'emails',
  'members',
  'name',
  'title',
  'externalId',
  'id',
  'meta',
  'schemas',
  'groups',
  'roles',
  'manager',
  'Operations',
  'op',
  'path',
  'value',
  'type',
  'primary',
  '__proto__',
  'constructor',
  'toString',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'name.givenName',
  'emails[type eq "work"].value',
  '',
];
const PATHS = [
  'userName',
  'title',
  'active',
  'emails',
  'emails[type eq "work"]',
  'emails[type eq "work"].value',
  'emails[value co "a"]',
  'members',
  'members[value eq "x"]',
  'name',
  'name.givenName',
  'displayName',
  'id',
  'groups',
  'meta.created',
  '__proto__.x',
  'constructor.prototype.x',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
  'x',
  '',
  '[',
  'emails[',
  'emails[type eq',
  'emails[type eq "\\u0000"]',
];

const leaf = (ids: readonly string[]) =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.boolean(),
    fc.integer(),
    fc.double(),
    fc.constant(null),
    fc.constantFrom(...ids, 'True', 'False', 'a@x.example', 'work', '\0', '\ud800'),
  );

const tree = (ids: readonly string[]) =>
  fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4, withCrossShrink: false },
      { weight: 4, arbitrary: leaf(ids) },
      { weight: 1, arbitrary: fc.array(tie('json'), { maxLength: 4 }) },
      {
        weight: 2,
        arbitrary: fc.dictionary(fc.constantFrom(...NAMES), tie('json'), { maxKeys: 5, noNullPrototype: true }),
      },
    ),
  })).json;

const operation = (ids: readonly string[]) =>
  fc.record(
    {
      op: fc.constantFrom('add', 'Add', 'replace', 'remove', 'REMOVE', 'move'),
      path: fc.constantFrom(...PATHS),
      value: tree(ids),
    },
    { requiredKeys: ['op'] },
  );

type Request = { readonly line: string; readonly body: unknown };

const request = (users: readonly string[], groups: readonly string[]): fc.Arbitrary<Request> => {
  const ids = [...users, ...groups];
  const json = tree(ids);
  const one = fc.oneof(
    fc.constantFrom(...users).map((id) => `/Users/${id}`),
    fc.constantFrom(...groups).map((id) => `/Groups/${id}`),
  );
  const patchBody = fc.record({ Operations: fc.array(operation(ids), { minLength: 1, maxLength: 4 }) });
  const person = fc.record(
    {
      userName: fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('fuzz-0', 'fuzz-1')),
      emails: json,
      active: json,
      name: json,
    },
    { requiredKeys: ['userName'] },
  );
  const group = fc.record(
    { displayName: fc.string({ maxLength: 12 }), members: json },
    { requiredKeys: ['displayName'] },
  );
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ line: one.map((path) => `PATCH ${path}`), body: patchBody }) },
    {
      weight: 2,
      arbitrary: fc.record({
        line: fc.constantFrom('POST /Users', 'POST /Groups', 'POST /.search', 'POST /Users/.search', 'POST /Bulk'),
        body: json,
      }),
    },
    { weight: 2, arbitrary: fc.record({ line: fc.constant('POST /Users'), body: person }) },
    { weight: 1, arbitrary: fc.record({ line: fc.constant('POST /Groups'), body: group }) },
    {
      weight: 2,
      arbitrary: fc.record({ line: one.map((path) => `PUT ${path}`), body: fc.oneof(person, group, json) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        line: fc
          .string({ maxLength: 40 })
          .map((text) => `GET /Users?filter=${encodeURIComponent(text.toWellFormed())}`),
        body: fc.constant(undefined),
      }),
    },
  );
};

const pages = async (scim: ScimClient, type: string): Promise<readonly Json[]> => {
  const all: Json[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const { body }: { body: Json } = await scim.send(`GET /${type}?count=200&cursor=${cursor}`);
    all.push(...body.Resources);
    cursor = body.nextCursor;
  }
  return all;
};

const firstTwice = (values: readonly string[]): readonly string[] =>
  values.filter((value, at) => values.indexOf(value) !== at).slice(0, 3);

/** What does not fit together: ids, names, members and groups seen from both sides, people who are no members. */
const findBroken = async (scim: ScimClient, memberOf: (id: string) => Promise<string>): Promise<readonly string[]> => {
  const [users, groups] = [await pages(scim, 'Users'), await pages(scim, 'Groups')];
  const ids = new Set(users.map(({ id }) => id));
  const broken = [
    ...firstTwice(users.map(({ userName }) => userName.toLowerCase())).map((name) => `two people are named ${name}`),
    ...firstTwice(groups.map(({ displayName }) => displayName.toLowerCase())).map(
      (name) => `two groups are named ${name}`,
    ),
  ];
  const inGroups = new Set(groups.flatMap(({ id, members }) => members.map(({ value }: Json) => `${value} ${id}`)));
  const ofUsers = new Set(users.flatMap(({ id, groups: own = [] }) => own.map(({ value }: Json) => `${id} ${value}`)));
  for (const pair of inGroups) {
    if (!ids.has(pair.split(' ')[0])) broken.push(`${pair}: a member who is not there`);
    if (!ofUsers.has(pair)) broken.push(`${pair}: in the group, not with the person`);
  }
  for (const pair of ofUsers) if (!inGroups.has(pair)) broken.push(`${pair}: with the person, not in the group`);
  for (const { id, userName, active, emails = [] } of users) {
    if (typeof userName !== 'string' || userName.trim() === '') broken.push(`${id} has no user name`);
    if (emails.filter(({ primary }: Json) => primary === true).length > 1) broken.push(`${id} has two main addresses`);
    const wanted = active === false ? 'suspended' : 'active';
    const status = await memberOf(id);
    if (status !== wanted) broken.push(`${id} is ${status}, and should be ${wanted}`);
  }
  return broken;
};

const AT_ONCE = 16;
const DRAWN_AT_ONCE = 1000;

/** Sends a body as it is; waits as long as the service asks it to, so that every body is judged. */
const sendPatiently = async (scim: ScimClient, line: string, body: unknown): Promise<ScimAnswer> => {
  for (;;) {
    const answer: ScimAnswer = await scim
      .send(line, body === undefined ? undefined : JSON.stringify(body))
      .catch((error: unknown) => ({ status: 599, headers: {}, body: String(error) }));
    if (answer.status !== 429) return answer;
    await sleep(Number(answer.headers['retry-after']) * 1000);
  }
};

/** Sends so many odd bodies, then looks whether the directory still fits together and the process is up. */
export const fuzzScim = async (options: {
  readonly bodies: number;
  readonly seed?: number;
  readonly databaseUrl?: string | undefined;
  readonly onProgress?: (sent: number) => void;
}): Promise<FuzzReport> => {
  const { bodies, seed = Date.now(), databaseUrl, onProgress = () => undefined } = options;
  const remit = await startRemit({ databaseUrl });
  const statuses: Record<number, number> = {};
  const faults: string[] = [];
  try {
    const scim = await newDirectory(remit);
    const users: string[] = [];
    const groups: string[] = [];
    for (let i = 0; i < 12; i++) users.push((await scim.addUser(`fuzz-${i}`)).id);
    for (let i = 0; i < 4; i++) groups.push((await scim.addGroup(`fuzz-${i}`, users.slice(i, i + 3))).id);
    const arbitrary = request(users, groups);
    let requests: readonly Request[] = [];
    let sent = 0;
    const run = async (): Promise<void> => {
      while (sent < bodies) {
        if (sent % DRAWN_AT_ONCE === 0) requests = fc.sample(arbitrary, { numRuns: DRAWN_AT_ONCE, seed: seed + sent });
        const { line, body } = requests[sent % DRAWN_AT_ONCE] as Request;
        sent += 1;
        if (sent % 5000 === 0) onProgress(sent);
        const answer = await sendPatiently(scim, line, body);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        const isInForm = answer.status < 400 || String(answer.body?.status) === String(answer.status);
        if (answer.status >= 500 || !isInForm)
          faults.push(
            `${line} ${JSON.stringify(body)?.slice(0, 500)} → ${answer.status} ${JSON.stringify(answer.body)}`,
          );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, run));
    const memberOf = async (id: string) =>
      (await remit.call(directory.getUser, { params: { user_id: id } })).status ?? '';
    const broken = await findBroken(scim, memberOf);
    const polluted = Object.hasOwn(Object.prototype, 'x') ? ['the prototype of all objects was changed'] : [];
    return { sent, statuses, faults, broken: [...broken, ...polluted] };
  } finally {
    await remit.stop();
  }
};
