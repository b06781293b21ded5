export * from './api-keys/contract.ts';
export * from './groups/contract.ts';
export * from './invites/contract.ts';
export * from './members/contract.ts';
export * from './roles/contract.ts';
export * from './scim/contract.ts';
export * from './sign-in/contract.ts';
export * from './workspaces/contract.ts';
