import { Controller, type Type } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  deadLetterActions,
  operations,
  subjects,
  type ActionRequest,
  type ActionResponse,
  type DeadLetterService,
} from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { TheOrigin } from '../../the-origin.js';
import { DeadLetters } from '../dead-letters.js';

/** What answers questions about the dead letters of a service. */
export function deadLettersControllerOf(service: DeadLetterService): Type {
  const { list, get, replay, discard } = deadLetterActions[service];

  @Controller()
  class DeadLettersController {
    constructor(private readonly letters: DeadLetters) {}

    @MessagePattern(subjects.request(service, list))
    list(
      @Payload({ schema: operations[list].request }) request: ActionRequest<typeof list>,
      @TheOrigin() { actor }: Origin,
    ): Promise<ActionResponse<typeof list>> {
      return this.letters.list(request, actor);
    }

    @MessagePattern(subjects.request(service, get))
    get(
      @Payload({ schema: operations[get].request }) { id }: ActionRequest<typeof get>,
      @TheOrigin() { actor }: Origin,
    ): Promise<ActionResponse<typeof get>> {
      return this.letters.get(id, actor);
    }

    @MessagePattern(subjects.request(service, replay))
    replay(
      @Payload({ schema: operations[replay].request }) { id }: ActionRequest<typeof replay>,
      @TheOrigin() { actor }: Origin,
    ): Promise<ActionResponse<typeof replay>> {
      return this.letters.replay(id, actor);
    }

    @MessagePattern(subjects.request(service, discard))
    discard(
      @Payload({ schema: operations[discard].request }) { id }: ActionRequest<typeof discard>,
      @TheOrigin() { actor }: Origin,
    ): Promise<ActionResponse<typeof discard>> {
      return this.letters.discard(id, actor);
    }
  }
  return DeadLettersController;
}
