import { Button, Group, Radio, Stack, TagsInput, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getMemberSettings, updateMemberSettings } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { overtakenReason, SharedFormFault } from '../../kit/shared-form-fault.tsx';
import { useSharedForm } from '../../kit/use-shared-form.ts';

const settingsQuery = { queryKey: ['member-settings'], queryFn: () => call(getMemberSettings) };

/** From which e-mail domains people may be invited or added. */
export const AllowedDomains = () => {
  const settings = useQuery(settingsQuery);
  return (
    <SectionCard
      title="Allowed domains"
      description="Whom one may invite or add. Members who are there already stay; a directory may still bring others."
    >
      <Loadable query={settings} lines={3}>
        {({ allowed_email_domains: domains }) => <Form domains={domains} />}
      </Loadable>
    </SectionCard>
  );
};

type Values = { readonly isLimited: boolean; readonly listed: string[] };

const valuesOf = (domains: readonly string[] | null): Values => ({
  isLimited: domains !== null,
  listed: [...(domains ?? [])],
});

const Form = ({ domains }: { readonly domains: readonly string[] | null }) => {
  const { reason } = usePermission('identity:manage');
  const client = useQueryClient();
  const form = useForm<Values>({ initialValues: valuesOf(domains) });
  const { isLimited, listed } = form.values;
  const shared = useSharedForm({
    form,
    saved: valuesOf(domains),
    readAgain: async () =>
      valuesOf((await client.fetchQuery({ ...settingsQuery, staleTime: 0 })).allowed_email_domains),
  });
  const save = useAction({
    run: async () => {
      await shared.checkUnmoved();
      return call(updateMemberSettings, { body: { allowed_email_domains: isLimited ? listed : null } });
    },
    touches: ['member-settings'],
    errors: 'inline',
    done: () => 'The allowed domains are saved.',
    onDone: (reply) => shared.settle(valuesOf(reply.allowed_email_domains)),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined);
      }}
    >
      <Stack gap="md" maw={560}>
        <SharedFormFault shared={shared} error={save.error} />
        <Radio.Group
          label="People may have addresses of"
          value={isLimited ? 'listed' : 'any'}
          onChange={(value) => form.setFieldValue('isLimited', value === 'listed')}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="any" label="any domain" disabled={reason !== null} />
            <Radio value="listed" label="these domains only" disabled={reason !== null} />
          </Stack>
        </Radio.Group>
        {isLimited && (
          <TagsInput
            label="Domains"
            description="Such as example.com. Subdomains count as others. An empty list lets nobody in."
            disabled={reason !== null}
            value={listed}
            onChange={(all) => form.setFieldValue('listed', all)}
          />
        )}
        {reason !== null && (
          <Text size="sm" c="dimmed">
            {reason}
          </Text>
        )}
        <Group>
          <DisabledReason reason={reason ?? overtakenReason(shared)}>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </DisabledReason>
        </Group>
      </Stack>
    </form>
  );
};
