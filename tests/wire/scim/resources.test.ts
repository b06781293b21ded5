import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Remit, startRemit } from '../../support/remit.ts';
import { newDirectory, type ScimClient } from '../../support/scim.ts';

/** The protocol itself (RFC 7643, 7644, 9865), on a real socket. */

let remit: Remit;
let scim: ScimClient;
beforeAll(async () => {
  remit = await startRemit();
  scim = await newDirectory(remit);
});
afterAll(() => remit.stop());

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const patch = (...operations: readonly object[]) => ({ schemas: [PATCH], Operations: operations });

describe('a person', () => {
  test('is created, read, replaced, patched and deleted, each with its ETag and address', async () => {
    const made = await scim.send('POST /Users', {
      userName: 'ada',
      emails: [{ value: 'ada@example.com', primary: true }],
    });
    expect(made.status).toBe(201);
    expect(made.headers['content-type']).toBe('application/scim+json');
    const { id, meta } = made.body;
    expect(made.body).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'ada',
      active: true,
      emails: [{ value: 'ada@example.com', primary: true }],
    });
    expect(meta).toMatchObject({
      resourceType: 'User',
      location: `${remit.url}/scim/v2/Users/${id}`,
      version: 'W/"1"',
    });
    expect(made.headers).toMatchObject({ etag: 'W/"1"', location: meta.location });

    const read = await scim.send(`GET /Users/${id}`);
    expect(read).toMatchObject({ status: 200, body: made.body });
    expect((await scim.send(`GET /Users/${id}`, undefined, { 'if-none-match': 'W/"1"' })).status).toBe(304);

    const replaced = await scim.send(`PUT /Users/${id}`, {
      id,
      userName: 'ada',
      title: 'Countess',
      emails: made.body.emails,
    });
    expect(replaced).toMatchObject({
      status: 200,
      body: { title: 'Countess', active: true, meta: { version: 'W/"2"' } },
    });
    const same = await scim.send(`PUT /Users/${id}`, {
      id,
      userName: 'ada',
      title: 'Countess',
      emails: made.body.emails,
    });
    expect(same.body.meta).toEqual(replaced.body.meta);

    const patched = await scim.send(
      `PATCH /Users/${id}`,
      patch({ op: 'replace', path: 'name.givenName', value: 'Ada' }),
    );
    expect(patched).toMatchObject({ status: 200, body: { name: { givenName: 'Ada' }, meta: { version: 'W/"3"' } } });
    const minimal = await scim.send(`PATCH /Users/${id}`, patch({ op: 'remove', path: 'title' }), {
      prefer: 'return=minimal',
    });
    expect([minimal.status, minimal.body, minimal.headers.etag]).toEqual([204, undefined, 'W/"4"']);

    expect((await scim.send(`DELETE /Users/${id}`)).status).toBe(204);
    for (const line of [`GET /Users/${id}`, `DELETE /Users/${id}`]) expect((await scim.send(line)).status).toBe(404);
    for (const line of [`PUT /Users/${id}`, `PATCH /Users/${id}`])
      expect((await scim.send(line, { ...patch({ op: 'remove', path: 'title' }), userName: 'x' })).status).toBe(404);
  });

  test('is changed only in the version that If-Match names', async () => {
    const { id } = await scim.addUser('versioned');
    const wrong = { 'if-match': 'W/"7"' };
    const change = patch({ op: 'replace', path: 'title', value: 'x' });
    for (const [line, body] of [
      [`PATCH /Users/${id}`, change],
      [`PUT /Users/${id}`, { userName: 'versioned', title: 'x' }],
      [`DELETE /Users/${id}`, undefined],
    ] as const) {
      const refused = await scim.send(line, body, wrong);
      expect(refused).toMatchObject({ status: 412, body: { status: '412' } });
    }
    expect((await scim.send(`GET /Users/${id}`)).body.meta.version).toBe('W/"1"');
    expect((await scim.send(`PATCH /Users/${id}`, change, { 'if-match': 'W/"1"' })).status).toBe(200);
  });

  test('has a user name of their own, whatever its case', async () => {
    await scim.addUser('Unique');
    const twice = await scim.send('POST /Users', { userName: 'uNIQUE' });
    expect(twice).toMatchObject({ status: 409, body: { status: '409', scimType: 'uniqueness' } });
    const { id } = await scim.addUser('other');
    expect((await scim.send(`PUT /Users/${id}`, { userName: 'UNIQUE' })).status).toBe(409);
    expect(
      (await scim.send(`PATCH /Users/${id}`, patch({ op: 'replace', path: 'userName', value: 'unique' }))).status,
    ).toBe(409);
    expect((await scim.send(`GET /Users/${id}`)).body).toMatchObject({ userName: 'other', meta: { version: 'W/"1"' } });
  });

  test('shows the groups they are in, and only those attributes that are asked for', async () => {
    const { id } = await scim.addUser('grouped', { name: { givenName: 'G' } });
    const group = await scim.addGroup('Shown', [id]);
    expect((await scim.send(`GET /Users/${id}`)).body.groups).toEqual([
      { value: group.id, $ref: group.meta.location, display: 'Shown' },
    ]);
    const keys = async (query: string) => Object.keys((await scim.send(`GET /Users/${id}?${query}`)).body).sort();
    expect(await keys('attributes=userName')).toEqual(['id', 'schemas', 'userName']);
    expect(await keys('attributes=groups,name.familyName')).toEqual(['groups', 'id', 'name', 'schemas']);
    expect(await keys('excludedAttributes=groups,meta,name,active')).toEqual(['id', 'schemas', 'userName']);
    const patched = await scim.send(
      `PATCH /Users/${id}?attributes=title`,
      patch({ op: 'add', path: 'title', value: 'T' }),
      { prefer: 'return=minimal' },
    );
    expect(patched).toMatchObject({ status: 200, body: { title: 'T' } });
    expect(Object.keys(patched.body).sort()).toEqual(['id', 'schemas', 'title']);
  });
});

