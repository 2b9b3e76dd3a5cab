/**
 * Opens the embedded store as another user, and says how that went. Arguments: directory, number of the user. The user is
 * changed here, after everything is loaded: the project may lie in a folder that others cannot enter.
 */
import { openEmbeddedStore } from '../../src/store/engine/embedded.ts';

const [directory = '', user = ''] = process.argv.slice(2);
process.setgroups?.([]);
process.setgid?.(Number(user));
process.setuid?.(Number(user));
try {
  await (await openEmbeddedStore({ directory })).close();
  process.stdout.write('opened\n');
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
