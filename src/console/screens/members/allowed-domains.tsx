import { Button, Group, Radio, Stack, TagsInput, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getMemberSettings, updateMemberSettings } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { FormError } from '../../kit/form-parts.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';

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
        {({ allowed_email_domains: domains }) => <Form key={JSON.stringify(domains)} domains={domains} />}
      </Loadable>
    </SectionCard>
  );
};

const Form = ({ domains }: { readonly domains: readonly string[] | null }) => {
  const { reason } = usePermission('identity:manage');
  const [isLimited, setLimited] = useState(domains !== null);
  const [listed, setListed] = useState<string[]>([...(domains ?? [])]);
  const save = useAction({
    run: () => call(updateMemberSettings, { body: { allowed_email_domains: isLimited ? listed : null } }),
    touches: ['member-settings'],
    errors: 'inline',
    done: () => 'The allowed domains are saved.',
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined);
      }}
    >
      <Stack gap="md" maw={560}>
        <FormError error={save.error} />
        <Radio.Group
          label="People may have addresses of"
          value={isLimited ? 'listed' : 'any'}
          onChange={(value) => setLimited(value === 'listed')}
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
            onChange={setListed}
          />
        )}
        {reason !== null && (
          <Text size="sm" c="dimmed">
            {reason}
          </Text>
        )}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={reason !== null}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
};
