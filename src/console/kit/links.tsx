import { Anchor, Button, NavLink } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

/** A link in running text or a table that stays inside the console. */
export const TextLink = createLink(Anchor<'a'>);

/** A link that looks like a button. */
export const ButtonLink = createLink(Button<'a'>);

/** A link of the side navigation; marks the current page. */
export const SideLink = createLink(NavLink<'a'>);
