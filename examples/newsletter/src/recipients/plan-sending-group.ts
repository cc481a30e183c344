import { join } from 'node:path';
import { NonRetryable } from '@kintsugi/worker-sdk';
import { taskOfRecipient, type MessageOrder } from './domain/recipient.js';
import { sendingGroupFile } from './domain/sending-group-file.js';
import { RecipientListError, readRecipients } from './files/read-recipients.js';

/** A plan handler that makes a task of each recipient on the sending group's list, `<folder>/<sending_group_id>.csv`. */
export function planSendingGroup(folder: string) {
  return async function* ({ job }: { job: { sending_group_id: string } }): AsyncGenerator<{ id: string; payload: MessageOrder }> {
    const file = sendingGroupFile(job.sending_group_id);
    if (file === undefined) {
      throw new NonRetryable(
        `sending_group_id names a file here: letters, digits, dashes and underscores are allowed, got ${JSON.stringify(job.sending_group_id)}.`,
        { error_type: 'sending_group.invalid' },
      );
    }
    try {
      for await (const recipient of readRecipients(join(folder, file))) yield taskOfRecipient(recipient);
    } catch (error) {
      if (!(error instanceof RecipientListError)) throw error;
      throw new NonRetryable(error.message, { error_type: 'sending_group.invalid' });
    }
  };
}
