/**
 * `node bench/crash.ts [KILLS]`: whole journeys while the bot is killed at random moments, fifty times each: one process
 * on each engine, two processes on one PostgreSQL. Ends with 1 when a case or a message was lost, or repeated unmarked.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Crashes, runCrashes } from '../test/crash/run.ts';
import { startPostgres } from '../test/databases/postgres.ts';

const kills = Number(process.argv[2] ?? 50);
const directory = await mkdtemp(join(tmpdir(), 'bench-crash-'));
const server = await startPostgres({ fsync: 'on' });
let failed = false;

const round = async (name: string, address: string, how: Omit<Crashes, 'kills'>): Promise<void> => {
  const { faults, journeys, messages, repeats } = await runCrashes(address, { kills, ...how });
  failed ||= faults.length > 0;
  console.log(
    `${name}: ${kills} kills in ${journeys} journeys, ${messages} messages; lost or wrong: ${faults.length}, posted again and marked: ${repeats}`,
  );
  for (const fault of faults) console.log(`  ${fault}`);
};

try {
  await round('embedded, one process', directory, { processes: 1, atOnce: 4 });
  await round('PostgreSQL, one process', await server.createDatabase(), { processes: 1, atOnce: 4 });
  await round('PostgreSQL, two processes', await server.createDatabase(), { processes: 2, atOnce: 4 });
} finally {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
