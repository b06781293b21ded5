import { Alert, Button, Group, Text, Title, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconArrowUp, IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Fragment, type MouseEvent } from 'react';
import type { Activity } from '../../../activity/contract.ts';
import { type ActivityQuery, feedQuery, newerQuery } from '../../data/activity.ts';
import { isNarrowed } from '../../data/activity-filters.ts';
import { sentenceOf as sentenceOfError } from '../../kit/error-words.ts';
import { plural } from '../../kit/format.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { Nothing } from '../../kit/states.tsx';
import classes from '../../parts/activity/activity.module.css';
import { ActivitySentence } from '../../parts/activity/activity-sentence.tsx';
import { AreaIcon } from '../../parts/activity/area-icon.tsx';
import { sentenceOf } from '../../parts/activity/sentence.ts';
import { type ActivityNames, useActivityNames } from '../../parts/activity/use-activity-names.ts';
import { byDay } from './by-day.ts';

type Props = {
  readonly query: ActivityQuery;
  readonly onOpen: (activity: Activity) => void;
  readonly onReset: () => void;
};

/** Activities by day, newest first; older ones are read when asked for, newer ones are offered. */
export const ActivityFeed = ({ query, onOpen, onReset }: Props) => {
  const feed = useInfiniteQuery(feedQuery(query));
  const activities = feed.data?.pages.flatMap(({ data }) => data) ?? [];
  const newestId = activities[0]?.id ?? null;
  const newer = useQuery({ ...newerQuery(query, newestId), enabled: feed.isSuccess && !feed.isFetching });
  const names = useActivityNames(activities);
  return (
    <>
      <Newer
        page={newer.data}
        loading={feed.isFetchingPreviousPage}
        onShow={() => void (newestId === null ? feed.refetch() : feed.fetchPreviousPage())}
      />
      <Loadable
        query={feed}
        lines={12}
        isEmpty={() => activities.length === 0}
        empty={<Empty narrowed={isNarrowed(query.filters)} onReset={onReset} />}
      >
        {() => (
          <>
            {byDay(activities, new Date()).map(([day, ofDay]) => (
              <Fragment key={day}>
                <Title order={2} size="h6" className={classes.day}>
                  {day}
                </Title>
                <ul className={classes.list} aria-label={day}>
                  {ofDay.map((activity) => (
                    <Row key={activity.id} activity={activity} names={names} onOpen={onOpen} />
                  ))}
                </ul>
              </Fragment>
            ))}
            <Older
              hasMore={feed.hasNextPage}
              loading={feed.isFetchingNextPage}
              error={feed.isFetchNextPageError ? feed.error : null}
              count={activities.length}
              onShow={() => void feed.fetchNextPage()}
            />
          </>
        )}
      </Loadable>
    </>
  );
};

/** Whether a click fell beside every control, so that it is meant for the row. */
const isBlank = (event: MouseEvent): boolean =>
  event.target instanceof Element && event.target.closest('a, button') === null;

type RowProps = {
  readonly activity: Activity;
  readonly names: ActivityNames;
  readonly onOpen: (activity: Activity) => void;
};

const Row = ({ activity, names, onOpen }: RowProps) => (
  // biome-ignore lint/a11y/useKeyWithClickEvents: the time is a button that does the same.
  <li className={`${classes.row} ${classes.opens}`} onClick={(event) => isBlank(event) && onOpen(activity)}>
    <AreaIcon type={activity.type} />
    <div className={classes.words}>
      <ActivitySentence activity={activity} names={names} />
    </div>
    <UnstyledButton className={classes.time} fz="xs" c="dimmed" onClick={() => onOpen(activity)}>
      {typeof activity.actor.ip_address === 'string' && `${activity.actor.ip_address} · `}
      <time dateTime={activity.created_at}>
        {new Date(activity.created_at).toLocaleTimeString(undefined, { timeStyle: 'short' })}
      </time>
      <VisuallyHidden> Details: {sentenceOf(activity, names.nameOf)}</VisuallyHidden>
    </UnstyledButton>
  </li>
);

type NewerProps = {
  readonly page: { readonly data: readonly Activity[]; readonly has_more: boolean } | undefined;
  readonly loading: boolean;
  readonly onShow: () => void;
};

const Newer = ({ page, loading, onShow }: NewerProps) =>
  page === undefined || page.data.length === 0 ? null : (
    <Group justify="center" className={classes.newer} role="status">
      <Button
        variant="light"
        size="xs"
        leftSection={<IconArrowUp size={14} aria-hidden />}
        loading={loading}
        onClick={onShow}
      >
        {page.has_more ? 'Show newer' : `Show ${page.data.length} newer`}
      </Button>
    </Group>
  );

type OlderProps = {
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly error: unknown;
  readonly count: number;
  readonly onShow: () => void;
};

const Older = ({ hasMore, loading, error, count, onShow }: OlderProps) => (
  <>
    {error !== null && (
      <Alert color="red" mx="md" my="xs" role="alert">
        {sentenceOfError(error)}
      </Alert>
    )}
    <Group justify="space-between" p="sm" px="md" className={classes.newer}>
      <Text size="sm" c="dimmed">
        {hasMore ? `${plural(count, 'row')} shown` : 'There is nothing older.'}
      </Text>
      {hasMore && (
        <Button variant="default" size="xs" loading={loading} onClick={onShow}>
          Show older
        </Button>
      )}
    </Group>
  </>
);

const Empty = ({ narrowed, onReset }: { readonly narrowed: boolean; readonly onReset: () => void }) =>
  narrowed ? (
    <Nothing
      title="No activity matches these filters"
      icon={<IconHistory size={26} stroke={1.5} aria-hidden />}
      action={
        <Button variant="default" onClick={onReset}>
          Clear the filters
        </Button>
      }
    />
  ) : (
    <Nothing title="Nothing has happened yet" icon={<IconHistory size={26} stroke={1.5} aria-hidden />}>
      Every change of members, groups, roles, models and keys appears here, and every sign-in.
    </Nothing>
  );