describe('a list', () => {
  let own: ScimClient;
  beforeAll(async () => {
    own = await newDirectory(remit);
    for (const name of ['delta', 'alpha', 'Charlie', 'bravo', 'echo'])
      await own.addUser(`list-${name}`, { title: name, emails: [{ value: `${name}@list.example`, type: 'work' }] });
  });
  const names = (body: { Resources: { title: string }[] }) => body.Resources.map(({ title }) => title);

  test('is a success without results', async () => {
    const { status, body } = await own.send('GET /Users?filter=userName%20eq%20%22nobody%22');
    expect([status, body]).toEqual([
      200,
      {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: 0,
        startIndex: 1,
        itemsPerPage: 0,
        Resources: [],
      },
    ]);
  });

  test.each([
    ['', 5, ['delta', 'alpha', 'Charlie', 'bravo', 'echo'], 1],
    ['?startIndex=2&count=2', 5, ['alpha', 'Charlie'], 2],
    ['?startIndex=0&count=1', 5, ['delta'], 1],
    ['?count=0', 5, [], 1],
    ['?count=-3', 5, [], 1],
    ['?startIndex=6', 5, [], 6],
    ['?sortBy=title', 5, ['alpha', 'bravo', 'Charlie', 'delta', 'echo'], 1],
    ['?sortBy=emails.value&sortOrder=descending&count=2', 5, ['echo', 'delta'], 1],
    [
      `?filter=${encodeURIComponent('title sw "c" or emails[type eq "work" and value sw "ECHO"]')}`,
      2,
      ['Charlie', 'echo'],
      1,
    ],
    [`?filter=${encodeURIComponent('not (title gt "bravo")')}&aadOptscim062020`, 2, ['alpha', 'bravo'], 1],
  ])('/Users%s', async (query, totalResults, wanted, startIndex) => {
    const { body } = await own.send(`GET /Users${query}`);
    expect(names(body)).toEqual(wanted);
    expect(body).toMatchObject({ totalResults, startIndex, itemsPerPage: wanted.length });
  });

  test('goes on from a cursor to the end, sorted or not', async () => {
    for (const sort of ['', '&sortBy=title']) {
      const read: string[] = [];
      let cursor: string | undefined = '';
      let pages = 0;
      while (cursor !== undefined) {
        const { body }: { body: { nextCursor?: string; totalResults: number; Resources: { title: string }[] } } =
          await own.send(`GET /Users?count=2&cursor=${cursor}${sort}`);
        expect(body.totalResults).toBe(5);
        read.push(...names(body));
        cursor = body.nextCursor;
        pages += 1;
      }
      expect([pages, read.length, new Set(read).size]).toEqual([3, 5, 5]);
    }
    const { nextCursor } = (await own.send('GET /Users?count=2&cursor=')).body;
    expect(nextCursor).toMatch(/^[\w.~-]+$/);
    for (const [line, scimType] of [
      [`GET /Groups?cursor=${nextCursor}`, 'invalidCursor'],
      [`GET /Users?cursor=${nextCursor}&filter=title%20pr`, 'invalidCursor'],
      ['GET /Users?cursor=x', 'invalidCursor'],
      ['GET /Users?cursor=&count=x', 'invalidCount'],
    ] as const)
      expect((await own.send(line)).body).toMatchObject({ status: '400', scimType });
    expect((await scim.send(`GET /Users?cursor=${nextCursor}`)).body.scimType).toBe('invalidCursor');
  });

  test('is searched by POST, under one type or over all', async () => {
    const group = await own.addGroup('list-group');
    const search = {
      filter: 'title sw "a" or title sw "b"',
      sortBy: 'title',
      attributes: ['title'],
      count: 1,
      startIndex: 2,
    };
    const { body } = await own.send('POST /Users/.search', search);
    expect(body).toMatchObject({ totalResults: 2, startIndex: 2, Resources: [{ title: 'bravo' }] });
    expect(Object.keys(body.Resources[0]).sort()).toEqual(['id', 'schemas', 'title']);
    const all = await own.send('POST /.search', {
      filter: 'meta.resourceType eq "Group" or title eq "delta"',
      attributes: 'displayName',
    });
    expect(all.body).toMatchObject({ totalResults: 2 });
    const both = await own.send('POST /.search', { filter: 'displayName pr', startIndex: 1, count: 10 });
    expect(both.body.Resources.map(({ id }: { id: string }) => id)).toEqual([group.id]);
    const whole = await own.send('GET /?startIndex=5&count=2');
    expect(whole.body.Resources.map(({ meta }: { meta: { resourceType: string } }) => meta.resourceType)).toEqual([
      'User',
      'Group',
    ]);
    expect((await own.send('POST /.search', { filter: 'shoeSize eq 1' })).body.scimType).toBe('invalidFilter');
  });

  test('does not show another directory’s people, nor lets them be touched', async () => {
    const { id } = await scim.addUser('elsewhere');
    expect((await own.send(`GET /Users?filter=${encodeURIComponent(`id eq "${id}"`)}`)).body.totalResults).toBe(0);
    for (const line of [`GET /Users/${id}`, `DELETE /Users/${id}`]) expect((await own.send(line)).status).toBe(404);
    const group = await own.addGroup('Own');
    const added = await own.send(
      `PATCH /Groups/${group.id}`,
      patch({ op: 'add', path: 'members', value: [{ value: id }] }),
    );
    expect(added).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
  });
});
