import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Directory, type DirectoryPlan, syncDirectory, updateDirectory } from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { directoryPlanQuery } from '../../../data/directories.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { ConfirmDialog } from '../../../kit/confirm-dialog.tsx';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { formatExact, plural } from '../../../kit/format.ts';
import { Loadable } from '../../../kit/loadable.tsx';
import { ScrollFrame } from '../../../kit/scroll-frame.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';

const WORDS = {
  preview: 'Nothing has taken effect yet. This is what going live would do.',
  live: 'Where people stand otherwise than the directory and its mappings want, and what a sync would do about it.',
} as const;

/** What the next sync would add, change and remove; and the button that does it. */
export const SyncPreview = ({ directory }: { readonly directory: Directory }) => {
  const manage = usePermission('identity:manage');
  const plan = useQuery(directoryPlanQuery(directory.id));
  const [asking, setAsking] = useState(false);
  const isPreview = directory.mode === 'preview';
  const params = { directory_id: directory.id };
  const apply = useAction({
    run: async () => {
      if (isPreview) await call(updateDirectory, { params, body: { mode: 'live' } });
      return call(syncDirectory, { params, body: { approve_removals: false } });
    },
    touches: ['directories', 'users'],
    errors: 'inline',
    done: ({ additions, changes, removals, held_removal_count: held }) =>
      `${additions} got access, ${changes} changed, ${removals} lost it${held > 0 ? `, ${held} wait for you` : ''}.`,
    onDone: () => setAsking(false),
  });
  const verb = isPreview ? 'Go live' : 'Sync now';
  const nothing = plan.data !== undefined && countOf(plan.data) === plan.data.held_removal_count && !isPreview;
  return (
    <SectionCard
      title={isPreview ? 'Preview' : 'Pending changes'}
      description={WORDS[directory.mode]}
      actions={
        <DisabledReason reason={manage.reason ?? (nothing ? 'Everybody stands as they should.' : null)}>
          <Button size="xs" variant={isPreview ? 'filled' : 'default'} onClick={() => setAsking(true)}>
            {verb}
          </Button>
        </DisabledReason>
      }
    >
      <Loadable query={plan} lines={3}>
        {(data) => <Plan plan={data} />}
      </Loadable>
      <ConfirmDialog
        opened={asking}
        title={`${verb}?`}
        confirm={verb}
        busy={apply.isPending}
        error={apply.error}
        onConfirm={() => apply.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        {plan.data === undefined
          ? 'Everybody is brought to where the directory wants them.'
          : `${plural(plan.data.additions.count, 'member')} get access, ${formatExact(plan.data.changes.count)} change, ${formatExact(plan.data.removals.count - plan.data.held_removal_count)} lose access, ${formatExact(plan.data.held_removal_count)} wait for your approval.`}
      </ConfirmDialog>
    </SectionCard>
  );
};

const countOf = ({ additions, changes, removals }: DirectoryPlan): number =>
  additions.count + changes.count + removals.count;

const Plan = ({ plan }: { readonly plan: DirectoryPlan }) =>
  countOf(plan) === 0 ? (
    <Text size="sm" c="dimmed">
      Everybody stands as they should.
    </Text>
  ) : (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="lg">
      <Part title="Get access" part={plan.additions} />
      <Part title="Change" part={plan.changes} />
      <Part title="Lose access" part={plan.removals} />
    </SimpleGrid>
  );

const Part = ({ title, part }: { readonly title: string; readonly part: DirectoryPlan['additions'] }) => (
  <Stack gap={4}>
    <Group gap={6}>
      <Text fw={600} size="sm">
        {title}
      </Text>
      <Text size="sm" c="dimmed">
        {formatExact(part.count)}
      </Text>
    </Group>
    {part.count > 0 && (
      <ScrollFrame mah={180} label={`${title}, scrollable`}>
        {part.people.map(({ user_id: id, email, detail }) => (
          <Text key={id} size="sm">
            {email}{' '}
            <Text span size="xs" c="dimmed">
              {detail}
            </Text>
          </Text>
        ))}
      </ScrollFrame>
    )}
  </Stack>
);
