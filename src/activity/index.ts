export { forgetOldActivities } from './forget-old.ts';
export { activityMigrations } from './migrations.ts';
export { createRecordActivity, type RecordActivity } from './record-activity.ts';
export { activityRoutes } from './routes.ts';
export type { ActivityType, NewActivity, Update } from './rules/vocabulary.ts';
