/**
 * What `demo --keep` leaves running: `node kept-platform.js HOME` is `up` for the settings of its environment alone,
 * whatever the files say that hold the user's.
 */
import { stay } from '../commands/up.js';
import { attempt } from '../lazy-command.js';
import { surviveLostOutput } from '../terminal/lost-output.js';
import { PlatformReport } from '../terminal/platform-report.js';

const [home = ''] = process.argv.slice(2);
surviveLostOutput();
process.exitCode = await attempt(true, (context) => {
  const sources = [{ name: 'the demo', values: context.environment }];
  return stay(context, { home, isHomeNamed: true, sources, files: [] }, new PlatformReport(context));
});
