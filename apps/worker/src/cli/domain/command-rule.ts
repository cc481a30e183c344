/** A command that tasks may run, and with what. */
export interface CommandRule {
  name: string;
  /** Its absolute path: no PATH is searched. */
  executable: string;
  /** Arguments that stand before those of the task. */
  leading_arguments: readonly string[];
  /** Patterns of which each argument of a task has to match one. */
  arguments: readonly string[];
  /** Variables that a task may set. */
  environment: readonly string[];
  /** Variables that it is always given. */
  set_environment: Readonly<Record<string, string>>;
  /** Variables of the worker that it is given; their values are masked in what it says. */
  pass_environment: readonly string[];
  /** The longest that it may run. */
  timeout_s: number;
  /** Processes that it may have at once, itself included. */
  max_processes: number;
}

/** Processes of a command whose rule says nothing of them: more than a build needs, and far fewer than a machine has. */
export const processesByDefault = 512;

/** Variables by which whoever sets them has other code loaded than was allowed, or other programs found. */
const codeLoadingPrefixes =
  /^(LD|DYLD|GCONV|GLIBC|MALLOC|BASH|JAVA|JDK|GIT|SSH|NPM|KINTSUGI|OPENSSL|DOTNET|CORECLR|COR|LUA|XDG|CARGO|RSYNC)_|^_?(PYTHON|PERL|RUBY|JAVA_)|^(PHP|GEM|BUNDLER?)_/i;
const codeLoadingNames = new RegExp(
  `^(${[
    ...['PATH', 'IFS', 'ENV', 'HOME', 'SHELL', 'SHELLOPTS', 'PS4', 'PROMPT_COMMAND', 'NODE_OPTIONS', 'NODE_PATH', 'CLASSPATH'],
    ...['EDITOR', 'VISUAL', 'PAGER', 'MANPAGER', 'BROWSER', 'LESSOPEN', 'LESSCLOSE', 'LOCPATH', 'NLSPATH', 'RES_OPTIONS'],
    ...['HOSTALIASES', 'TAR_OPTIONS', 'MAKEFLAGS', 'GNUMAKEFLAGS', 'GOFLAGS', 'RUSTC_WRAPPER', 'CURL_HOME', 'WGETRC', 'PSQLRC'],
    ...['PHPRC', 'GEMRC'],
  ].join('|')})$|_OPTS$|_TOOL_OPTIONS$`,
  'i',
);

/** Whether no task may ever set it, whatever a rule says. */
export function loadsCode(name: string): boolean {
  return codeLoadingPrefixes.test(name) || codeLoadingNames.test(name);
}
