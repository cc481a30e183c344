import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { fileNames } from './file-names.js';

const check = (...paths: string[]) => reportOf(fileNames, treeOf(Object.fromEntries(paths.map((path) => [path, '']))));

describe('file names', () => {
  test.each([
    ['apps/job-service/src/utils.ts', 'utils says nothing'],
    ['apps/job-service/src/helpers/clock.ts', 'helpers says nothing'],
    ['libs/shared/common/src/index.ts', 'common says nothing'],
    ['apps/job-service/src/jobs/job.types.ts', 'types says nothing'],
    ['apps/job-service/src/jobs/jobs.service.ts', 'service says nothing'],
    ['tools/cli/src/string-utils.ts', 'utils says nothing'],
    ['apps/job-service/src/jobLifecycle.ts', 'jobLifecycle is not kebab-case'],
    ['apps/job-service/src/Jobs/domain.ts', 'Jobs is not kebab-case'],
    ['apps/job-service/src/jobs/jobs.repository.ts', '.repository is not a role'],
    ['tests/integration/stray.int-spec.ts', 'a test of this kind stands in'],
    ['tests/system/job.int-spec.ts', 'a test of this kind stands in'],
    ['tests/integration/messaging/bus.spec.ts', 'a test of this kind stands in'],
    ['docs/adr/outbox.md', 'a decision is called'],
  ])('%s is refused', (path, message) => {
    expect(check(path)[0]).toContain(message);
  });

  test('names of the house pass', () => {
    expect(
      check(
        'apps/job-service/src/jobs/domain/job-lifecycle.ts',
        'apps/job-service/src/jobs/domain/job-lifecycle.spec.ts',
        'apps/job-service/src/job-service.config.ts',
        'tests/integration/messaging/bus.int-spec.ts',
        'tests/system/job-completes.sys-spec.ts',
        'docs/adr/0001-outbox.md',
        'examples/newsletter/README.md',
        'examples/newsletter/.gitkeep',
      ),
    ).toEqual([]);
  });
});
