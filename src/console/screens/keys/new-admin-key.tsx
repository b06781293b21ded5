import { Checkbox, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { createAdminKey } from '../../../directory/contract.ts';
import { ADMIN_SCOPES, type AdminScope } from '../../../kernel/index.ts';
import { call } from '../../data/client.ts';
import { CreateKeyDialog } from '../../parts/create-key-dialog.tsx';

const isScope = (value: string): value is AdminScope => ADMIN_SCOPES.some((scope) => scope === value);

/** Makes an admin key for chosen scopes, or for everything. */
export const NewAdminKey = ({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) => {
  const [isScoped, setScoped] = useState(true);
  const [scopes, setScopes] = useState<AdminScope[]>([]);
  const [until, setUntil] = useState('');
  const close = () => {
    setScopes([]);
    setUntil('');
    setScoped(true);
    onClose();
  };
  return (
    <CreateKeyDialog
      opened={opened}
      title="Create an admin key"
      touches={['admin-keys']}
      forRequests={false}
      missing={isScoped && scopes.length === 0 ? 'Choose above what the key is for.' : null}
      create={(name) =>
        call(createAdminKey, {
          body: {
            name,
            scopes: isScoped ? scopes : null,
            ...(until === '' ? {} : { expires_at: new Date(`${until}T23:59:59`).toISOString() }),
          },
        })
      }
      onClose={close}
    >
      <Stack gap="md">
        <Radio.Group
          label="What it may do"
          value={isScoped ? 'scoped' : 'all'}
          onChange={(value) => setScoped(value === 'scoped')}
        >
          <Stack gap={6} mt={6}>
            <Radio value="scoped" label="Only what its scopes name" />
            <Radio value="all" label="Everything an owner may do by a program" />
          </Stack>
        </Radio.Group>
        {isScoped && (
          <Checkbox.Group label="Scopes" value={scopes} onChange={(chosen) => setScopes(chosen.filter(isScope))}>
            <Stack gap={6} mt={6}>
              {ADMIN_SCOPES.map((scope) => (
                <Checkbox key={scope} size="xs" value={scope} label={scope} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <TextInput
          type="date"
          label="Ends after"
          description="Optional; without a day it does not end by itself."
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      </Stack>
    </CreateKeyDialog>
  );
};
