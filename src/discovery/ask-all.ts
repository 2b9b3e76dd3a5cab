import { pause } from '../lib/pause.ts';
import { type Candidate, isComplete, type Mailbox } from './candidate.ts';
import { type Asking, fromHoster, fromIspdb, fromOwnDomain, fromOwnDomainUnsecured } from './documents.ts';
import { lookUpHosting } from './recognise.ts';
import { fromSrv } from './srv.ts';
import { fromTable } from './table.ts';
import { usualNames } from './usual-names.ts';

type Source = Promise<Candidate | null>;

/** How long third parties are not told of a domain that the table or its own file may know, in milliseconds. */
const headStartMs = 250;
/** How long the usual names wait for what the name server says of the domain, in milliseconds. */
const dnsPatienceMs = 500;

/** Whether these leave anything to be asked elsewhere; after `headStartMs` at the latest, by what is known then. */
const leaveQuestions = async (sources: readonly Source[], signal: AbortSignal): Promise<boolean> => {
  const known: Candidate[] = [];
  const noted = sources.map(async (source) => {
    const found = await source;
    if (found) known.push(found);
  });
  await Promise.race([Promise.all(noted), pause(headStartMs, signal)]);
  return !signal.aborted && !isComplete(known);
};

/** What the domain says of its mail, in the place where our table would have spoken. */
const nothingButThatItTakesNoMail: Candidate = {
  source: 'srv',
  provider: null,
  imap: [],
  smtp: [],
  username: null,
  hints: ['takes-no-mail'],
  trust: 'doubtful',
};

/**
 * All sources, best first. Our own table knows the provider behind an MX and answers within one round trip. The domain's
 * own word over https counts more than what others say of it; a file that came without TLS counts less than all that
 * came with it, and less than the DNS where somebody else answers over https under that name. A file of whoever receives
 * the mail is about that company's own mailboxes and may be a spam filter's. A name that answers may be anybody's.
 * (draft-ietf-mailmaint-autoconfig, Configuration retrieval and Security Considerations)
 */
export const askAll = (mailbox: Mailbox, asking: Asking): Source[] => {
  const { network, signal } = asking;
  // A source that fails for a reason of ours is one that knows nothing; the others still answer.
  const quiet = <T>(source: Promise<T>, nothing: T): Promise<T> => source.catch(() => nothing);
  const hosting = quiet(lookUpHosting(mailbox.asciiDomain, { records: network.records, signal }), {
    best: [],
    takesNoMail: false,
    found: null,
  });
  const srv = quiet(fromSrv(mailbox, { records: network.records, signal }), null);
  const fromMx = hosting.then(({ found, takesNoMail }) =>
    found ? fromTable(found.row, mailbox, found.mx) : takesNoMail ? nothingButThatItTakesNoMail : null,
  );
  const ownFile = fromOwnDomain(mailbox, asking);
  const secured = quiet(ownFile.secured, null);
  const isOpen = leaveQuestions([fromMx, secured], signal);
  const ifOpen = (ask: () => Source): Source =>
    quiet(
      isOpen.then((open) => (open ? ask() : null)),
      null,
    );
  const unsecured = ifOpen(() => fromOwnDomainUnsecured(mailbox, asking));
  const unsecuredIf = async (isImpostor: boolean): Source => {
    const found = await unsecured;
    return found && (await quiet(ownFile.isImpostor, false)) === isImpostor ? found : null;
  };
  const fromMxOwner = ifOpen(async () => {
    const { best, found } = await hosting;
    const [mx] = best;
    return found || mx === undefined ? null : fromHoster(mx, mailbox, asking);
  });
  const guesses = async (): Source => {
    const told = await Promise.race([Promise.all([hosting, srv]), pause(dnsPatienceMs, signal)]);
    return usualNames(mailbox, { mx: told?.[0].best[0] ?? null, declined: told?.[1]?.declined });
  };
  return [
    fromMx,
    secured,
    ifOpen(() => fromIspdb(mailbox, asking)),
    unsecuredIf(false),
    srv,
    unsecuredIf(true),
    fromMxOwner,
    guesses(),
  ];
};
