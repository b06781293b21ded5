import { createClient } from '../../platform/contract.ts';

/** Calls one of the server's endpoints with the session cookie; throws `ApiError` for every answer but 2xx. */
export const call = createClient({});
