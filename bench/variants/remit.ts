import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, ready } from '../processes/ports.ts';
import type { ProgramStart } from '../processes/processes.ts';
import { establish } from './remit-set-up.ts';
import type { Stage, StartVariant, Variant, VariantName } from './variant.ts';

const ADMIN_KEY = 'bench-admin-key-that-is-long-enough-for-anybody';
const project = fileURLToPath(new URL('../..', import.meta.url));
const entry = join(project, 'bin', 'serve.js');

/** As in the start script of package.json. */
const START_FLAGS = ['--max-semi-space-size=16', '--no-allocation-site-pretenuring'];

/** Custom roles attached to the member who sends the requests of the ordinary variant. */
export const FEW_ROLES = 10;

type Wish = { name: VariantName; roles: number; hasLimits?: boolean; nodeArguments?: readonly string[] };

const programOf = (
  { processes, upstreamPort }: Stage,
  port: number,
  nodeArguments: readonly string[],
): ProgramStart => ({
  name: `remit-${port}`,
  command: process.execPath,
  arguments: [...START_FLAGS, ...nodeArguments, entry],
  folder: project,
  environment: {
    NODE_ENV: 'production',
    REMIT_PORT: String(port),
    REMIT_DATA_DIR: join(processes.folder, `remit-${port}`),
    REMIT_ADMIN_KEY: ADMIN_KEY,
    REMIT_UPSTREAM_URL: `http://127.0.0.1:${upstreamPort}`,
    REMIT_UPSTREAM_KEY: 'sk-ant-api03-bench',
  },
});

/**
 * Starts Remit as its documented contract says (environment, admin key, endpoints) with everything on: embedded
 * database, roles, decision and durable usage for every request. Set-up runs over the public API only.
 */
export const startRemitWith = async (
  stage: Stage,
  { name, roles, hasLimits = false, nodeArguments = [] }: Wish,
): Promise<Variant> => {
  const port = await freePort();
  const program = stage.processes.start(programOf(stage, port, nodeArguments));
  const origin = `http://127.0.0.1:${port}`;
  await ready(program, `${origin}/readyz`, (status) => status === 200);
  const key = await establish({ origin, adminKey: ADMIN_KEY, roles, hasLimits });
  return {
    name,
    about: `Remit, embedded database, ${roles} roles attached to the member, decision and durable usage on${hasLimits ? ', spend limits and rates set' : ''}`,
    port,
    headers: { 'x-api-key': key },
    program,
  };
};

/** Remit for a member with {@link FEW_ROLES} roles. */
export const startRemit: StartVariant = (stage) => startRemitWith(stage, { name: 'remit', roles: FEW_ROLES });

/** The same in a process that serves nothing but the comparison of policy sizes. */
export const startRemitFewRoles: StartVariant = (stage) =>
  startRemitWith(stage, { name: 'remit-few', roles: FEW_ROLES });

/** Remit for a member with very many roles. */
export const startRemitManyRoles: StartVariant = (stage) =>
  startRemitWith(stage, { name: 'remit-many', roles: stage.manyRoles });

/** As `remit-few`, with spend limits on the organisation, the member and the key, and a rate tier with lower limits. */
export const startRemitWithLimits: StartVariant = (stage) =>
  startRemitWith(stage, { name: 'remit-limits', roles: FEW_ROLES, hasLimits: true });
