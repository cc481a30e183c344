import type { RetryTrial } from '@kintsugi/contracts';
import { DataTable } from '../display/data-table.js';
import { shownDuration } from '../display/domain/durations.js';
import { waitsOf, type Wait } from '../policies/domain/policy-trial.js';
import { useTexts } from '../texts/language.js';
import { Table, Text } from '@mantine/core';

/** The waits before each run that would follow, by what holds and by what is tried, drawn to one scale. */
export function DelayChart({ now, tried }: { now: RetryTrial; tried: RetryTrial | undefined }) {
  const say = useTexts();
  const { runs, longestSeconds } = waitsOf(now, tried);
  if (runs.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {say('lab.noRetries')}
      </Text>
    );
  }
  return (
    <DataTable empty={null} verticalSpacing={4} heads={[say('lab.run'), say('lab.waitNow'), say('lab.waitTried')]}>
      {runs.map((wait) => (
        <Table.Tr key={wait.run}>
          <Table.Td className="number">{wait.run}</Table.Td>
          <Table.Td>
            <Bar wait={wait.now} longestSeconds={longestSeconds} kind="now" />
          </Table.Td>
          <Table.Td>
            <Bar wait={wait.tried} longestSeconds={longestSeconds} kind="tried" />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

/** A wait as a bar: what it is at least is drawn full, what chance may add is drawn light. */
function Bar({ wait, longestSeconds, kind }: { wait: Wait | null; longestSeconds: number; kind: 'now' | 'tried' }) {
  const say = useTexts();
  if (wait === null) return <span className="delay-none">{say('lab.noRun')}</span>;
  const { fromSeconds, toSeconds } = wait;
  const share = (seconds: number): string => `${(100 * seconds) / Math.max(longestSeconds, 0.001)}%`;
  const text =
    fromSeconds === toSeconds
      ? shownDuration(toSeconds * 1_000)
      : `${shownDuration(fromSeconds * 1_000)} – ${shownDuration(toSeconds * 1_000)}`;
  return (
    <div className={`delay delay-${kind}`}>
      <div className="delay-track" aria-hidden>
        <i className="delay-most" style={{ width: share(toSeconds) }} />
        <i className="delay-least" style={{ width: share(fromSeconds) }} />
      </div>
      <span className="number">{text}</span>
    </div>
  );
}
