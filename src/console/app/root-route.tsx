import { createRootRoute, Outlet } from '@tanstack/react-router';
import { MissingPage } from './missing-page.tsx';

/** What every page stands in. */
export const root = createRootRoute({ component: Outlet, notFoundComponent: MissingPage });
