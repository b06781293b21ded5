import { Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './role-rights.module.css';

/** Says that a level above decides, and which. */
export const LockNote = ({ children }: { readonly children: ReactNode }) => (
  <Text size="xs" c="dimmed" className={classes.lock}>
    <IconLock size={13} stroke={1.7} aria-hidden />
    {children}
  </Text>
);
