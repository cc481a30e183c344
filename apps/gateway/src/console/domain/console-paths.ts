const id = '[A-Za-z0-9_.:-]{1,128}';

/** A policy may be that of a prefix, such as `smtp.*`. */
const errorType = '[A-Za-z0-9_.:*-]{1,128}';

const withOthersBelow = 'jobs|failures|logs|pools|schedules|webhooks';
const single = 'alerts|audit|keys|platform|settings|workers';
/** The pages of the console; `apps/console/src/routes.tsx` has the same. Any other path is the API's, or nobody's. */
const pages = new RegExp(`^/(?:|(?:${withOthersBelow})(?:/${id})?|policies(?:/${errorType})?|${single})$`);

const asset = /^\/assets\/([\w-]+\.[\w.-]+)$/;

export function isPage(path: string): boolean {
  return pages.test(path);
}

/** The name of a file that the console consists of; null for a path of anything else. */
export function assetOf(path: string): string | null {
  return asset.exec(path)?.[1] ?? null;
}

/**
 * The path under which a proxy shows the console, as it says in X-Forwarded-Prefix; empty where there is none. It becomes part of the
 * page, so that nothing but a plain path is taken.
 */
export function prefixOf(header: string | string[] | undefined): string {
  if (typeof header !== 'string') return '';
  const prefix = header.replace(/\/+$/, '');
  return /^(?:\/[A-Za-z0-9._~-]{1,64}){1,8}$/.test(prefix) && !/\/\.{1,2}(?:\/|$)/.test(prefix) ? prefix : '';
}
