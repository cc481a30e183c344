import { existsSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  RecipientListError,
  csvText,
  generateRecipients,
  listSeed,
  mistypedDomain,
  readRecipients,
  recipientsFile,
  type Recipient,
} from '@kintsugi/newsletter';
import { Failure } from '../failure.js';
import type { DemoOptions } from './demo-options.js';

/** Who gets the demo's newsletter. */
export interface SendingGroup {
  /** Names the list in `folder`. */
  id: string;
  folder: string;
  recipients: { email: string }[];
}

const groupId = 'recipients';

/** The list that comes with the example, one of the user's, or an invented one of the size asked for. */
export async function prepareSendingGroup({ csv, tasks }: DemoOptions, demoFolder: string): Promise<SendingGroup> {
  if (csv === undefined && tasks === undefined) {
    return { id: groupId, folder: dirname(recipientsFile), recipients: await readList(recipientsFile) };
  }
  const listed = await readList(csv ?? recipientsFile, tasks);
  refuseTwins(listed);
  const invents = csv === undefined && tasks !== undefined && tasks > listed.length;
  const recipients = invents ? [...generateRecipients(tasks, listSeed)] : listed;
  const folder = join(demoFolder, 'groups');
  mkdirSync(folder, { recursive: true });
  await writeFile(join(folder, `${groupId}.csv`), csvText(recipients));
  return { id: groupId, folder, recipients };
}

/** The repair would send to one mailbox twice, and that is just what the demo's count must never find. */
function refuseTwins(recipients: Recipient[]): void {
  const { typed, meant } = mistypedDomain;
  const addresses = new Set(recipients.map(({ email }) => email.toLowerCase()));
  const twin = recipients.find(({ email }) => {
    const [name, domain] = email.toLowerCase().split('@');
    return domain === typed && addresses.has(`${name}@${meant}`);
  });
  if (!twin) return;
  throw new Failure('FILE_UNREADABLE', `The list has ${twin.email} and the same mailbox at ${meant}.`, {
    advice: `Leave one of them out: the demo repairs ${typed} to ${meant}, and would send there twice.`,
  });
}

async function readList(path: string, most = Infinity): Promise<Recipient[]> {
  if (!existsSync(path)) {
    throw new Failure('FILE_UNREADABLE', `There is no file ${path}.`, { advice: 'Give --csv the path of a list of recipients.' });
  }
  const recipients: Recipient[] = [];
  try {
    for await (const recipient of readRecipients(path)) {
      if (recipients.length === most) break;
      recipients.push(recipient);
    }
  } catch (error) {
    if (!(error instanceof RecipientListError)) throw error;
    throw new Failure('FILE_UNREADABLE', error.message, {
      advice: 'The first line names the columns: id and email, and if you like name and language.',
    });
  }
  return recipients;
}
