import { Alert, Anchor, Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { logLevels } from '@kintsugi/contracts';
import { useState } from 'react';
import { prefix } from '../api/request.js';
import { Copyable } from '../display/copyable.js';
import { useTexts } from '../texts/language.js';
import { plainText } from './domain/ansi.js';
import { commandOf, type LogFilter } from './domain/log-filter.js';
import type { FollowedLog } from './log-reader.js';
import { LogRows } from './log-rows.js';
import { useLog } from './use-log.js';

interface LogViewerProps {
  jobId: string;
  filter: LogFilter;
  onFilter: (filter: LogFilter) => void;
}

/** What the tasks of a job have written: followed, searched and filtered, with a link to each line. */
export function LogViewer({ jobId, filter, onFilter }: LogViewerProps) {
  const say = useTexts();
  const isPlaced = filter.line !== undefined || filter.from === 'start';
  const [wantsFollow, follow] = useState(true);
  const follows = wantsFollow && !isPlaced;
  const log = useLog(jobId, filter, follows);
  const change = (part: LogFilter): void => onFilter({ ...filter, line: undefined, ...part });
  return (
    <Stack gap="xs">
      <Filters key={`${filter.text} ${filter.task}`} filter={filter} change={change} />
      <Group gap="sm" justify="space-between">
        <Group gap="sm">
          <Checkbox
            size="xs"
            label={say('logs.follow')}
            checked={follows}
            onChange={(event) => {
              follow(event.currentTarget.checked);
              if (event.currentTarget.checked && isPlaced) change({ from: undefined });
            }}
          />
          <Text size="xs" c="dimmed" role="status">
            {say(`logs.${log.connection}`)} · {say('logs.count', { count: log.lines.length.toLocaleString() })}
          </Text>
        </Group>
        <Group gap="xs">
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => change({ from: filter.from === 'start' ? undefined : 'start' })}
          >
            {say(filter.from === 'start' ? 'logs.fromEnd' : 'logs.fromStart')}
          </Button>
          <CopyLines log={log} />
          <Anchor size="xs" href={`${prefix}/logs/download/${jobId}${filter.task ? `?task_id=${filter.task}` : ''}`} download>
            {say('logs.download')}
          </Anchor>
        </Group>
      </Group>
      {log.fault && (
        <Alert color="orange" p="xs" role="alert">
          {say('logs.fault', { fault: log.fault })}
        </Alert>
      )}
      {log.dropped > 0 && (
        <Text size="xs" c="dimmed">
          {say('logs.dropped', { count: log.dropped.toLocaleString() })}
        </Text>
      )}
      <LogRows jobId={jobId} log={log} filter={filter} follows={follows} />
      <Copyable label="CLI" text={commandOf(jobId, filter)} />
    </Stack>
  );
}

function Filters({ filter, change }: { filter: LogFilter; change: (part: LogFilter) => void }) {
  const say = useTexts();
  const [text, type] = useState(filter.text ?? '');
  const [task, name] = useState(filter.task ?? '');
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        change({ text: text || undefined, task: task.trim() || undefined, attempt: undefined });
      }}
    >
      <Group gap="xs" align="end">
        <TextInput
          type="search"
          size="xs"
          className="grow"
          label={say('logs.search')}
          placeholder={say('logs.searchHint')}
          value={text}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          className="grow"
          label={say('logs.task')}
          placeholder="task_…"
          value={task}
          onChange={(event) => name(event.currentTarget.value)}
        />
        <Select
          size="xs"
          w={120}
          label={say('logs.level')}
          value={filter.level ?? ''}
          allowDeselect={false}
          data={[{ value: '', label: say('logs.everyLevel') }, ...logLevels.map((value) => ({ value, label: value }))]}
          onChange={(level) => change({ text: text || undefined, level: level || undefined })}
        />
        <Button type="submit" size="xs" variant="default">
          {say('logs.find')}
        </Button>
      </Group>
    </form>
  );
}

function CopyLines({ log }: { log: FollowedLog }) {
  const say = useTexts();
  const { copy, copied } = useClipboard();
  return (
    <Button size="compact-xs" variant="default" onClick={() => copy(log.lines.map(({ text }) => plainText(text)).join('\n'))}>
      {say(copied ? 'copy.done' : 'copy.do')}
    </Button>
  );
}
