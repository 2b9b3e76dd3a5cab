/**
 * A process that opens and pings ten new stores, the first at a given moment, so that several such processes meet.
 * Arguments: directory, moment in milliseconds since the epoch.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openEmbeddedStore } from '../../src/store/engine/embedded.ts';

const [directory = '', moment = '0'] = process.argv.slice(2);
for (let n = 0; n < 10; n += 1) {
  const at = Number(moment) + n * 150;
  await pause(Math.max(0, at - 20 - Date.now()));
  while (Date.now() < at);
  const store = await openEmbeddedStore({ directory: join(directory, String(n)) });
  await store.ping();
  await store.close();
}
