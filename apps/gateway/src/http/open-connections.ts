import { guarded } from '@kintsugi/boundary';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** The connections of this door, and which of them have a request under way. */
export class OpenConnections {
  private readonly open = new Set<Socket>();
  private readonly busy = new WeakMap<Socket, number>();

  watch(instance: FastifyInstance): void {
    const keep = (socket: Socket): void => {
      this.open.add(socket);
      socket.once(
        'close',
        guarded('open-connections.close', () => this.open.delete(socket)),
      );
    };
    instance.server.on('connection', guarded('open-connections', keep));
    instance.addHook('onRequest', ({ raw: { socket } }, _reply, done) => {
      this.busy.set(socket, (this.busy.get(socket) ?? 0) + 1);
      done();
    });
    instance.addHook('onResponse', ({ raw: { socket } }, _reply, done) => {
      const left = (this.busy.get(socket) ?? 1) - 1;
      if (left > 0) this.busy.set(socket, left);
      else this.busy.delete(socket);
      done();
    });
  }

  /** Closes those without a request under way; Node leaves a connection open on which none has ever come. */
  closeIdle(): void {
    for (const socket of this.open) if (!this.busy.has(socket)) socket.destroySoon();
  }

  closeAll(): void {
    for (const socket of this.open) socket.destroy();
  }
}
