import { Box, type BoxProps } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './scroll-frame.module.css';

type Props = { readonly label: string; readonly children: ReactNode; readonly className?: string | undefined } & Pick<
  BoxProps,
  'mah'
>;

/** Content that may be larger than its place: scrolled with the pointer and, once focused, with the keyboard. */
export const ScrollFrame = ({ label, children, className = '', mah }: Props) => (
  <Box className={`${classes.frame} ${className}`} mah={mah} tabIndex={0} role="group" aria-label={label}>
    {children}
  </Box>
);
