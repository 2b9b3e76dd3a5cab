import { german } from './german.ts';
import { germanSpeaking } from './german-speaking.ts';
import { northern } from './northern.ts';
import { overseas } from './overseas.ts';
import type { Row } from './row.ts';
import { southern } from './southern.ts';
import { western } from './western.ts';
import { worldwide } from './worldwide.ts';

/** A provider with several sets of hosts has several rows. Ids are permanent. */
export const providers: readonly Row[] = [
  ...worldwide,
  ...german,
  ...germanSpeaking,
  ...western,
  ...southern,
  ...northern,
  ...overseas,
];
