import { createRoute } from '@tanstack/react-router';
import { app } from './app-route.ts';
import { screen } from './lazy-screen.ts';
import { readTab } from './search.ts';

const spend = createRoute({
  getParentRoute: () => app,
  path: '/spend',
  staticData: { title: 'Spend', permission: 'billing:view' },
  validateSearch: readTab('overview', 'near', 'requests', 'prepaid'),
  component: screen(() => import('../screens/spend/spend-screen.tsx'), 'SpendScreen'),
});

const limits = createRoute({
  getParentRoute: () => app,
  path: '/limits',
  staticData: { title: 'Limits', permission: 'billing:view' },
  validateSearch: readTab('limits', 'members', 'seats', 'settings', 'notifications'),
  component: screen(() => import('../screens/limits/limits-screen.tsx'), 'LimitsScreen'),
});

const rates = createRoute({
  getParentRoute: () => app,
  path: '/rates',
  staticData: { title: 'Rates', permission: 'billing:view' },
  component: screen(() => import('../screens/rates/rates-screen.tsx'), 'RatesScreen'),
});

const prices = createRoute({
  getParentRoute: () => app,
  path: '/prices',
  staticData: { title: 'Prices', permission: 'billing:view' },
  component: screen(() => import('../screens/prices/prices-screen.tsx'), 'PricesScreen'),
});

/** What is spent, and what bounds it. */
export const moneyRoutes = [spend, limits, rates, prices] as const;
