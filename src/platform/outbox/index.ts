export { createDeliverDue, type OpenDelivery, type Sender } from './deliver-due.ts';
export { outboxMigrations } from './migrations.ts';
export { createPostNotice, type NewDelivery, type NewNotice, type PostNotice } from './post-notices.ts';
export { outboxStore, type StoredDelivery, type StoredNotice } from './store.ts';
export type { DeliveryChannel, DeliveryState } from './tables.ts';
