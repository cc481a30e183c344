import { Schema } from 'mongoose';
import { alertSeverities, alertSignalNames } from '@kintsugi/contracts';
import { modelOptions } from '@kintsugi/persistence/models';
import type { AlertCondition } from '../domain/alert-condition.js';

const unchanging = { type: String, required: true, immutable: true };
const figure = { type: Number, required: true, min: 0 };
const seconds = { ...figure, max: 86_400 };

export const alertConditionSchema = new Schema<AlertCondition>(
  {
    _id: unchanging,
    name: unchanging,
    tenant: { type: String, default: null, immutable: true },
    user_id: unchanging,
    signal: { ...unchanging, enum: alertSignalNames },
    fires: { type: String, required: true, enum: ['above', 'below'] },
    threshold: figure,
    clear_at: figure,
    for_s: seconds,
    clear_for_s: seconds,
    window_s: { type: Number, required: true, min: 10, max: 3_600 },
    at_least: figure,
    objective: { type: Number, required: true, min: 0, max: 1 },
    type: { type: String, default: null, maxlength: 200 },
    severity: { type: String, required: true, enum: alertSeverities },
    summary: { type: String, default: '', maxlength: 300 },
    runbook_url: { type: String, default: null, maxlength: 2_000 },
    notify: { type: [String], required: true },
    inhibited_by: { type: [String], required: true },
    enabled: { type: Boolean, required: true },
    created_at: { type: Date, required: true, immutable: true },
    updated_at: { type: Date, required: true },
  },
  { ...modelOptions, collection: 'alert_conditions' },
);
