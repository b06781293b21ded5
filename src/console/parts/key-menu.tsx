import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { ApiKey } from '../../directory/contract.ts';
import { DisabledReason } from '../kit/disabled-reason.tsx';

/** What a key can be made: used, put aside, ended. */
export type WantedStatus = 'active' | 'inactive' | 'archived';

type MenuProps = {
  readonly apiKey: ApiKey;
  readonly reason: string | null;
  readonly onChange: (status: WantedStatus) => void;
};

/** What can be done with one key; nothing with one that has ended. */
export const KeyMenu = ({ apiKey, reason, onChange }: MenuProps) => {
  if (apiKey.status === 'archived' || apiKey.status === 'expired') return null;
  if (reason !== null)
    return (
      <DisabledReason reason={reason}>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for the key ${apiKey.name}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </DisabledReason>
    );
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for the key ${apiKey.name}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {apiKey.status === 'active' ? (
          <Menu.Item onClick={() => onChange('inactive')}>Switch off</Menu.Item>
        ) : (
          <Menu.Item onClick={() => onChange('active')}>Switch on</Menu.Item>
        )}
        <Menu.Item color="red" onClick={() => onChange('archived')}>
          Revoke for good
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
