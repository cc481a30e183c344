/** The flags and the environment of every call of git: it asks nobody, reads no configuration but the one of its own folder, and runs nothing that a repository names. */

export const gitFlags: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'core.editor=false',
  'core.untrackedCache=false',
  // Files are written by as many processes as there are cores.
  'checkout.workers=0',
  'protocol.ext.allow=never',
  // What a server leads to is no repository that anybody has allowed.
  'http.followRedirects=false',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=no',
  'safe.bareRepository=explicit',
  'gc.auto=0',
  'maintenance.auto=false',
  'transfer.fsckObjects=true',
  // Old histories have these, and they can't be put right any more.
  ...['fetch.fsck', 'receive.fsck'].flatMap((at) =>
    ['zeroPaddedFilemode', 'missingSpaceBeforeDate', 'badTimezone', 'missingEmail', 'missingNameBeforeEmail'].map(
      (id) => `${at}.${id}=warn`,
    ),
  ),
  'advice.detachedHead=false',
  'init.templateDir=',
  'init.defaultBranch=main',
  'user.name=kintsugi',
  'user.email=kintsugi@localhost',
].flatMap((setting) => ['-c', setting]);

export interface GitSurroundings {
  /** Where programs are looked for. */
  searchPath: string;
  /** An empty folder of ours. */
  home: string;
  /** Above this no repository is looked for. */
  ceiling: string;
  /** Transports that this call may use, such as `https`; none where it needs none. */
  transports: readonly string[];
  /** Where git may also get what a partial copy has not; it gets nothing where this is absent. */
  source?: Source | undefined;
}

/** Where objects come from: the repository itself, or a copy of it in its place. */
export interface Source {
  url: string;
  /** A copy of it on this host. */
  mirror: string | null;
}

export function gitEnvironment({ searchPath, home, ceiling, transports, source }: GitSurroundings): Record<string, string> {
  return {
    PATH: searchPath,
    HOME: home,
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    SSH_ASKPASS: '/bin/false',
    GIT_OPTIONAL_LOCKS: '0',
    ...(source ? {} : { GIT_NO_LAZY_FETCH: '1' }),
    ...(source?.mirror ? insteadOf(source.url, source.mirror) : {}),
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_CEILING_DIRECTORIES: ceiling,
    GIT_ALLOW_PROTOCOL: transports.join(':'),
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=20',
    GIT_PAGER: 'cat',
    GIT_EDITOR: '/bin/false',
  };
}

/** Settings that a folder of any name can be in: as an argument, one with a = would be another setting. */
function insteadOf(url: string, mirror: string): Record<string, string> {
  return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: `url.${mirror}.insteadOf`, GIT_CONFIG_VALUE_0: url };
}

export interface ConfigFacts {
  repository_url: string;
  /** Null where HEAD is at no branch. */
  branch: string | null;
  object_format: 'sha1' | 'sha256';
  partial: string | null;
  submodules: boolean;
}

/** The whole configuration of a working copy. It is compared and rewritten as text, so that nothing else is ever in it. */
export function configText({ repository_url, branch, object_format, partial, submodules }: ConfigFacts): string {
  const extensions = [
    ...(object_format === 'sha1' ? [] : [`\tobjectformat = ${object_format}`]),
    ...(partial === null ? [] : ['\tpartialclone = origin']),
  ];
  return [
    '[core]',
    `\trepositoryformatversion = ${extensions.length === 0 ? 0 : 1}`,
    '\tfilemode = true',
    '\tbare = false',
    '\tlogallrefupdates = true',
    ...(extensions.length === 0 ? [] : ['[extensions]', ...extensions]),
    '[remote "origin"]',
    `\turl = ${quoted(repository_url)}`,
    '\tfetch = +refs/heads/*:refs/remotes/origin/*',
    ...(partial === null ? [] : ['\tpromisor = true', `\tpartialclonefilter = ${partial}`]),
    ...(branch === null
      ? []
      : [`[branch ${quoted(branch)}]`, '\tremote = origin', `\tmerge = ${quoted(`refs/heads/${branch}`)}`]),
    ...(submodules ? ['[submodule]', '\tactive = .'] : []),
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Whether a name can be that of a branch, by the rules of git and some of caution. */
export function isBranchName(name: string): boolean {
  if (name.length === 0 || name.length > 200 || /[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|^[-/]|[/.]$/u.test(name) || name === '@') {
    return false;
  }
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}
