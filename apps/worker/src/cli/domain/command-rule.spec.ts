import { expect, test } from '@jest/globals';
import { loadsCode } from './command-rule.js';

test.each([
  ...[
    'LD_PRELOAD',
    'ld_audit',
    'BASH_ENV',
    'BASH_FUNC_ls%%',
    'ENV',
    'PATH',
    'IFS',
    'PS4',
    'PROMPT_COMMAND',
    'HOME',
    'XDG_CONFIG_HOME',
  ],
  ...[
    'NODE_OPTIONS',
    'NODE_PATH',
    'PYTHONSTARTUP',
    'PYTHONPATH',
    'PERL5OPT',
    'RUBYOPT',
    'GEM_PATH',
    'GEMRC',
    'BUNDLE_GEMFILE',
    'PHPRC',
    'PHP_INI_SCAN_DIR',
  ],
  ...[
    'JAVA_TOOL_OPTIONS',
    '_JAVA_OPTIONS',
    'JDK_JAVA_OPTIONS',
    'MAVEN_OPTS',
    'CLASSPATH',
    'DOTNET_STARTUP_HOOKS',
    'COR_PROFILER',
  ],
  ...['CORECLR_PROFILER_PATH', 'LUA_INIT', 'OPENSSL_CONF', 'GIT_SSH_COMMAND', 'RSYNC_RSH', 'TAR_OPTIONS', 'MAKEFLAGS', 'GOFLAGS'],
  ...['RUSTC_WRAPPER', 'LESSOPEN', 'MANPAGER', 'CURL_HOME', 'WGETRC', 'KINTSUGI_COMMAND'],
])('%s decides what code is run', (name) => expect(loadsCode(name)).toBe(true));

test.each([
  'TZ',
  'LANG',
  'MODE',
  'PRICES_KEY',
  'NODE_ENV',
  'HOMEPAGE',
  'MY_PATH',
  'COLOR',
  'LESS_IS_MORE',
  'GOAL',
  'CORPUS',
  'GEMINI_API_KEY',
  'BUNDLES',
])('%s does not', (name) => expect(loadsCode(name)).toBe(false));
