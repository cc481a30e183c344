import { after } from '@kintsugi/boundary';
import type { ActionInput, LogPage } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { eventFrame } from '../../events/domain/event-frame.js';

/** What is sent of a page, made once for all who read it, and what is known beside it. The lines themselves are not kept. */
export interface SharedPage {
  /** Empty where it has no lines. */
  frame: string;
  cursor: string | null;
  isAtEnd: boolean;
  isOver: boolean;
}

/** A page is kept so long for those who are not as far yet. */
const keptMs = 1_000;
/** Of a quarter of a megabyte and more. */
const pagesMax = 64;

/** Pages of followed logs: who reads the same place of the same log in the same moment gets the same answer. */
export class SharedPages {
  private readonly pages = new Map<string, Promise<SharedPage>>();

  constructor(private readonly ask: (request: ActionInput<'readJobLog'>, origin: Origin) => Promise<LogPage>) {}

  /** @param version of the log: what was empty may have lines in the next one */
  read(request: ActionInput<'readJobLog'>, version: number, origin: Origin): Promise<SharedPage> {
    const key = JSON.stringify([origin.actor.tenant, version, request]);
    const known = this.pages.get(key);
    if (known) return known;
    const made = this.ask(request, origin).then(sharedPage);
    this.pages.set(key, made);
    if (this.pages.size > pagesMax) this.pages.delete(this.pages.keys().next().value as string);
    made.catch(() => this.pages.delete(key));
    after('shared-pages.evict', keptMs, () => this.pages.delete(key)).unref();
    return made;
  }
}

function sharedPage(page: LogPage): SharedPage {
  const { next_cursor: cursor, at_end: isAtEnd, is_over: isOver } = page;
  return { frame: frameOf(page), cursor, isAtEnd, isOver };
}

function frameOf({ lines, next_cursor: cursor }: LogPage): string {
  return lines.length === 0 ? '' : eventFrame({ event: 'lines', ...(cursor ? { id: cursor } : {}), data: lines });
}
