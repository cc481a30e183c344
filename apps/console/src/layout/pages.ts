import { useMemo } from 'react';
import { useIsAdmin } from '../session/session.js';
import type { TextKey } from '../texts/fill.js';

interface Page {
  to: string;
  text: TextKey;
  /** Leads there after `g`. */
  key: string;
  /** Offered to admins only. */
  isForAdmins?: true;
}

/** The pages of the navigation. */
const pages = [
  { to: '/', text: 'nav.home', key: 'h' },
  { to: '/jobs', text: 'nav.jobs', key: 'j' },
  { to: '/failures', text: 'nav.failures', key: 'f' },
  { to: '/logs', text: 'nav.logs', key: 'l' },
  { to: '/alerts', text: 'nav.alerts', key: 'a' },
  { to: '/workers', text: 'nav.workers', key: 'w' },
  { to: '/schedules', text: 'nav.schedules', key: 's' },
  { to: '/pools', text: 'nav.pools', key: 'p' },
  { to: '/webhooks', text: 'nav.webhooks', key: 'k' },
  { to: '/policies', text: 'nav.policies', key: 'r' },
  { to: '/audit', text: 'nav.audit', key: 'u', isForAdmins: true },
  { to: '/keys', text: 'nav.keys', key: 'y', isForAdmins: true },
  { to: '/settings', text: 'nav.settings', key: 'e', isForAdmins: true },
  { to: '/platform', text: 'nav.platform', key: 'o' },
] as const satisfies readonly Page[];

/** The pages that whoever looks is offered. */
export function usePages() {
  const isAdmin = useIsAdmin();
  return useMemo(() => pages.filter((page) => isAdmin || !('isForAdmins' in page)), [isAdmin]);
}
