import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ENDPOINTS } from '../../src/main/contract.ts';
import type { AnyEndpoint } from '../../src/platform/contract.ts';
import { errorOf, send } from '../support/http.ts';
import { ADMIN_KEY, ENGINES, type Remit, startRemit } from '../support/remit.ts';
import { newDirectory } from '../support/scim.ts';
import { signedIn } from '../support/workspace-changes.ts';

/** What clients send by mistake or to see what happens, as they write it in an address. */
const ODD = [
  '%00',
  'a%00b',
  '%ED%A0%80',
  '%',
  '-1',
  '9'.repeat(40),
  'page_W10',
  '__proto__',
  '0000-00-00',
  '%E2%80%AE',
];

const TEXTS = ['a\u0000', '\ud83d', '', '9'.repeat(40), '0000-00-00', '__proto__'];
const OTHERS = [null, -1, 1e300, [], {}, ['a\u0000'], [null], true];

type Schema = { readonly properties?: Readonly<Record<string, unknown>> };
const namesIn = (schema: z.ZodType | undefined): readonly string[] =>
  schema === undefined
    ? []
    : Object.keys((z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema).properties ?? {});

describe.each(ENGINES)('on $name', (engine) => {
  let remit: Remit;
  let cookie: string;
  beforeAll(async () => {
    await engine.start();
    remit = await startRemit({ databaseUrl: await engine.databaseUrl() });
    cookie = await signedIn(remit, (await remit.newMember({ role: 'owner' })).id);
  });
  afterAll(async () => {
    await remit.stop();
    await engine.stop();
  });

  const ask = async ({ method, beta, permission }: AnyEndpoint, path: string, body?: unknown): Promise<void> => {
    const key = permission === 'self' ? (await member()).key : ADMIN_KEY;
    const headers = beta === undefined ? {} : { 'anthropic-beta': beta };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await send({ url: remit.url, path, method, key, headers, ...sent });
    const asked = `${method} ${path} ${sent.body ?? ''} ${answer.status}`;
    if (answer.status >= 400) expect([asked, errorOf(answer).message.length > 10]).toEqual([asked, true]);
    expect([asked, answer.status < 500]).toEqual([asked, true]);
  };

  let known: ReturnType<Remit['newMember']> | undefined;
  const member = () => {
    known ??= remit.newMember({ role: 'owner' });
    return known;
  };

  it.each(ENDPOINTS.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    '%s answers whatever it is sent, and never as if Remit were at fault',
    async (_, endpoint) => {
      const at = (odd: string) => endpoint.path.replace(/:\w+/g, odd);
      if (endpoint.path.includes(':')) for (const odd of ODD) await ask(endpoint, at(odd));
      for (const name of namesIn(endpoint.query))
        for (const odd of ODD) await ask(endpoint, `${at('x')}?${name}=${odd}`);
      for (const name of namesIn(endpoint.body))
        for (const value of [...TEXTS, ...OTHERS]) await ask(endpoint, at('x'), { [name]: value });
    },
  );

  it('what stands beside the endpoints does so too', async () => {
    const scim = await newDirectory(remit);
    for (const kind of ['Users', 'Groups', 'Schemas', ''])
      for (const odd of ODD)
        for (const method of ['GET', 'DELETE'])
          expect([odd, (await scim.send(`${method} /${kind}/${odd}`)).status < 500]).toEqual([odd, true]);
    for (const odd of [...ODD, 'x%0d%0aa:b', '%E8%AF%AD'])
      for (const [method, page] of [
        ['GET', 'begin'],
        ['GET', 'test'],
        ['POST', 'backchannel_logout'],
      ] as const) {
        const path = `/v1/session/providers/${odd}/${page}`;
        const { status } = await send({
          url: remit.url,
          path,
          method,
          headers: { cookie },
          body: 'logout_token=a.b.c',
        });
        expect([path, status < 500]).toEqual([path, true]);
      }
  });
});
