import type { ReactNode } from 'react';
import classes from './dot-label.module.css';

/** How a state is to be felt; the words beside the dot say what it is. */
export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'quiet';

/** A state in a word or two with a coloured dot; never colour alone. */
export const DotLabel = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) => (
  <span className={classes.root}>
    <span className={`${classes.dot} ${classes[tone]}`} aria-hidden />
    {children}
  </span>
);
