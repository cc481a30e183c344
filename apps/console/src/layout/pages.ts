import type { TextKey } from '../texts/fill.js';

/** The pages of the navigation, each with the key that leads there after `g`. */
export const pages = [
  { to: '/', text: 'nav.home', key: 'h' },
  { to: '/jobs', text: 'nav.jobs', key: 'j' },
  { to: '/failures', text: 'nav.failures', key: 'f' },
  { to: '/logs', text: 'nav.logs', key: 'l' },
  { to: '/workers', text: 'nav.workers', key: 'w' },
  { to: '/schedules', text: 'nav.schedules', key: 's' },
  { to: '/pools', text: 'nav.pools', key: 'p' },
  { to: '/webhooks', text: 'nav.webhooks', key: 'k' },
  { to: '/policies', text: 'nav.policies', key: 'r' },
  { to: '/platform', text: 'nav.platform', key: 'o' },
] as const satisfies readonly { to: string; text: TextKey; key: string }[];
