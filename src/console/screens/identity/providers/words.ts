import type { IdentityProvider } from '../../../../directory/contract.ts';

type Choice = { readonly label: string; readonly meaning: string };

/** How people become members, in words. */
export const PROVISIONING: Readonly<Record<IdentityProvider['provisioning'], Choice>> = {
  invite_only: { label: 'Added by hand', meaning: 'Only members whom somebody has added can sign in.' },
  jit: {
    label: 'At first sign-in',
    meaning: 'Whoever has a verified address of the domains becomes a member with the role User.',
  },
  jit_mappings: {
    label: 'At sign-in, by groups',
    meaning:
      'Whoever has a verified address of the domains and is in a mapped group; role and groups follow the mappings at every sign-in.',
  },
  scim: {
    label: 'By the directory (SCIM)',
    meaning: 'Only people whom the SCIM directory has provisioned and not deactivated can sign in.',
  },
};

/** What links an account to a member at its first sign-in, in words. */
export const LINK_BY: Readonly<Record<IdentityProvider['link_by'], string>> = {
  email: 'The verified e-mail address',
  scim_external_id: 'The external id of the SCIM directory',
  scim_user_name: 'The user name of the SCIM directory',
  nothing: 'Nothing: existing members are not linked',
};
