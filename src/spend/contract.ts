export * from './increase-requests/contract.ts';
export * from './ledger/contract.ts';
export * from './limits/contract.ts';
export * from './limits/prepaid/contract.ts';
export * from './notices/contract.ts';
export * from './prices/contract.ts';
export * from './rates/contract.ts';
export * from './reports/contract.ts';
