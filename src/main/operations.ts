import type { Hono } from 'hono';
import { Counter, type Registry } from 'prom-client';
import { createCanServe, type Database, describeEndpoints } from '../platform/index.ts';
import { ENDPOINTS } from './contract.ts';

export type Operations = {
  readonly database: Database;
  readonly registry: Registry;
  readonly version: string;
  readonly isDraining: () => boolean;
};

/** What whoever runs the program asks: is it alive, can it serve, how is it doing, what can it do. */
export const operationsRoutes = (app: Hono, { database, registry, version, isDraining }: Operations): void => {
  new Counter({
    name: 'remit_database_connections_given_up_total',
    help: 'Connections to the database that were given up because nothing came back on them.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(database.connectionsGivenUp);
    },
  });
  const canServe = createCanServe(database);
  const document = describeEndpoints(ENDPOINTS, version);
  app.get('/openapi.json', (context) => context.json(document));
  app.get('/healthz', (context) => context.json({ status: 'ok', version }));
  app.get('/readyz', async (context) => {
    if (isDraining()) return context.json({ status: 'shutting down' }, 503);
    return (await canServe())
      ? context.json({ status: 'ready' })
      : context.json({ status: 'the database cannot be reached, or takes nothing' }, 503);
  });
  app.get('/metrics', async () => {
    const text = await registry.metrics();
    return new Response(text, { headers: { 'content-type': registry.contentType } });
  });
};
