import { Table, Text } from '@mantine/core';
import { DataTable } from '../display/data-table.js';
import { useTexts, type Say } from '../texts/language.js';
import type { KnownSetting, ServiceSettings, ShownSetting } from './domain/settings-of-services.js';

/** The settings of a service, a row each; those that are not as they come are marked. */
export function SettingsTable({ of }: { of: ServiceSettings }) {
  const say = useTexts();
  const heads = ['name', 'value', 'default', 'type'] as const;
  return (
    <DataTable empty={null} verticalSpacing={8} heads={heads.map((head) => say(`settings.${head}`))}>
      {of.settings.map((setting) => (
        <Row key={setting.name} setting={setting} />
      ))}
    </DataTable>
  );
}

function Row({ setting: { name, values, known, isChanged } }: { setting: ShownSetting }) {
  const say = useTexts();
  return (
    <Table.Tr>
      <Table.Td className="setting-name">
        <span className="mono">{name}</span>
        <Text size="xs" c="dimmed" className="wrap">
          {known?.meaning ?? say('settings.unknown')}
        </Text>
      </Table.Td>
      <Table.Td className="setting-value">
        {values.map(({ value, instances }) => (
          <div key={value} className="mono">
            {value === '' ? say('settings.empty') : value}
            {values.length > 1 && <small> ({instances.join(', ')})</small>}
          </div>
        ))}
        {isChanged && <span className="status status-busy">{say('settings.changed')}</span>}
      </Table.Td>
      <Table.Td className={`setting-value${known?.named_after_host ? '' : ' mono'}`}>{defaultOf(known, say)}</Table.Td>
      <Table.Td className="wrap">{known?.type ?? '–'}</Table.Td>
    </Table.Tr>
  );
}

function defaultOf(known: KnownSetting | null, say: Say): string {
  if (known?.named_after_host) return say('settings.hostName');
  return known?.fallback === '' ? say('settings.empty') : (known?.fallback ?? '–');
}
