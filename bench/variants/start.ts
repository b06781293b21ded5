import { startDirect } from './direct.ts';
import { startFloor } from './floor.ts';
import { startNginx } from './nginx.ts';
import { startPortkey } from './portkey.ts';
import { startRemit, startRemitFewRoles, startRemitManyRoles, startRemitWithLimits } from './remit.ts';
import type { StartVariant, VariantName } from './variant.ts';

/** How each variant is started. */
export const STARTERS: Readonly<Record<VariantName, StartVariant>> = {
  direct: startDirect,
  nginx: startNginx,
  floor: startFloor,
  remit: startRemit,
  'remit-few': startRemitFewRoles,
  'remit-many': startRemitManyRoles,
  'remit-limits': startRemitWithLimits,
  portkey: startPortkey,
};
