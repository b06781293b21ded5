import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, END, messageJson, START, STREAM_HEADERS, textDelta } from '../support/messages.ts';
import { access, gateway, type RemitProcess, startRemitProcess } from '../support/remit.ts';
import { openUpstreamServer } from '../support/upstreams.ts';

/** What many kills have shown. `lost` and `open` name requests and must be empty. */
export type KillReport = {
  readonly kills: number;
  /** Requests sent, and among them those whose answer had begun to arrive. */
  readonly sent: number;
  readonly seen: number;
  /** Streams and whole answers that a kill cut off after their first byte. */
  readonly cut: number;
  readonly rows: number;
  readonly interrupted: number;
  /** Seen by a client, but without a row. */
  readonly lost: readonly string[];
  /** With a row, but without usage after the restart. */
  readonly open: readonly string[];
};

export type KillOptions = {
  readonly kills: number;
  readonly clients?: number;
  /** Hears of each restart. */
  readonly onKill?: (done: number, soFar: { readonly seen: number; readonly cut: number }) => void;
};

const UPTIME_MS = { least: 150, most: 1150 };

/** Small answers at once and streams of a few hundred milliseconds. */
const startUpstream = () =>
  openUpstreamServer(async ({ body }, response) => {
    if (!body.includes('"stream":true')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(messageJson());
      return;
    }
    response.writeHead(200, STREAM_HEADERS);
    response.write(START);
    for (let i = 0; i < 20 && !response.destroyed; i++) {
      response.write(textDelta(`part ${i} of an answer `));
      await sleep(Math.random() * 20);
    }
    response.end(END);
  });

/** Every third streams, every tenth is refused; the rest are whole answers. */
const bodyFor = (index: number): string => {
  if (index % 10 === 9) return bodyOf({ model: 'claude-opus-5' });
  return bodyOf({ stream: index % 3 === 0 });
};

type Load = { sent: number; cut: number; readonly seen: Set<string> };

/** One request; notes its id the moment the head of an answer arrives. Never rejects: the kill breaks connections. */
const sendOne = (load: Load, target: { url: string; key: string; agent: Agent }): Promise<void> =>
  new Promise((resolve) => {
    const body = bodyFor(load.sent);
    load.sent += 1;
    const request = httpRequest(`${target.url}/v1/messages`, {
      method: 'POST',
      agent: target.agent,
      headers: { 'x-api-key': target.key, 'content-type': 'application/json', 'content-length': body.length },
    });
    request.on('response', (response) => {
      load.seen.add(String(response.headers['request-id']));
      response.resume();
      response.on('error', () => {});
      response.on('close', () => {
        if (!response.complete) load.cut += 1;
        resolve();
      });
    });
    request.on('error', () => resolve());
    request.end(body);
  });

/** Loads a process with clients until it is killed at a random moment. */
const loadUntilKilled = async (
  remit: RemitProcess,
  key: string,
  run: { load: Load; clients: number },
): Promise<void> => {
  let isKilled = false;
  const agent = new Agent({ keepAlive: true });
  const client = async () => {
    while (!isKilled) await sendOne(run.load, { url: remit.url, key, agent });
  };
  const clients = Array.from({ length: run.clients }, client);
  await sleep(UPTIME_MS.least + Math.random() * (UPTIME_MS.most - UPTIME_MS.least));
  isKilled = true;
  await remit.kill();
  await Promise.all(clients);
  agent.destroy();
};

const readAll = async ({ call }: RemitProcess): Promise<readonly gateway.Decision[]> => {
  const all: gateway.Decision[] = [];
  for (let after: string | undefined; ; ) {
    const page = await call(gateway.listDecisions, {
      query: { limit: 1000, ...(after === undefined ? {} : { after_id: after }) },
    });
    all.push(...page.data);
    if (!page.has_more || page.last_id === null) return all;
    after = page.last_id;
  }
};

/**
 * Kills the program again and again (SIGKILL, at random moments, under load) on one data folder, starts it anew each time
 * and then looks whether every answer a client saw the beginning of has its row, and every forwarded request its usage.
 */
export const proveKills = async ({ kills, clients = 16, onKill }: KillOptions): Promise<KillReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'remit-kill-'));
  const upstream = await startUpstream();
  const start = () => startRemitProcess({ folder, upstreamUrl: upstream.url });
  const load: Load = { sent: 0, cut: 0, seen: new Set() };
  let remit = await start();
  try {
    await remit.allowAll();
    const { key } = await remit.newMember();
    await remit.call(access.setModelAccess, { params: { model: 'claude-opus-5' }, body: { enabled: false } });
    for (let done = 1; done <= kills; done++) {
      await loadUntilKilled(remit, key, { load, clients });
      remit = await start();
      onKill?.(done, { seen: load.seen.size, cut: load.cut });
    }
    const rows = await readAll(remit);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return {
      kills,
      sent: load.sent,
      seen: load.seen.size,
      cut: load.cut,
      rows: rows.length,
      interrupted: rows.filter(({ outcome }) => outcome === 'interrupted').length,
      lost: [...load.seen].filter((id) => !byId.has(id)),
      open: rows.filter(({ effect, usage }) => effect !== 'deny' && usage === null).map(({ id }) => id),
    };
  } finally {
    await remit.stop();
    await upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
