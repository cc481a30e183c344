import { after } from '@kintsugi/boundary';
import type { ActionInput, LogPage } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { eventFrame } from '../../events/domain/event-frame.js';

/** A page and what is sent of it, made once for all who read it. */
export interface SharedPage {
  page: LogPage;
  /** Empty where it has no lines. */
  frame: string;
}

/** A page is kept so long for those who are not as far yet. */
const keptMs = 1_000;
const pagesMax = 200;

/** Pages of followed logs: who reads the same place of the same log in the same moment gets the same answer. */
export class SharedPages {
  private readonly pages = new Map<string, Promise<SharedPage>>();

  constructor(private readonly ask: (request: ActionInput<'readJobLog'>, origin: Origin) => Promise<LogPage>) {}

  /** @param version of the log: what was empty may have lines in the next one */
  read(request: ActionInput<'readJobLog'>, version: number, origin: Origin): Promise<SharedPage> {
    const key = JSON.stringify([origin.actor.tenant, version, request]);
    const known = this.pages.get(key);
    if (known) return known;
    const made = this.ask(request, origin).then((page) => ({ page, frame: frameOf(page) }));
    this.pages.set(key, made);
    if (this.pages.size > pagesMax) this.pages.delete(this.pages.keys().next().value as string);
    made.catch(() => this.pages.delete(key));
    after('shared-pages.evict', keptMs, () => this.pages.delete(key)).unref();
    return made;
  }
}

function frameOf({ lines, next_cursor: cursor }: LogPage): string {
  return lines.length === 0 ? '' : eventFrame({ event: 'lines', ...(cursor ? { id: cursor } : {}), data: lines });
}
