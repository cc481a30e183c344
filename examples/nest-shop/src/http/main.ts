import 'reflect-metadata';
import { Module, StandardSchemaValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { KintsugiModule } from '@kintsugi/nestjs';
import { Receipts } from '../receipts.js';
import { OrdersController } from './orders.controller.js';

@Module({
  imports: [KintsugiModule.forRootAsync({ useFactory: () => ({ worker: { slots: 20 }, events: { group: 'shop' } }) })],
  providers: [Receipts],
  controllers: [OrdersController],
})
class ShopModule {}

const app = await NestFactory.create(ShopModule, new FastifyAdapter());
app.useGlobalPipes(new StandardSchemaValidationPipe());
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
