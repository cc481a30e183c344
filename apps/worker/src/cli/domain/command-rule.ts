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
const codeLoadingNames =
  /^(LD_|DYLD_|GCONV_|GLIBC_|MALLOC_|BASH_|PYTHON|PERL|RUBY|JAVA_|JDK_|GIT_|SSH_|NPM_|KINTSUGI_)|^(PATH|IFS|ENV|SHELLOPTS|PS4|NODE_OPTIONS|NODE_PATH|CLASSPATH|EDITOR|VISUAL|PAGER|LOCPATH|NLSPATH|RES_OPTIONS|HOSTALIASES)$|_OPTS$|_TOOL_OPTIONS$/i;

/** Whether no task may ever set it, whatever a rule says. */
export function loadsCode(name: string): boolean {
  return codeLoadingNames.test(name);
}
