export { claudeCodeConfig, type SignInSettings, signInSettings } from './config.ts';
export type { ClaudeCodeDeps } from './deps.ts';
export { forgetExpiredSignIns } from './forget-expired-sign-ins.ts';
export { claudeCodeMigrations } from './migrations.ts';
export { openClaudeCode } from './open-claude-code.ts';
export { signInRoutes as claudeCodeRoutes } from './sign-in/routes.ts';
