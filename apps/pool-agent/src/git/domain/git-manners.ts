/** The flags and the environment of every call of git: it asks nobody, reads no configuration but the one of its own folder, and runs nothing that a repository names. */

export const gitFlags: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'core.editor=false',
  'core.untrackedCache=false',
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
}

export function gitEnvironment({ searchPath, home, ceiling, transports }: GitSurroundings): Record<string, string> {
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
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_CEILING_DIRECTORIES: ceiling,
    GIT_ALLOW_PROTOCOL: transports.join(':'),
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=20',
    GIT_PAGER: 'cat',
    GIT_EDITOR: '/bin/false',
  };
}

export interface ConfigFacts {
  url: string;
  branch: string;
  objectFormat: 'sha1' | 'sha256';
}

/** The whole configuration of a working copy. It is compared and rewritten as text, so that nothing else is ever in it. */
export function configText({ url, branch, objectFormat }: ConfigFacts): string {
  const version = objectFormat === 'sha1' ? 0 : 1;
  return [
    '[core]',
    `\trepositoryformatversion = ${version}`,
    '\tfilemode = true',
    '\tbare = false',
    '\tlogallrefupdates = true',
    ...(version === 0 ? [] : ['[extensions]', `\tobjectformat = ${objectFormat}`]),
    '[remote "origin"]',
    `\turl = ${quoted(url)}`,
    '\tfetch = +refs/heads/*:refs/remotes/origin/*',
    `[branch ${quoted(branch)}]`,
    '\tremote = origin',
    `\tmerge = ${quoted(`refs/heads/${branch}`)}`,
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
