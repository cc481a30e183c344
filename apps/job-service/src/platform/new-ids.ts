import { Injectable } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';

/** Ids that nobody has had before, in the order in which they were made. */
@Injectable()
export class NewIds {
  uuid(): string {
    return uuidV7();
  }
}
