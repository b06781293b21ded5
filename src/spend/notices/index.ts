export type { Crossing } from './crossing.ts';
export { type Notices, openNotices } from './open-notices.ts';
export { noticeRoutes } from './routes.ts';
