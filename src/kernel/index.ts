export { EFFORTS, type Effort, effortRank, higherEffort, highestWithin, isEffort, lowerEffort } from './effort.ts';
export { createNewId, ID_PREFIXES, type IdKind, type NewId } from './ids.ts';
export { formatUsd, type Micros, MICROS_PER_USD } from './money.ts';
export { Refusal, type RefusalCode, type RefusalDetails } from './refusal.ts';
