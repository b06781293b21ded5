import { z } from 'zod';
import { section } from '../platform/index.ts';

const ADMIN_KEY_LENGTH_MIN = 16;

const listed = (value: unknown): unknown =>
  typeof value === 'string' ? value.split(',').map((one) => one.trim()) : (value ?? []);

const isOrigin = (text: string): boolean => URL.parse(text)?.origin === text.replace(/\/$/, '');

const origins = z.preprocess(
  listed,
  z.array(z.string().refine(isOrigin, 'is no origin such as https://sso.corp.example')),
);

export const directoryConfig = section('Directory', {
  admin_key: {
    schema: z.string().min(ADMIN_KEY_LENGTH_MIN, `needs at least ${ADMIN_KEY_LENGTH_MIN} characters`).optional(),
    env: 'REMIT_ADMIN_KEY',
    secret: true,
    help: 'An admin key that is accepted from the first start, for set-up without a browser.',
  },
  private_identity_providers: {
    schema: origins,
    env: 'REMIT_PRIVATE_IDENTITY_PROVIDERS',
    help: 'Origins of identity providers inside your network, such as `https://sso.corp.example`; in the variable with commas between them. Others must be on https at a public address, so that an issuer somebody types reaches nothing inside.',
  },
});
