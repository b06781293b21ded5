import * as directory from '../../src/directory/contract.ts';
import type { MakeChange } from './changes.ts';
import type { Organisation } from './organisation.ts';
import { newDirectory, type ScimClient } from './scim.ts';

let count = 0;
const name = (what: string): string => {
  count += 1;
  return `${what}-${process.pid}-${count}`;
};

const paramsOf = ({ id }: ScimClient) => ({ directory_id: id });

const withGroup = async (at: Organisation) => {
  const scim = await newDirectory(at, { name: name('directory') });
  const { id } = await scim.addGroup(name('group'));
  return { params: paramsOf(scim), groupId: id as string };
};

/** A directory in which a second removal waits for approval. */
const withHeldRemoval = async (at: Organisation) => {
  const scim = await newDirectory(at, { name: name('directory'), share: 0 });
  for (const one of ['a', 'b']) {
    const { id } = await scim.addUser(name(one));
    await scim.send(`DELETE /Users/${id}`);
  }
  return { params: paramsOf(scim), body: {} };
};

/** One call of each change of a directory. */
export const DIRECTORY_CHANGES: Readonly<Record<string, MakeChange>> = {
  'POST /v1/organizations/directories': async () => ({ body: { name: name('directory'), kind: 'scim' } }),
  'POST /v1/organizations/directories/:directory_id': async (at) => ({
    params: paramsOf(await newDirectory(at, { name: name('directory') })),
    body: { mode: 'preview' },
  }),
  'DELETE /v1/organizations/directories/:directory_id': async (at) => ({
    params: paramsOf(await newDirectory(at, { name: name('directory') })),
  }),
  'POST /v1/organizations/directories/:directory_id/tokens': async (at) => ({
    params: paramsOf(await newDirectory(at, { name: name('directory') })),
    body: {},
  }),
  'DELETE /v1/organizations/directories/:directory_id/tokens/:token_id': async (at) => {
    const { id } = await newDirectory(at, { name: name('directory') });
    const { data } = await at.call(directory.listDirectoryTokens, { params: { directory_id: id } });
    return { params: { directory_id: id, token_id: data[0]?.id ?? '' } };
  },
  'POST /v1/organizations/directories/:directory_id/mappings': async (at) => {
    const { params, groupId } = await withGroup(at);
    return { params, body: { rbac_group_id: groupId, kind: 'organization_role', value: 'managed' } };
  },
  'DELETE /v1/organizations/directories/:directory_id/mappings/:mapping_id': async (at) => {
    const { params, groupId } = await withGroup(at);
    const body = { rbac_group_id: groupId, kind: 'seat_type' as const, value: 'standard' };
    const { id } = await at.callNow(directory.addDirectoryMapping, { params, body });
    return { params: { ...params, mapping_id: id } };
  },
  'POST /v1/organizations/directories/:directory_id/sync': async (at) => ({
    params: paramsOf(await newDirectory(at, { name: name('directory') })),
    body: {},
  }),
  'POST /v1/organizations/directories/:directory_id/removals/approve': withHeldRemoval,
  'POST /v1/organizations/directories/:directory_id/removals/reject': withHeldRemoval,
};
