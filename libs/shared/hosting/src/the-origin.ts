import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { originOf, type Msg, type Origin } from '@kintsugi/messaging';

/** Who asks for what a handler is about to do. */
export const TheOrigin = createParamDecorator((_: unknown, context: ExecutionContext): Origin =>
  originOf(context.switchToRpc().getContext<Msg>()),
);
