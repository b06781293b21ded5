import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Activity } from '../../../activity/contract.ts';
import { recentQuery } from '../../data/activity.ts';
import { usePermission } from '../../data/session.ts';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import classes from './activity.module.css';
import { ActivitySentence } from './activity-sentence.tsx';
import { AreaIcon } from './area-icon.tsx';
import { useActivityNames } from './use-activity-names.ts';

type Props = {
  /** The id of what the activities are about. */
  readonly subject: string;
  /** What it is, for the sentence of an empty list: “member”, “group”, “role”. */
  readonly noun: string;
  /** Whether the subject also does things, so that there is a list of those. */
  readonly acts?: boolean;
};

/** The last things that happened to a member, group or role; nothing for people who may not see the feed. */
export const RecentActivity = ({ subject, noun, acts = false }: Props) => {
  const { held } = usePermission('privacy:view');
  if (!held) return null;
  return (
    <SectionCard
      title="Recent activity"
      description={`What happened to this ${noun}, newest first.`}
      actions={
        <Group gap="md">
          {acts && (
            <TextLink to="/activity" search={{ actor: subject }} size="sm">
              What they did
            </TextLink>
          )}
          <TextLink to="/activity" search={{ subject }} size="sm">
            All activity
          </TextLink>
        </Group>
      }
      flush
    >
      <Recent subject={subject} noun={noun} />
    </SectionCard>
  );
};

const Recent = ({ subject, noun }: Props) => {
  const recent = useQuery(recentQuery(subject));
  return (
    <Loadable
      query={recent}
      lines={3}
      isEmpty={({ data }) => data.length === 0}
      empty={<NothingHere>Nothing is recorded about this {noun}.</NothingHere>}
    >
      {({ data }) => <Lines activities={data} />}
    </Loadable>
  );
};

const Lines = ({ activities }: { readonly activities: readonly Activity[] }) => {
  const names = useActivityNames(activities);
  return (
    <Stack component="ul" gap={0} className={classes.list}>
      {activities.map((activity) => (
        <li key={activity.id} className={classes.row}>
          <AreaIcon type={activity.type} />
          <div className={classes.words}>
            <ActivitySentence activity={activity} names={names} />
          </div>
          <Text size="xs" c="dimmed" component="div" className={classes.time}>
            <RelativeTime at={activity.created_at} />
          </Text>
        </li>
      ))}
    </Stack>
  );
};
