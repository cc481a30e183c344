import { describe, expect, test } from '@jest/globals';
import { diagramOf, lifecyclesPage } from './lifecycles-page.js';

const transitions = {
  start: { from: ['pending'], to: 'running', about: 'It starts.' },
  restart: { from: ['pending'], to: 'running', about: 'It starts again.' },
  cancel: { from: ['pending', 'running'], to: 'cancelled', emits: 'job.cancelled', about: 'It is stopped.' },
};

describe('lifecycles', () => {
  test('moves between the same states share an arrow, and final states lead out', () => {
    const diagram = diagramOf(transitions);
    expect(diagram).toContain('  pending --> running: start, restart\n');
    expect(diagram).toContain('  cancelled --> [*]\n');
    expect(diagram.startsWith('```mermaid\nstateDiagram-v2\n')).toBe(true);
  });

  test('a move from every other state is drawn once', () => {
    const diagram = diagramOf(transitions);
    expect(diagram).toContain('  any_state --> cancelled: cancel\n');
    expect(diagram).not.toContain('running --> cancelled');
  });

  test('a move from nowhere is the creation', () => {
    expect(diagramOf({ accept: { from: [], to: 'pending', about: 'It is accepted.' } })).toContain('  [*] --> pending: accept\n');
  });

  test('each state is told by what leads into it and out of it', () => {
    const page = lifecyclesPage([
      { subject: 'job', source: 'apps/job-service/src/jobs/domain/job-lifecycle.ts', transitions },
    ]).body.join('\n');
    expect(page).toContain('| `running` | `start`, `restart` | `cancel` |');
    expect(page).toContain('| `cancelled` | `cancel` | nothing: it is final |');
    expect(page).toContain('[`job.cancelled`](events.md#jobcancelled)');
  });
});
