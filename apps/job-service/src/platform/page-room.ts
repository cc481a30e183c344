import { jsonBytes } from '@kintsugi/contracts';

/** UTF-8 bytes of JSON that a page holds at most, but for a single item: it has to fit into one message. */
const pageBytes = 384 * 1024;

/** The room on a page of an answer. */
export class PageRoom {
  private items = 0;
  private bytes = 0;

  /** @param limit items that it holds at most */
  constructor(private readonly limit: number) {}

  /** Takes an item in; false, and nothing taken, where the page is full. The first item always finds room. */
  take(item: object): boolean {
    this.bytes += jsonBytes(item);
    if (this.items === this.limit || (this.items > 0 && this.bytes > pageBytes)) return false;
    this.items += 1;
    return true;
  }
}
