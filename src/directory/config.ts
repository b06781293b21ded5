import { z } from 'zod';
import { section } from '../platform/index.ts';

const ADMIN_KEY_LENGTH_MIN = 16;

export const directoryConfig = section('Directory', {
  admin_key: {
    schema: z.string().min(ADMIN_KEY_LENGTH_MIN, `needs at least ${ADMIN_KEY_LENGTH_MIN} characters`).optional(),
    env: 'REMIT_ADMIN_KEY',
    secret: true,
    help: 'An admin key that is accepted from the first start, for set-up without a browser.',
  },
});
