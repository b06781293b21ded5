import { queryOptions } from '@tanstack/react-query';
import { getNoticeSettings, listNoticeChannels, listNotices } from '../../spend/contract.ts';
import { call } from './client.ts';

/** Whom the organisation tells of spend, and whether e-mail can be sent. */
export const noticeSettingsQuery = queryOptions({
  queryKey: ['notices', 'settings'],
  queryFn: () => call(getNoticeSettings),
});

/** Where notices are posted to. */
export const noticeChannelsQuery = queryOptions({
  queryKey: ['notices', 'channels'],
  queryFn: async () => (await call(listNoticeChannels)).data,
});

const NEWEST = 50;

/** What was told last, and how far it got. */
export const noticesQuery = queryOptions({
  queryKey: ['notices', 'list'],
  queryFn: async () => (await call(listNotices, { query: { limit: NEWEST } })).data,
  refetchInterval: 10_000,
});
