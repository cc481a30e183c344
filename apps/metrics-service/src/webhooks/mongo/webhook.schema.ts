import { Schema } from 'mongoose';
import { webhookEvents, webhookFormats } from '@kintsugi/contracts';
import { modelOptions } from '@kintsugi/persistence/models';
import type { Webhook } from '../domain/webhook.js';

const unchanging = { type: String, required: true, immutable: true };

export const webhookSchema = new Schema<Webhook>(
  {
    _id: unchanging,
    name: unchanging,
    tenant: { type: String, default: null, immutable: true },
    user_id: unchanging,
    url: { type: String, required: true, maxlength: 2_000 },
    events: { type: [{ type: String, enum: webhookEvents }], required: true },
    format: { type: String, enum: webhookFormats },
    secret: { type: String, required: true },
    enabled: { type: Boolean, required: true },
    disabled_reason: { type: String, default: null },
    delivered: { type: Number, required: true },
    dead: { type: Number, required: true },
    failing_since: { type: Date, default: null },
    last_delivered_at: { type: Date, default: null },
    last_error: { type: String, default: null },
    created_at: { type: Date, required: true, immutable: true },
    updated_at: { type: Date, required: true },
  },
  { ...modelOptions, collection: 'webhooks' },
);
