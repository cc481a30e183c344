/** Which repositories may be cloned: `*` stands for anything but a slash in the host of a pattern, and for anything in its path. */

const transports = ['https', 'ssh', 'http', 'git', 'file'] as const;

export interface RepositoryAddress {
  url: string;
  transport: (typeof transports)[number];
}

/** A pattern reads `https://github.com/acme/*`. Null where it is none. */
export function patternOf(text: string): RegExp | null {
  const parts = /^([a-z]+):\/\/([^/]*)(\/.*)$/.exec(text);
  if (!parts || !(transports as readonly string[]).includes(parts[1] as string)) return null;
  const [, scheme, host, path] = parts as unknown as [string, string, string, string];
  return new RegExp(`^${scheme}://${glob(host, '[^/]*')}${glob(path, '.*')}$`);
}

function glob(text: string, star: string): string {
  return text
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join(star);
}

/** The address of a repository, or why it can't be one. */
export function addressOf(url: string): RepositoryAddress | string {
  if (/[\s\p{Cc}\\]/u.test(url)) return 'it has blanks, backslashes or control characters';
  const parts = /^([a-z]+):\/\/([^/]*)(\/.*)$/.exec(url);
  if (!parts) return 'it is no URL with a path, such as https://host/path or ssh://git@host/path';
  const [, scheme, authority, path] = parts as unknown as [string, string, string, string];
  const transport = transports.find((name) => name === scheme);
  if (!transport) return `${scheme} is none of ${transports.join(', ')}`;
  const user = /^(?:([^@]*)@)?(.*)$/.exec(authority) as unknown as [string, string | undefined, string];
  if (user[1] !== undefined && (transport !== 'ssh' || !/^[A-Za-z0-9._]+$/.test(user[1]))) {
    return 'it names a user or a password, which only ssh:// may, and no more than a user';
  }
  const host = transport === 'file' ? /^$/ : /^[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?$|^\[[0-9a-fA-F:]+\](:\d{1,5})?$/;
  if (!host.test(user[2])) return transport === 'file' ? 'file:// is followed by an absolute path' : 'its host is none';
  if (/%/.test(path)) return 'its path is written with %';
  if (path.split('/').some((part) => part === '..' || part === '.' || part.startsWith('-'))) {
    return 'a part of its path is . or .., or starts with a dash';
  }
  return { url, transport };
}

export function isAllowed(url: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(url));
}
