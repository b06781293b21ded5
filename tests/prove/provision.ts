import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../support/http.ts';
import { answerWell, bodyOf } from '../support/messages.ts';
import { type Remit, startRemitProcess } from '../support/remit.ts';
import { newDirectory, type ScimClient } from '../support/scim.ts';
import { openUpstreamServer } from '../support/upstreams.ts';

/** What a sync of a whole company cost, and what the members who worked meanwhile felt of it. */
export type ProvisionReport = {
  readonly users: number;
  readonly groupMembers: number;
  readonly usersSeconds: number;
  readonly groupSeconds: number;
  readonly usersPerSecond: number;
  /** A PATCH of one member in the full group, in ms: the median of twenty. */
  readonly onePatchMs: number;
  /** A page of a hundred at the end of the list, in ms: the median of ten. */
  readonly lastPageMs: number;
  /** All members of the group in one answer, in ms. */
  readonly wholeGroupMs: number;
  /** Messages requests of another member while the sync ran: how long they took, in ms. */
  readonly gateway: {
    readonly count: number;
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
    readonly failed: number;
  };
  /** Whether all people and all members are there at the end. */
  readonly isComplete: boolean;
};

export type ProvisionOptions = {
  readonly users: number;
  readonly groupMembers: number;
  readonly databaseUrl?: string | undefined;
  readonly onProgress?: (text: string) => void;
};

/** So many requests of the identity provider are under way at a time. */
const AT_ONCE = 8;

/** People per PATCH, as Entra ID sends them at most. */
const MEMBERS_PER_PATCH = 500;

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const median = (values: readonly number[]): number =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

/** Runs `work` for 0 … count−1, so many at a time. */
const inParallel = async (count: number, work: (at: number) => Promise<void>): Promise<void> => {
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < count) {
      const at = next;
      next += 1;
      await work(at);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
};

/** A member who asks a model again and again until told to stop. */
const startWorking = (remit: Remit, key: string) => {
  const agent = new Agent({ keepAlive: true });
  const times: number[] = [];
  let failed = 0;
  let isOver = false;
  const work = async (): Promise<void> => {
    while (!isOver) {
      const startedAt = performance.now();
      const { status } = await send({ url: remit.url, key, body: bodyOf(), agent });
      times.push(performance.now() - startedAt);
      if (status !== 200) failed += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const working = work();
  return async () => {
    isOver = true;
    await working;
    agent.destroy();
    const sorted = times.sort((a, b) => a - b);
    return {
      count: sorted.length,
      p50: quantile(sorted, 0.5),
      p99: quantile(sorted, 0.99),
      max: sorted.at(-1) ?? 0,
      failed,
    };
  };
};

/** Sends as identity providers do: when it is told to wait, it waits. */
const sendPatiently = async (scim: ScimClient, line: string, body: object) => {
  for (;;) {
    const answer = await scim.send(line, body);
    if (answer.status !== 429) return answer;
    await sleep(Number(answer.headers['retry-after'] ?? 1) * 1000);
  }
};

const addPeople = async (
  scim: ScimClient,
  count: number,
  onProgress: (text: string) => void,
): Promise<readonly string[]> => {
  const ids: string[] = new Array(count);
  await inParallel(count, async (at) => {
    const userName = `person-${at}@company.example`;
    const { status, body } = await sendPatiently(scim, 'POST /Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName,
      externalId: `ext-${at}`,
      displayName: `Person ${at}`,
      name: { givenName: 'Person', familyName: `No. ${at}` },
      emails: [{ value: userName, type: 'work', primary: true }],
      active: true,
    });
    if (status !== 201) throw new Error(`A person was answered with ${status}`);
    ids[at] = body.id;
    if ((at + 1) % 5000 === 0) onProgress(`${at + 1} people`);
  });
  return ids;
};

const fillGroup = async (scim: ScimClient, groupId: string, ids: readonly string[]): Promise<void> => {
  for (let at = 0; at < ids.length; at += MEMBERS_PER_PATCH) {
    const value = ids.slice(at, at + MEMBERS_PER_PATCH).map((id) => ({ value: id }));
    const { status } = await scim.send(`PATCH /Groups/${groupId}`, {
      Operations: [{ op: 'add', path: 'members', value }],
    });
    if (status >= 300) throw new Error(`Members were answered with ${status}`);
  }
};

/** Provisions a company into a Remit of its own while one of its members works, and measures both. */
export const proveProvisioning = async (options: ProvisionOptions): Promise<ProvisionReport> => {
  const { users, groupMembers, databaseUrl, onProgress = () => undefined } = options;
  const upstream = await openUpstreamServer(answerWell);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const remit = await startRemitProcess({ upstreamUrl: upstream.url, databaseUrl });
  try {
    await remit.allowAll();
    const { key } = await remit.newMember();
    const scim = await newDirectory(remit, { agent });
    const stopWorking = startWorking(remit, key);
    let ids: readonly string[] = [];
    const usersMs = await timed(async () => {
      ids = await addPeople(scim, users, onProgress);
    });
    const group = await scim.addGroup('Everybody');
    const groupMs = await timed(() => fillGroup(scim, group.id, ids.slice(0, groupMembers)));
    onProgress(`${groupMembers} members in one group`);
    const gateway = await stopWorking();
    const patches: number[] = [];
    for (const id of ids.slice(0, 20)) {
      const operation = { op: 'remove', path: `members[value eq "${id}"]` };
      patches.push(await timed(() => scim.send(`PATCH /Groups/${group.id}`, { Operations: [operation] })));
      await scim.send(`PATCH /Groups/${group.id}`, { Operations: [{ op: 'add', path: 'members', value: id }] });
    }
    const pages: number[] = [];
    for (let i = 0; i < 10; i++)
      pages.push(await timed(() => scim.send(`GET /Users?startIndex=${Math.max(1, users - 100)}&count=100`)));
    const total = (await scim.send('GET /Users?count=0')).body.totalResults;
    let inGroup = 0;
    const wholeGroupMs = await timed(async () => {
      inGroup = (await scim.send(`GET /Groups/${group.id}`)).body.members.length;
    });
    return {
      users,
      groupMembers,
      usersSeconds: usersMs / 1000,
      groupSeconds: groupMs / 1000,
      usersPerSecond: (users / usersMs) * 1000,
      onePatchMs: median(patches),
      lastPageMs: median(pages),
      wholeGroupMs,
      gateway,
      isComplete: total === users && inGroup === groupMembers,
    };
  } finally {
    agent.destroy();
    await remit.stop();
    await upstream.close();
  }
};
