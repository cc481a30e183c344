import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { prefix } from './api/request.js';
import { HomePage } from './home/home-page.js';
import { Frame } from './layout/frame.js';
import { NotFound } from './layout/not-found.js';
import type { AuditFilter } from './audit/domain/audit-filter.js';
import type { LogFilter } from './logs/domain/log-filter.js';
import type { SettingsFilter } from './settings/domain/settings-of-services.js';

/** A search parameter that is a text; anything else is as if it were not there. */
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const number = (value: unknown): number | undefined =>
  Number.isSafeInteger(Number(value)) && Number(value) > 0 ? Number(value) : undefined;

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });

const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  validateSearch: (search: Record<string, unknown>): { q?: string } => ({ q: text(search['q']) }),
  component: lazyRouteComponent(() => import('./jobs/jobs-page.js'), 'JobsPage'),
});

const job = createRoute({
  getParentRoute: () => root,
  path: '/jobs/$jobId',
  validateSearch: (search: Record<string, unknown>): { state?: string; order?: 'desc' } => ({
    ...{ state: text(search['state']), order: search['order'] === 'desc' ? 'desc' : undefined },
  }),
  component: lazyRouteComponent(() => import('./jobs/job-page.js'), 'JobPage'),
});

const failures = createRoute({
  getParentRoute: () => root,
  path: '/failures',
  validateSearch: (search: Record<string, unknown>): { state?: string } => ({ state: text(search['state']) }),
  component: lazyRouteComponent(() => import('./failures/failures-page.js'), 'FailuresPage'),
});

const group = createRoute({
  getParentRoute: () => root,
  path: '/failures/$groupId',
  component: lazyRouteComponent(() => import('./failures/group-page.js'), 'GroupPage'),
});

const schedules = createRoute({
  getParentRoute: () => root,
  path: '/schedules',
  component: lazyRouteComponent(() => import('./schedules/schedules-page.js'), 'SchedulesPage'),
});

const schedule = createRoute({
  getParentRoute: () => root,
  path: '/schedules/$name',
  component: lazyRouteComponent(() => import('./schedules/schedule-page.js'), 'SchedulePage'),
});

const pools = createRoute({
  getParentRoute: () => root,
  path: '/pools',
  component: lazyRouteComponent(() => import('./pools/pools-page.js'), 'PoolsPage'),
});

const pool = createRoute({
  getParentRoute: () => root,
  path: '/pools/$name',
  component: lazyRouteComponent(() => import('./pools/pool-page.js'), 'PoolPage'),
});

const policies = createRoute({
  getParentRoute: () => root,
  path: '/policies',
  component: lazyRouteComponent(() => import('./policies/policies-page.js'), 'PoliciesPage'),
});

const policy = createRoute({
  getParentRoute: () => root,
  path: '/policies/$errorType',
  validateSearch: (search: Record<string, unknown>): { version?: number } => ({ version: number(search['version']) }),
  component: lazyRouteComponent(() => import('./policies/policy-page.js'), 'PolicyPage'),
});

const logs = createRoute({
  getParentRoute: () => root,
  path: '/logs',
  component: lazyRouteComponent(() => import('./logs/logs-page.js'), 'LogsPage'),
});

const log = createRoute({
  getParentRoute: () => root,
  path: '/logs/$jobId',
  validateSearch: (search: Record<string, unknown>): LogFilter => ({
    ...{ text: text(search['text']), level: text(search['level']), task: text(search['task']), from: text(search['from']) },
    ...{ attempt: number(search['attempt']), line: number(search['line']) },
  }),
  component: lazyRouteComponent(() => import('./logs/log-page.js'), 'LogPage'),
});

const workers = createRoute({
  getParentRoute: () => root,
  path: '/workers',
  component: lazyRouteComponent(() => import('./workers/workers-page.js'), 'WorkersPage'),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./webhooks/webhooks-page.js'), 'WebhooksPage'),
});

const webhook = createRoute({
  getParentRoute: () => root,
  path: '/webhooks/$name',
  component: lazyRouteComponent(() => import('./webhooks/webhook-page.js'), 'WebhookPage'),
});

const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  validateSearch: (search: Record<string, unknown>): { state?: string } => ({ state: text(search['state']) }),
  component: lazyRouteComponent(() => import('./alerts/alerts-page.js'), 'AlertsPage'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: (search: Record<string, unknown>): AuditFilter => ({
    ...{ actor: text(search['actor']), action: text(search['action']), subject: text(search['subject']) },
    ...{ service: text(search['service']), phase: text(search['phase']), since: text(search['since']) },
  }),
  component: lazyRouteComponent(() => import('./audit/audit-page.js'), 'AuditPage'),
});

const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  component: lazyRouteComponent(() => import('./keys/keys-page.js'), 'KeysPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: (search: Record<string, unknown>): SettingsFilter => ({
    ...{ q: text(search['q']), service: text(search['service']) },
    changed: search['changed'] === true || undefined,
  }),
  component: lazyRouteComponent(() => import('./settings/settings-page.js'), 'SettingsPage'),
});

const platform = createRoute({
  getParentRoute: () => root,
  path: '/platform',
  component: lazyRouteComponent(() => import('./platform/platform-page.js'), 'PlatformPage'),
});

const routeTree = root.addChildren([
  ...[home, jobs, job, failures, group, logs, log, schedules, schedule, pools, pool],
  ...[workers, alerts, webhooks, webhook, policies, policy, audit, keys, settings, platform],
]);

export const router = createRouter({
  ...{ routeTree, basepath: prefix || '/', defaultPreload: false, scrollRestoration: true },
  // The gateway knows pages by their plain paths, and an error type may have a colon.
  pathParamsAllowedCharacters: [':'],
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
