import type { Route } from '../platform/index.ts';
import type { SpendDeps } from './deps.ts';
import { exportRoutes } from './exports/routes.ts';
import { requestRoutes } from './increase-requests/routes.ts';
import { ledgerRoutes } from './ledger/routes.ts';
import { prepaidRoutes } from './limits/prepaid/routes.ts';
import { limitRoutes } from './limits/routes.ts';
import { rateRoutes } from './rates/routes.ts';
import { reportRoutes } from './reports/routes.ts';

/** Every endpoint of the room, bound. */
export const spendRoutes = (deps: SpendDeps): readonly Route[] => [
  ...exportRoutes(deps),
  ...limitRoutes(deps),
  ...prepaidRoutes(deps),
  ...requestRoutes(deps),
  ...ledgerRoutes(deps),
  ...rateRoutes(deps),
  ...reportRoutes(deps),
];
