import type { Doer } from '../../kernel/index.ts';

/** An actor as the Compliance API writes one (Compliance API §2.3), and the id to find their activities by. */
export type DescribedActor = {
  readonly id: string | null;
  readonly actor: { readonly type: string; readonly [field: string]: unknown };
};

/** Describes who did something at the time it was done: later changes of an address do not reach back. */
export const describeActor = ({ who, ipAddress, userAgent }: Doer): DescribedActor => {
  const from = { ip_address: ipAddress, user_agent: userAgent };
  switch (who.kind) {
    case 'member':
      return {
        id: who.userId,
        actor: { type: 'user_actor', email_address: who.email, user_id: who.userId, ...from },
      };
    case 'administrator':
      return {
        id: who.credentialId,
        actor: { type: 'admin_api_key_actor', admin_api_key_id: who.credentialId, ...from },
      };
    case 'service':
      return { id: who.credentialId, actor: { type: 'api_actor', api_key_id: who.credentialId, ...from } };
    case 'directory':
      return {
        id: who.directoryId,
        actor: {
          type: 'scim_directory_sync_actor',
          workos_event_id: null,
          directory_id: who.directoryId,
          idp_connection_type: who.connectionType,
        },
      };
    case 'system':
      return { id: null, actor: { type: 'system_actor', service: who.service } };
    case 'anonymous':
    case 'visitor':
      return {
        id: null,
        actor: {
          type: 'unauthenticated_user_actor',
          unauthenticated_email_address: who.kind === 'visitor' ? who.email : null,
          ...from,
        },
      };
    default: {
      const unexpected: never = who;
      return unexpected;
    }
  }
};
