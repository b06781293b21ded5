export * from './limits/contract.ts';
export * from './reports/contract.ts';
