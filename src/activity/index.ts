export { forgetOldActivities } from './forget-old.ts';
export { activityMigrations } from './migrations.ts';
export {
  createRecordActivity,
  createRecordDeeds,
  type Deed,
  type RecordActivity,
  type RecordDeeds,
} from './record-activity.ts';
export { activityRoutes } from './routes.ts';
export type { ActivityType, NewActivity, Update } from './rules/vocabulary.ts';
