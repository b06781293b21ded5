import { type Route, route } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { memberStore } from '../members/store.ts';
import { oneselfOf } from '../sign-in/sessions/routes.ts';
import { notFound, toWireTime } from '../wire.ts';
import * as contract from './contract.ts';
import { endGrant } from './end-grants.ts';
import { deviceGrantStore, type StoredGrant } from './store.ts';

/** Binds what people do with the devices they are signed in on, and administrators with those of others. */
export const deviceGrantRoutes = (deps: DirectoryDeps): readonly Route[] => {
  const list = async (userId: string) => {
    const grants = await deviceGrantStore(deps.database).listOf(userId, deps.now());
    return { data: grants.map(toWire) };
  };
  return [
    route(contract.listMyDevices, ({ actor }) => list(oneselfOf(actor).userId)),
    route(contract.endMyDevice, async ({ actor, params, by }) => {
      await endGrant(deps)(oneselfOf(actor).userId, params.device_id, by);
      return { type: 'device_ended' as const, id: params.device_id };
    }),
    route(contract.listUserDevices, async ({ params }) => {
      const member = await memberStore(deps.database).findPresent(params.user_id);
      if (member === undefined) throw notFound('member', params.user_id);
      return list(member.id);
    }),
    route(contract.endUserDevice, async ({ params, by }) => {
      await endGrant(deps)(params.user_id, params.device_id, by);
      return { type: 'device_ended' as const, id: params.device_id };
    }),
  ];
};

const toWire = (grant: StoredGrant): contract.Device => ({
  id: grant.id,
  type: 'device',
  name: grant.name,
  signed_in_at: toWireTime(grant.created_at),
  last_renewed_at: toWireTime(grant.renewed_at),
  expires_at: toWireTime(grant.expires_at),
  ip_address: grant.ip_address,
  user_agent: grant.user_agent,
});
