/** All hostile servers in a process of their own, so that what they do is not taken for what they cause. Prints their ports. */
import { hostileNames, hostileServers } from './hostile-servers.ts';
import { scope } from './scope.ts';

const servers = scope();
const address = process.argv[2] ?? '127.0.0.1';
const folder = await servers.folder();
const started = hostileNames.map(async (name) => {
  const { port } = await servers.start(hostileServers[name].start({ folder, address }));
  return [name, port] as const;
});
process.stdout.write(`${JSON.stringify(Object.fromEntries(await Promise.all(started)))}\n`);
// Whoever started it closes its input in the end, or dies.
process.stdin.resume().once('end', async () => {
  await servers.stop();
  process.exit();
});
