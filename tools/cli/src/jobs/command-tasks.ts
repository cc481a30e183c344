import { commandTaskSchema, type CommandTask } from '@kintsugi/contracts';
import { z } from 'zod';

/** A command as a task of a job, and what it is called in it. */
export interface NamedCommand {
  id: string;
  payload: CommandTask;
}

/** Commands by the kind of data that each is for: `{"data_types": [{"name": "prices", "argv": ["fetch", "prices"]}]}`, or the list alone. */
const dataTypesSchema = z.array(commandTaskSchema.extend({ name: z.string().min(1).max(128) })).min(1);

const documentSchema = z.union([
  dataTypesSchema,
  z.object({ data_types: dataTypesSchema }).transform(({ data_types }) => data_types),
]);

/** The commands of a file, one a data type; a text says what is wrong with it. */
export function commandsOf(text: string): NamedCommand[] | string {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  // Of a union only the branch that was meant says what is wrong.
  const branch = Array.isArray(given) ? dataTypesSchema : documentSchema.options[1];
  const read = branch.safeParse(given);
  if (!read.success) {
    return read.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`).join('; ');
  }
  return read.data.map(({ name, ...payload }) => ({ id: name, payload }));
}
