import { addressOf, isAllowed } from './allowed-urls.js';
import { GitFailure, evidenceOf } from './git-failure.js';

/** What `.gitmodules` says of one submodule. Whoever commits to the repository has written it. */
export interface GitmodulesEntry {
  path: string;
  url: string;
}

/** Submodules that are not brought along, and the repository with them. */
export class SubmoduleRefused extends GitFailure {
  constructor(why: string) {
    super('refused', 'submodule', why, null);
  }
}

/** Not `gitmodulesMissing`, which is a repository that is broken. */
const refusedByGit = /^(?:error|fatal): .*\bgitmodules(?:Url|Path|Name|Update|Symlink|Blob|Large): .*$/m;

/** The refusal of a `.gitmodules` by git itself, which looks at what arrives; null where it has failed for something else. */
export function refusalByGit(said: string): SubmoduleRefused | null {
  const [line] = refusedByGit.exec(said) ?? [];
  return line === undefined ? null : new SubmoduleRefused(evidenceOf(line));
}

const pathLengthMax = 1_000;

/**
 * The entries of `.gitmodules`, as `git config -z --list` gives them.
 *
 * @throws SubmoduleRefused where one names a program, or a place that no submodule may be at
 */
export function gitmodulesEntries(listed: string): GitmodulesEntry[] {
  const facts = new Map<string, Record<string, string>>();
  for (const line of listed.split('\0').filter((one) => one !== '')) {
    const [, name, key, value] = /^submodule\.(.*)\.([a-z]+)(?:\n(.*))?$/s.exec(line) ?? [];
    if (name === undefined || key === undefined) continue;
    const known = facts.get(name) ?? {};
    // Git itself would have run what stands behind the mark.
    if (key === 'update' && value?.trim().startsWith('!')) {
      throw new SubmoduleRefused(`${shownName(name)} names a program to run`);
    }
    if (key in known) throw new SubmoduleRefused(`${shownName(name)} has two values of ${key}`);
    facts.set(name, { ...known, [key]: value ?? '' });
  }
  const entries = [...facts].flatMap(([name, { path, url }]) => (path === undefined ? [] : [{ name, path, url }]));
  return entries.map(({ name, path, url }) => {
    if (!isSubmodulePath(path)) throw new SubmoduleRefused(`${shownName(name)} is at a path where none may be`);
    if (url === undefined || url === '') throw new SubmoduleRefused(`${shownName(name)} has no url`);
    return { path, url };
  });
}

/** Below the working copy, in no `.git` folder of any file system, and never taken for an option. */
export function isSubmodulePath(path: string): boolean {
  if (path.length > pathLengthMax || /[\p{Cc}\\]/u.test(path)) return false;
  return path.split('/').every((part) => !/^(?:\.{0,2}|-.*|\.git[ .]*|git~\d+)$/i.test(part));
}

/** Where a submodule is cloned from. Its url may begin at that of the repository that names it. */
export function submoduleUrl(base: string, { path, url }: GitmodulesEntry, patterns: readonly RegExp[]): string {
  const resolved = resolvedUrl(base, url);
  const address = addressOf(resolved);
  if (typeof address === 'string') throw new SubmoduleRefused(`the url of ${path} can't be used: ${address}`);
  if (!isAllowed(resolved, patterns)) throw new SubmoduleRefused(`POOL_ALLOWED_URLS does not name the repository of ${path}`);
  return resolved;
}

/** `../` takes a part of the path away; beyond its first part is no repository. */
function resolvedUrl(base: string, url: string): string {
  const place = /^([a-z]+:\/\/[^/]*)\/(.*)$/.exec(base);
  if (!place || !/^\.\.?\//.test(url)) return url;
  const parts = (place[2] as string).replace(/\/+$/, '').split('/');
  let rest = url;
  for (; /^\.\.?\//.test(rest); rest = rest.slice(rest.indexOf('/') + 1)) {
    if (rest.startsWith('../') && parts.pop() === undefined) throw new SubmoduleRefused(`${url} leads out of its host`);
  }
  return `${place[1]}/${[...parts, rest].join('/').replace(/\/+$/, '')}`;
}

function shownName(name: string): string {
  return `submodule ${JSON.stringify(name.slice(0, 100))} of .gitmodules`;
}
