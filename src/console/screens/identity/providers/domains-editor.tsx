import { ActionIcon, Button, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ProviderFormApi } from './provider-values.ts';

/** The domains whose people sign in through a provider, and whether they must. */
export const DomainsEditor = ({ form }: { readonly form: ProviderFormApi }) => (
  <Stack gap="xs">
    <Text fw={600}>Domains</Text>
    <Text size="sm" c="dimmed">
      Whoever enters an address of these domains is led to this provider. Enforced, a password does not sign in there,
      but for emergency accounts.
    </Text>
    {form.values.domains.map((_, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: rows are added at the end and have no name of their own.
      <Group key={index} gap="sm" align="center">
        <TextInput
          aria-label={`Domain ${index + 1}`}
          placeholder="example.com"
          w={260}
          {...form.getInputProps(`domains.${index}.domain`)}
        />
        <Switch
          label="Enforced"
          aria-label={`Enforced for domain ${index + 1}`}
          {...form.getInputProps(`domains.${index}.is_enforced`, { type: 'checkbox' })}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Remove domain ${index + 1}`}
          onClick={() => form.removeListItem('domains', index)}
        >
          <IconX size={14} aria-hidden />
        </ActionIcon>
      </Group>
    ))}
    <Button
      variant="default"
      size="xs"
      w="fit-content"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => form.insertListItem('domains', { domain: '', is_enforced: false })}
    >
      Add domain
    </Button>
  </Stack>
);
