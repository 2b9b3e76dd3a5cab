/** Which of the places that were named is proposed: the best that a check would let pass, else the best at all. */
import { isIP } from 'node:net';
import { type Endpoint, encryptionOfPort, type Service } from '../diagnosis/account/endpoint.ts';
import { asciiName } from '../diagnosis/account/host.ts';
import { pause } from '../lib/pause.ts';
import type { Network } from '../net/network.ts';
import type { Candidate } from './candidate.ts';
import type { Glance } from './glance.ts';
import { followAliases } from './recognise.ts';
import { isKnownHost } from './table.ts';

export type Choice = {
  endpoint: Endpoint;
  candidate: Candidate;
  /** Not the name that the source gave, but another one of the same server. */
  isOtherName: boolean;
  /** What the source says of this very server, else of all of its own. */
  username: string | null;
};

export type Choosing = {
  network: Network;
  /** Each place is looked at once. */
  glance(endpoint: Endpoint): Promise<Glance>;
  signal: AbortSignal;
  /** The answer is due. */
  over: Promise<void>;
};

/** The next place is tried so long after the one before (as RFC 8305 §8 has it for addresses), in milliseconds. */
const attemptDelayMs = 250;
/** How long a better place keeps a worse one waiting, and a place that was named the sources behind it. */
const patienceMs = 500;
/** How long whoever was told nothing waits for those who may have been, before it knocks by itself. */
const headStartMs = { named: 250, guessed: 500 } as const;
/** Other names of one server. */
const mostOtherNames = 3;

type Place = {
  endpoint: Endpoint;
  /** The same server as the source has named it. */
  named: Endpoint;
  isOtherName: boolean;
  glance: Glance | null;
};
type Trial = {
  candidate: Candidate;
  places: Place[];
  /** False: the domain says that there is no such service. */
  isOffered(endpoint: Endpoint): boolean;
};

const isGuessed = ({ candidate }: Trial): boolean => candidate.trust === 'guessed';

/** Whoever names a server may know that its certificate is of its own making; among guesses a better one is looked for. */
const isGood = (trial: Trial, { endpoint, glance }: Place): boolean =>
  trial.isOffered(endpoint) &&
  (glance?.answer === 'sound' || (glance?.answer === 'untrusted' && !isGuessed(trial)));

const hasAnswered = ({ glance }: Place): boolean =>
  glance !== null && !['silent', 'absent', 'foreign'].includes(glance.answer);

/** What a host is called besides: where its name leads, and what its certificate says and leads to the same address. */
const otherNames = async (
  { asciiHost }: Endpoint,
  { names, addresses }: Glance,
  { network, signal }: Choosing,
): Promise<string[]> => {
  const aliases = await followAliases(asciiHost, { records: network.records, signal });
  // An address is no name that a server can be asked for by.
  const carried = names.filter((name) => asciiName(name) === name && name.includes('.') && isIP(name) === 0);
  const same = await Promise.all(
    carried.slice(0, mostOtherNames).map(async (name) => {
      const found = await network.resolve(name, signal);
      return found.addresses.some((address) => addresses.includes(address)) ? [name] : [];
    }),
  );
  const all = new Set([...aliases.toReversed(), ...same.flat()]);
  return [...all].filter((name) => name !== asciiHost).slice(0, mostOtherNames);
};

/** Looks at places one after another, a head start apart, until one is good and no better one can be. */
const tryInOrder = async (trial: Trial, places: readonly Place[], choosing: Choosing): Promise<void> => {
  const { glance, signal, over } = choosing;
  const running: Promise<void>[] = [];
  for (const place of places) {
    if (signal.aborted || trial.places.some((one) => isGood(trial, one))) break;
    const looked = glance(place.endpoint).then((found) => {
      place.glance = found;
    });
    running.push(looked);
    await Promise.race([looked, pause(attemptDelayMs, signal)]);
  }
  const longEnough = pause(patienceMs, signal);
  for (const [index, looked] of running.entries()) {
    await Promise.race([looked, longEnough]);
    const place = places[index];
    if (place && isGood(trial, place)) return;
  }
  // A guess counts only when it answers, and there is nobody behind it who waits. The looks end a little before the answer
  // is due, with what they have seen.
  if (isGuessed(trial) && !places.some(hasAnswered)) await Promise.race([Promise.all(running), over]);
};

