export * from './limits/contract.ts';
