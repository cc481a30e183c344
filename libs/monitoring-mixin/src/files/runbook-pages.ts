import { allAlerts } from '../alerts/all-alerts.js';
import type { Alert } from '../alerts/alert.js';

const note =
  '<!-- Written by libs/monitoring-mixin. Do not edit: change the source and run `node tools/generate-docs/dist/main.js`. -->';

/** A page for each alert, by file name, and one that lists them. */
export function runbookPages(): Map<string, string> {
  return new Map([['README.md', listing()], ...allAlerts.map((alert): [string, string] => [`${alert.name}.md`, pageOf(alert)])]);
}

function listing(): string {
  const rows = allAlerts.map(({ name, severity, runbook }) => `| [${name}](${name}.md) | ${severity} | ${runbook.means} |`);
  return (
    [
      note,
      '# Runbooks',
      'What each alert means and what to do. How they come to you is told in [watching it](../monitoring.md).',
      table(rows),
    ].join('\n\n') + '\n'
  );
}

function table(rows: readonly string[]): string {
  return ['| Alert | Severity | Means |', '| --- | --- | --- |', ...rows].join('\n');
}

function pageOf({ name, severity, expr, for: held, runbook, dashboard }: Alert): string {
  const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
  const urgency = severity === 'page' ? 'Somebody has to look at it at once.' : 'Somebody has to look at it on a working day.';
  const when = held === '0s' ? 'at once' : `after ${held}`;
  return (
    [
      note,
      `# ${name}`,
      `${runbook.means} ${urgency}`,
      `It fires ${when} while this is so (dashboard \`${dashboard}\`):`,
      `\`\`\`promql\n${expr}\n\`\`\``,
      '## Look',
      list(runbook.look),
      '## Mend',
      list(runbook.mend),
      '## Be left in peace',
      `\`\`\`sh\namtool silence add alertname=${name} --duration=2h --comment='why'\n\`\`\``,
    ].join('\n\n') + '\n'
  );
}