const tryOtherNames = async (trial: Trial, choosing: Choosing): Promise<void> => {
  for (const { endpoint, named, glance } of trial.places.slice()) {
    if (glance?.answer !== 'faulty' || choosing.signal.aborted) continue;
    const names = await otherNames(endpoint, glance, choosing);
    const places = names
      .filter((name) => trial.places.every((one) => one.endpoint.asciiHost !== name))
      .map(
        (name): Place => ({
          endpoint: { ...endpoint, host: name, asciiHost: name },
          named,
          isOtherName: true,
          glance: null,
        }),
      );
    trial.places.push(...places);
    await tryInOrder(trial, places, choosing);
    if (places.some((place) => isGood(trial, place))) return;
  }
};

/** Its certificate bears the name, whatever else is wrong. */
const bearsName = ({ glance }: Place): boolean => glance?.answer === 'faulty' && glance.nameFits;

/** Lower is better; null: not to be proposed. */
const rankOf = (trial: Trial, place: Place): number | null => {
  const answer = place.glance?.answer ?? 'silent';
  if (!trial.isOffered(place.endpoint) || answer === 'foreign') return null;
  if (answer === 'sound' || answer === 'untrusted') return 0;
  if (answer === 'unwilling') return 1;
  if (place.isOtherName && !bearsName(place)) return null;
  if (isGuessed(trial) && answer !== 'faulty') return null;
  // The domain's own word, which nobody could change, may speak of a name that only its people can look up.
  return answer === 'absent' && trial.candidate.trust !== 'authentic' ? 3 : 2;
};

const choiceOf = ({ candidate }: Trial, { endpoint, named, isOtherName }: Place): Choice => ({
  endpoint,
  candidate,
  isOtherName,
  username: candidate.usernames?.get(named) ?? candidate.username,
});

const bestOf = (trials: readonly Trial[]): Choice | null => {
  const all = trials
    .flatMap((trial) =>
      trial.places.map((place) => ({ trial, place, rank: rankOf(trial, place) ?? Infinity })),
    )
    .filter(({ rank }) => rank < Infinity)
    .toSorted((one, other) => one.rank - other.rank);
  const [first] = all;
  // Of servers that a check would block, one that bears its name has a fault less.
  const isMisnamed = first?.place.glance?.answer === 'faulty' && !bearsName(first.place);
  const best = (isMisnamed ? all.find(({ place }) => bearsName(place)) : null) ?? first;
  return best ? choiceOf(best.trial, best.place) : null;
};

/** `choice: null`: it is known that there is none. */
type Settled = { choice: Choice | null };

/**
 * The place to propose for a service. `sources`: best first. Lower ones are looked at only where better ones have
 * nothing sound, or have not said so within a head start.
 */
export const choose = async (
  service: Service,
  sources: readonly Promise<Candidate | null>[],
  choosing: Choosing,
): Promise<Choice | null> => {
  const { signal, over } = choosing;
  const trials: (Trial | undefined)[] = sources.map(() => undefined);
  const headStarts = {
    named: pause(headStartMs.named, signal),
    guessed: pause(headStartMs.guessed, signal),
  };
  const running: Promise<Settled | null>[] = [];
  let declined: readonly string[] = [];
  const run = async (source: Promise<Candidate | null>, rank: number): Promise<Settled | null> => {
    const candidate = await source;
    if (candidate?.declined) declined = candidate.declined[service];
    if (candidate?.provider?.imap === false) return { choice: null };
    const places = (candidate?.[service] ?? []).map(
      (endpoint): Place => ({ endpoint, named: endpoint, isOtherName: false, glance: null }),
    );
    const [first] = places;
    if (!candidate || !first) return null;
    const isOffered = ({ port }: Endpoint): boolean =>
      candidate.trust !== 'guessed' || !declined.includes(encryptionOfPort(port));
    const trial: Trial = { candidate, places, isOffered };
    trials[rank] = trial;
    // Of the large providers' servers nothing is left to be found out.
    if (candidate.trust === 'known' || isKnownHost(first.endpoint.asciiHost))
      return { choice: choiceOf(trial, first) };
    const better = Promise.all(running.slice(0, rank));
    await Promise.race([better, isGuessed(trial) ? headStarts.guessed : headStarts.named]);
    await tryInOrder(trial, places, choosing);
    if (!trial.places.some((place) => rankOf(trial, place) === 0)) await tryOtherNames(trial, choosing);
    // A guess waits for its turn anyway; by then the domain may have said that there is no such service.
    if (isGuessed(trial)) await Promise.race([better, over]);
    const good = trial.places.find((place) => isGood(trial, place));
    return good ? { choice: choiceOf(trial, good) } : null;
  };
  for (const [rank, source] of sources.entries()) running.push(run(source, rank));
  const timeOut = over.then(() => 'over' as const);
  for (const one of running) {
    const settled = await Promise.race([one, timeOut]);
    if (settled === 'over') break;
    if (settled) return settled.choice;
  }
  return bestOf(trials.filter((trial) => trial !== undefined));
};
