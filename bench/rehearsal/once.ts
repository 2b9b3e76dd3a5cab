/** One rehearsal in a process of its own. Prints how long it took and the most memory that the process ever had. */
import { checkerOf, rehearsedMs } from './account.ts';

const check = await checkerOf(JSON.parse(process.argv[2] ?? '{}'));
const result = await check({ patienceMs: 3_000 });
const { maxRSS } = process.resourceUsage();
process.stdout.write(JSON.stringify({ tookMs: rehearsedMs(result), peakMb: maxRSS / 1024 }));
process.exit(0);
