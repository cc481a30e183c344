import { Button, Group, Table } from '@mantine/core';
import type { KeyView } from '@kintsugi/contracts';
import { DataTable } from '../display/data-table.js';
import { Moment } from '../display/moment.js';
import { useSession } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import type { KeyDeed } from './key-dialog.js';

const tones = { good: 'good', expired: 'off', revoked: 'bad' } as const;
const deeds = ['rotate', 'revoke'] as const;

/** API keys, a row each; that of whoever looks is marked. */
export function KeysTable({ keys, onAsk }: { keys: readonly KeyView[]; onAsk: (deed: KeyDeed, key: KeyView) => void }) {
  const say = useTexts();
  const own = useSession().data?.key_id;
  const heads = ['id', 'role', 'tenant', 'status', 'created', 'rotated', 'expires'] as const;
  return (
    <DataTable empty={{ of: 'keys' }} verticalSpacing={8} heads={heads.map((head) => say(`apiKeys.${head}`))} hasActions>
      {keys.map((key) => (
        <Table.Tr key={key.id}>
          <Table.Td>
            <span className="mono">{key.id}</span> {key.id === own && <small>({say('apiKeys.yours')})</small>}
          </Table.Td>
          <Table.Td>{key.role}</Table.Td>
          <Table.Td>{key.tenant ?? say('webhook.everyTenant')}</Table.Td>
          <Table.Td>
            <span className={`status status-${tones[key.status]}`}>{say(`key.${key.status}`)}</span>
          </Table.Td>
          <Table.Td>
            <Moment at={key.created_at} />
          </Table.Td>
          <Table.Td>
            <Moment at={key.rotated_at} />
            {key.former_until && (
              <div>
                {say('apiKeys.formerUntil')} <Moment at={key.former_until} />
              </div>
            )}
          </Table.Td>
          <Table.Td>
            <Moment at={key.revoked_at ?? key.expires_at} />
          </Table.Td>
          <Table.Td>
            {key.status !== 'revoked' && (
              <Group gap={4} wrap="nowrap">
                {deeds.map((deed) => (
                  <Button key={deed} size="compact-xs" variant="default" onClick={() => onAsk(deed, key)}>
                    {say(`key.${deed}`)}
                  </Button>
                ))}
              </Group>
            )}
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
