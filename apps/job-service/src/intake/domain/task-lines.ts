import { duplicateTaskProblem, taskLineOf, type TaskInput } from '@kintsugi/contracts';

/** The texts that stand for inline tasks in their chunks. Refuses tasks that are too large, too deep, or share an id. */
export function taskLinesOf(tasks: readonly TaskInput[]): string[] {
  const seen = new Set<string>();
  return tasks.map((task, index) => {
    const path = `data.tasks[${index}]`;
    if (task.id !== undefined) {
      if (seen.has(task.id)) throw duplicateTaskProblem(`${path}.id`, task.id);
      seen.add(task.id);
    }
    return taskLineOf(task, path);
  });
}
