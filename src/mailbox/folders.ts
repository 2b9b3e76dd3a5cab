import type { ListResponse } from 'imapflow';
import { isUsualName } from '../probe/mailbox/usual-names.ts';
import { hidden, shownText } from '../probe/session/dialogue.ts';
import { ask, type ImapSession } from './connection/imap.ts';

export type FolderPaths = {
  /** Where a copy belongs; null: there is none. */
  sent: string | null;
  junk: string[];
  /** All else in which a mail may have been put. */
  others: string[];
};

export const noFolders: FolderPaths = { sent: null, junk: [], others: [] };

/** In milliseconds. */
const listMs = 6_000;
/** In bytes: five thousand folders. Who has more is not searched through. */
const mostListed = 512 * 1024;
/** More than these are not looked into. */
const mostOthers = 200;

const junkNames = /^(?:junk|spam|bulk)(?:[ -]?(?:e-?mail|mail|verdacht|ordner))?s?$|^unerw.nscht/iu;

/** Cyrus writes `\sent`. */
const usedFor = (use: string) => (folder: ListResponse) => folder.specialUse?.toLowerCase() === use;
const isMarked = ({ specialUseSource }: ListResponse): boolean => specialUseSource === 'extension';

const canBeOpened = ({ flags }: ListResponse): boolean =>
  ![...flags].some((flag) => /^\\(?:noselect|nonexistent)$/iu.test(flag));

/** A folder that shows the mails of others, such as all of them, or that holds nothing but drafts. */
const isNoPlace = (folder: ListResponse): boolean =>
  ['\\all', '\\flagged', '\\drafts'].some((use) => usedFor(use)(folder)) ||
  folder.path.toUpperCase() === 'INBOX';

/** The folders as they are now: one for junk may be born with the first mail that goes there. Null: they were not told. */
export const listFolders = async (session: ImapSession, signal: AbortSignal): Promise<FolderPaths | null> => {
  const { client, tap, talk } = session;
  const listed = await ask(session, { ms: listMs, signal }, () => {
    tap.expect(mostListed);
    return client.list({ listOnly: true });
  });
  if (listed.outcome !== 'done') return null;
  // A name that repeats the password is not sent back, not even to the server that has said it.
  const folders = listed.value.filter(
    (folder) => canBeOpened(folder) && shownText(talk, folder.path) !== hidden,
  );
  const sent = folders.filter((folder) => usedFor('\\sent')(folder) || isUsualName(folder.name));
  const chosen = sent.find((folder) => usedFor('\\sent')(folder) && isMarked(folder)) ?? sent[0];
  const rest = folders.filter((folder) => folder !== chosen && !isNoPlace(folder));
  const isJunk = (folder: ListResponse) => usedFor('\\junk')(folder) || junkNames.test(folder.name);
  return {
    sent: chosen?.path ?? null,
    junk: rest.filter(isJunk).map(({ path }) => path),
    others: rest
      .filter((folder) => !isJunk(folder))
      .slice(0, mostOthers)
      .map(({ path }) => path),
  };
};
