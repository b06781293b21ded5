import { Anchor, Button, type ButtonProps, NavLink } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type AnchorButtonProps = ButtonProps & Omit<ComponentPropsWithRef<'a'>, keyof ButtonProps>;

// A button of the component kit is a `button` unless told otherwise, and would not be announced as a link.
const AnchorButton = (props: AnchorButtonProps) => <Button component="a" {...props} />;

/** A link in running text or a table that stays inside the console. */
export const TextLink = createLink(Anchor<'a'>);

/** A link that looks like a button. */
export const ButtonLink = createLink(AnchorButton);

/** A link of the side navigation; marks the current page. */
export const SideLink = createLink(NavLink<'a'>);
