import { Body, Controller, Get, Post } from '@nestjs/common';
import type { Client, PayloadInput } from '@kintsugi/client';
import { InjectKintsugi, KintsugiHealth } from '@kintsugi/nestjs';
import { Receipts } from '../receipts.js';
import { sendReceipt } from '../send-receipt.js';

@Controller()
export class OrdersController {
  constructor(
    @InjectKintsugi() private readonly kintsugi: Client,
    private readonly receipts: Receipts,
    private readonly health: KintsugiHealth,
  ) {}

  @Post('orders')
  async order(@Body({ schema: sendReceipt.payload }) payload: PayloadInput<typeof sendReceipt>) {
    return this.kintsugi.submit(sendReceipt, { product_id: 'shop', sending_group_id: 'buyers' }, [{ payload }]);
  }

  @Get('unsent')
  unsent() {
    return [...this.receipts.unsent];
  }

  @Get('health')
  check() {
    return this.health.isHealthy();
  }
}
