export * from './sign-in/contract.ts';
