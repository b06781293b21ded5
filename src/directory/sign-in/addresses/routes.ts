import { type Route, route } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { allowListStore } from './allow-list.ts';
import { changeAllowList } from './change-allow-list.ts';
import * as contract from './contract.ts';

/** Binds the list of allowed addresses. */
export const addressRoutes = (deps: DirectoryDeps): readonly Route[] => {
  const describe = async (address: string | null): Promise<contract.IpAllowList> => {
    const { entries, surfaces } = await allowListStore(deps.database).read();
    return { type: 'ip_allow_list', entries: [...entries], surfaces: [...surfaces], your_address: address };
  };
  return [
    route(contract.getIpAllowList, ({ by }) => describe(by.ipAddress)),
    route(contract.setIpAllowList, async ({ body, by }) => {
      const { force, ...wanted } = body;
      await changeAllowList(deps)(wanted, { force, by });
      return describe(by.ipAddress);
    }),
  ];
};
