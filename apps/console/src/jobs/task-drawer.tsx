import { Drawer, Stack, Text } from '@mantine/core';
import type { Task } from '@kintsugi/contracts';
import { Copyable } from '../display/copyable.js';
import { shownDuration } from '../display/domain/durations.js';
import { JsonValue } from '../display/json-value.js';
import { Moment } from '../display/moment.js';
import { Status } from '../display/status.js';
import { WaitingAtTask } from '../failures/waiting-recoveries.js';
import { useTexts } from '../texts/language.js';
import { TaskSteps } from './task-steps.js';

/** All that is known of one task. */
export function TaskDrawer({ task, onClose }: { task: Task | null; onClose: () => void }) {
  const say = useTexts();
  return (
    <Drawer opened={task !== null} onClose={onClose} position="right" size="lg" title={say('task.title')}>
      {task && (
        <Stack gap="sm">
          <Copyable text={task.id} />
          {task.key && <Copyable label={say('task.key')} text={task.key} />}
          <Status state={task.state} />
          <dl className="facts">
            <dt>{say('task.attempts')}</dt>
            <dd>{task.attempts}</dd>
            <dt>{say('task.started')}</dt>
            <dd>
              <Moment at={task.started_at} relative={false} />
            </dd>
            <dt>{say('task.took')}</dt>
            <dd>{task.duration_ms === null ? '–' : shownDuration(task.duration_ms)}</dd>
            {task.depends_on && task.depends_on.length > 0 && (
              <>
                <dt>{say('fact.awaited')}</dt>
                <dd className="mono">{task.depends_on.join(', ')}</dd>
              </>
            )}
            {task.next_attempt_at && (
              <>
                <dt>{say('task.next')}</dt>
                <dd>
                  <Moment at={task.next_attempt_at} />
                </dd>
              </>
            )}
          </dl>
          {task.error && (
            <Text size="sm" className="wrap status-bad">
              {task.error.error_type}: {task.error.error_message}
            </Text>
          )}
          {task.error && <WaitingAtTask task={task} errorType={task.error.error_type} />}
          <JsonValue label={say('task.payload')} value={task.payload} />
          {task.has_steps && <TaskSteps task={task} />}
          {task.result !== null && task.result !== undefined && <JsonValue label={say('task.result')} value={task.result} />}
          {task.logs && task.logs.length > 0 && <JsonValue label={say('task.logs')} value={task.logs.join('\n')} />}
        </Stack>
      )}
    </Drawer>
  );
}
