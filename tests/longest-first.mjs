import Sequencer from '@jest/test-sequencer';

/** What takes nearly a minute and more, the longest first: begun last, it would run on alone. Jest itself knows it only after a first run. */
const longest = [
  'ten-seeds-of-chaos.sys-spec.ts',
  'no-message-ends-a-process.sys-spec.ts',
  'demo-delivers-each-message-once.sys-spec.ts',
  'up-restarts-what-dies.sys-spec.ts',
  'packages-install-anywhere.sys-spec.ts',
  'the-console-is-for-everybody.sys-spec.ts',
  'corruption-cases.int-spec.ts',
  'cli/commands.int-spec.ts',
  'job-service/commands.int-spec.ts',
  'no-secret-is-shown.int-spec.ts',
  'every-command-in-any-order.spec.ts',
];

export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const rankOf = ({ path }) => {
      const rank = longest.findIndex((name) => path.endsWith(`/${name}`));
      return rank < 0 ? longest.length : rank;
    };
    return (await super.sort(tests)).toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
