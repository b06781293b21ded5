import { createRecordDeeds } from '../../../activity/index.ts';
import { createLog, type Database } from '../../../platform/index.ts';
import { BY_TEST, openDirectory } from '../../testing/open-directory.ts';
import { createDirectory } from '../directories/manage-directory.ts';
import { createHandleScim } from '../http/handle.ts';

/** The directory on an empty database with the SCIM service before it, without a socket. The guard is off. */
export const openScim = async (
  database: Database,
  domains: readonly string[] = [],
  afterChange = async (): Promise<void> => undefined,
) => {
  const opened = await openDirectory(database);
  const handle = createHandleScim({
    ...opened.deps,
    recordDeeds: createRecordDeeds(opened.deps),
    log: createLog('silent'),
    publicUrl: () => 'https://remit.test',
    afterChange,
  });
  const settings = { name: 'D', mode: 'live' as const, authoritative_domains: domains, removal_share_percent: 100 };
  const { directory, token } = await createDirectory(opened.deps)(settings, BY_TEST);
  return {
    ...opened,
    directory,
    /** Sends `POST /Users` as the identity provider; answers status and body. */
    scim: async (line: string, body?: unknown) => {
      const [method = 'GET', path = ''] = line.split(' ');
      const response = await handle(
        new Request(`https://remit.test/scim/v2${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
        null,
      );
      const text = await response.text();
      return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
    },
  };
};
