import { Stack, Table, Text } from '@mantine/core';
import type { RetryConfigDetails, RetryConfigDiff, RetryConfigVersion } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { act } from '../api/request.js';
import { shownValue } from '../audit/domain/what-changed.js';
import { Copyable } from '../display/copyable.js';
import { DataTable } from '../display/data-table.js';
import { httpOf } from '../display/domain/http-of.js';
import { shellWord } from '../display/domain/shell-word.js';
import { Moment } from '../display/moment.js';
import { Panel } from '../display/panel.js';
import { Asked } from '../display/states-of-asking.js';
import { useTexts, type Say } from '../texts/language.js';
import { comparisonCommand, comparisonOf, versionShown, type ShownVersion } from './domain/policy-versions.js';

/** The versions of a policy, and what one of them has changed. */
export function PolicyHistory({ details, wanted }: { details: RetryConfigDetails; wanted: number | undefined }) {
  const say = useTexts();
  const { error_type: errorType, history } = details;
  const shown = versionShown(history, wanted);
  return (
    <>
      <Panel title={say('policy.versions')}>
        <Versions errorType={errorType} history={history} shown={shown?.version.version} />
      </Panel>
      {shown && (
        <Panel title={say('policy.changes', { version: shown.version.version })}>
          {shown.isBeforeForgotten ? (
            <Text size="sm">{say('policy.forgotten')}</Text>
          ) : (
            <Comparison errorType={errorType} shown={shown} />
          )}
        </Panel>
      )}
    </>
  );
}

interface VersionsProps {
  errorType: string;
  history: readonly RetryConfigVersion[];
  /** That of which the change is shown. */
  shown: number | undefined;
}

function Versions({ errorType, history, shown }: VersionsProps) {
  const say = useTexts();
  return (
    <DataTable
      empty={{ of: 'policyVersions', values: { type: shellWord(errorType) } }}
      verticalSpacing={6}
      heads={(['version', 'at', 'who', 'what'] as const).map((head) => say(`policy.${head}`))}
    >
      {history.map((entry) => (
        <Table.Tr key={entry.version}>
          <Table.Td>
            <Link
              to="/policies/$errorType"
              params={{ errorType }}
              search={{ version: entry.version }}
              resetScroll={false}
              className="link"
              aria-current={entry.version === shown ? 'true' : undefined}
            >
              <Text span size="sm" fw={entry.version === shown ? 700 : 400}>
                {say('policy.versionOf', { version: entry.version })}
              </Text>
            </Link>
          </Table.Td>
          <Table.Td>
            <Moment at={entry.changed_at} />
          </Table.Td>
          <Table.Td className="wrap">{entry.changed_by}</Table.Td>
          <Table.Td>{whatOf(entry, say)}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

function whatOf({ config, reverted_to }: RetryConfigVersion, say: Say): string {
  const what = say(config ? 'policy.set' : 'policy.takenBack');
  return reverted_to === undefined ? what : say('policy.asVersion', { what, version: reverted_to });
}

function Comparison({ errorType, shown }: { errorType: string; shown: ShownVersion }) {
  const say = useTexts();
  const data = comparisonOf(errorType, shown);
  const comparison = useQuery({
    queryKey: ['policies', errorType, 'diff', data],
    queryFn: ({ signal }) => act('/error-operations', 'diffRetryConfig', data, signal),
  });
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {shown.before ? say('policy.since', { version: shown.before.version }) : say('policy.sinceNothing')}
      </Text>
      <Asked query={comparison}>{(diff) => <Changes diff={diff} />}</Asked>
      <Copyable label="CLI" text={comparisonCommand(data)} />
      <Copyable label="HTTP" text={httpOf({ endpoint: '/error-operations', body: { action: 'diffRetryConfig', data } })} />
    </Stack>
  );
}

function Changes({ diff: { changes } }: { diff: RetryConfigDiff }) {
  const say = useTexts();
  if (changes.length === 0) return <Text size="sm">{say('policy.same')}</Text>;
  return (
    <DataTable empty={null} heads={(['field', 'before', 'after'] as const).map((head) => say(`audit.${head}`))}>
      {changes.map(({ path, before, after }) => (
        <Table.Tr key={path}>
          <Table.Td className="mono">{path}</Table.Td>
          <Table.Td className="wrap">{shownValue(before)}</Table.Td>
          <Table.Td className="wrap">{shownValue(after)}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
