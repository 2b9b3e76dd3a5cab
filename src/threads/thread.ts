/** A thread that talks to mail servers. What a server makes it do holds up nobody but the others here. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { isSending } from '../diagnosis/observed/rehearsal.ts';
import { withTimeout } from '../lib/timeout.ts';
import { createGuard } from '../net/guard.ts';
import { createNetwork } from '../net/network.ts';
import { diagnose } from '../probe/diagnose.ts';
import { lookOnce } from '../probe/look-once.ts';
import { parseAuthorities } from '../probe/tls/trust.ts';
import { Secret } from '../secret.ts';
import type { Order, ProbeSurroundings, Report, Task } from './messages.ts';

/** Less than the thread that answers people. On Linux this is of a thread, elsewhere of the whole process. */
const niceness = 5;
if (process.platform === 'linux') setPriority(niceness);

const surroundings: ProbeSurroundings = workerData;
const { allowNetworks, allowPorts, nameServers, proposedPorts } = surroundings;
const network = createNetwork({
  guard: createGuard({ restricted: true, allowNetworks, allowPorts }),
  nameServers,
});
const authorities = surroundings.authorities.flatMap(parseAuthorities);

/** Loaded beside the first checks: whoever types an address waits less than a second, and this takes half of one on a busy machine. */
const discovery = import('../discovery/discover.ts');

const say = (report: Report): void => parentPort?.postMessage(report);

const secretOf = (password: Uint8Array | null): Secret | null => {
  if (password === null) return null;
  const secret = new Secret(new TextDecoder().decode(password));
  password.fill(0);
  return secret;
};

const run = async (id: number, task: Task, signal: AbortSignal): Promise<Report> => {
  if (task.type === 'discover') {
    const { discover } = await discovery;
    const proposal = await discover(task.address, {
      withinMs: task.withinMs,
      network,
      authorities,
      allowedPorts: proposedPorts,
      signal,
      look: lookOnce,
    });
    return { id, type: 'discovered', proposal };
  }
  const { account, password, timeoutMs, extents, pinned, rehearsal } = task;
  const secret = secretOf(password);
  await diagnose(account, {
    network,
    authorities,
    signal,
    timeoutMs,
    ...(secret ? { secret } : {}),
    ...(extents ? { extents } : {}),
    ...(pinned ? { pinned } : {}),
    ...(rehearsal ? { rehearsal } : {}),
    onObservation: (seen) => {
      say({ id, type: 'seen', seen });
      return isSending(seen) ? heard(id) : undefined;
    },
  });
  return { id, type: 'probed' };
};

const underWay = new Map<number, { calledOff: AbortController; heard: PromiseWithResolvers<void> }>();

/** Whoever is not heard in this time sends nothing, and calls itself off. In milliseconds. */
const unheardMs = 5_000;

const heard = async (id: number): Promise<void> => {
  const known = underWay.get(id);
  if (known) await withTimeout(unheardMs, known.heard.promise, () => known.calledOff.abort());
};

parentPort?.on('message', ({ id, task }: Order) => {
  if (task === null) return underWay.get(id)?.calledOff.abort();
  if (task === 'heard') return underWay.get(id)?.heard.resolve();
  const calledOff = new AbortController();
  underWay.set(id, { calledOff, heard: Promise.withResolvers() });
  run(id, task, calledOff.signal)
    .catch((error: unknown): Report => ({ id, type: 'failed', message: String(error) }))
    .then(say)
    .finally(() => underWay.delete(id));
});
