import { type Route, route } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import * as contract from './contract.ts';
import { settingsStore } from './store.ts';
import { updateSettings } from './update-settings.ts';

/** Binds the organisation's rules of signing in. */
export const settingsRoutes = (deps: DirectoryDeps): readonly Route[] => {
  const describe = async (): Promise<contract.SignInSettings> => {
    const store = settingsStore(deps.database);
    const settings = await store.read();
    return { type: 'sign_in_settings', ...settings, break_glass_user_ids: [...(await store.breakGlassIds())] };
  };
  return [
    route(contract.getSignInSettings, describe),
    route(contract.updateSignInSettings, async ({ body, by }) => {
      await updateSettings(deps)(body, by);
      return describe();
    }),
  ];
};
