/** A thread that talks to mail servers. What a server makes it do holds up nobody but the others here. */
import { parentPort, workerData } from 'node:worker_threads';
import { discover } from '../discovery/discover.ts';
import { createGuard } from '../net/guard.ts';
import { createNetwork } from '../net/network.ts';
import { answersAt } from '../probe/answers.ts';
import { diagnose } from '../probe/diagnose.ts';
import { parseAuthorities } from '../probe/trust.ts';
import { Secret } from '../secret.ts';
import type { Order, Report, Surroundings, Task } from './messages.ts';

const surroundings: Surroundings = workerData;
const { allowNetworks, allowPorts, nameServers, proposedPorts } = surroundings;
const network = createNetwork({
  guard: createGuard({ restricted: true, allowNetworks, allowPorts }),
  nameServers,
});
const authorities = surroundings.authorities.flatMap(parseAuthorities);

const say = (report: Report): void => parentPort?.postMessage(report);

const secretOf = (password: Uint8Array | null): Secret | null => {
  if (password === null) return null;
  const secret = new Secret(new TextDecoder().decode(password));
  password.fill(0);
  return secret;
};

const run = async (id: number, task: Task, signal: AbortSignal): Promise<Report> => {
  if (task.type === 'discover') {
    const proposal = await discover(task.address, {
      withinMs: task.withinMs,
      network,
      authorities,
      allowedPorts: proposedPorts,
      signal,
      answers: (endpoint, until) => answersAt(endpoint, { network, signal: until }),
    });
    return { id, type: 'discovered', proposal };
  }
  const { account, password, timeoutMs, extents } = task;
  const secret = secretOf(password);
  await diagnose(account, {
    network,
    authorities,
    signal,
    timeoutMs,
    ...(secret ? { secret } : {}),
    ...(extents ? { extents } : {}),
    onObservation: (seen) => say({ id, type: 'seen', seen }),
  });
  return { id, type: 'probed' };
};

const underWay = new Map<number, AbortController>();

parentPort?.on('message', ({ id, task }: Order) => {
  if (task === null) return underWay.get(id)?.abort();
  const calledOff = new AbortController();
  underWay.set(id, calledOff);
  run(id, task, calledOff.signal)
    .catch((error: unknown): Report => ({ id, type: 'failed', message: String(error) }))
    .then(say)
    .finally(() => underWay.delete(id));
});
