import type { INestApplication } from '@nestjs/common';
import type { HttpDoor } from './http-door.js';
import { listenFault } from './listen-fault.js';

/** Has an app listen where its door is wanted, and says where that is. */
export async function listenOn(app: INestApplication, { wanted }: HttpDoor): Promise<string> {
  try {
    await app.listen(wanted.port.value, wanted.host.value);
  } catch (error) {
    throw listenFault(error, wanted);
  }
  return (await app.getUrl()).replace(/\/$/, '');
}
