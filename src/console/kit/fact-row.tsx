import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './fact-row.module.css';

type Props = {
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** What can be done about it. */
  readonly action?: ReactNode;
};

/** One fact of a section: what it is, how it stands, and the action that changes it. */
export const FactRow = ({ title, children, action }: Props) => (
  <div className={classes.row}>
    <div className={classes.words}>
      <Text size="sm" fw={500} component="div">
        {title}
      </Text>
      <Text size="sm" c="dimmed" component="div">
        {children}
      </Text>
    </div>
    {action}
  </div>
);
