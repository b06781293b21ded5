import { type ChangePolicy, changeInTurn } from '../../directory/index.ts';
import type { Database } from '../../platform/index.ts';
import type { CapabilityOverrides } from '../rules/capabilities.ts';
import { capabilityStore } from './store.ts';

/** Takes over which capabilities the configuration forces on or off; without a change it does nothing. */
export const acceptCapabilityOverrides =
  ({ database, changePolicy }: { readonly database: Database; readonly changePolicy: ChangePolicy }) =>
  (overrides: CapabilityOverrides): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const store = capabilityStore(sql);
      const { capabilityOverrides: before } = await store.readCeiling();
      const isSame = before.size === overrides.size && [...overrides].every(([one, how]) => before.get(one) === how);
      if (isSame) return;
      await store.writeOverrides(overrides);
      await changePolicy(sql, { entity: 'capabilities', id: 'all' });
    });
