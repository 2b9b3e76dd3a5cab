import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Unspoken } from '../../diagnosis/observed/refusal.ts';
import { limits } from '../../net/limits.ts';
import { note, say, shownLine, shownText, type Talk } from '../session/dialogue.ts';
import { announcesLiteral, joinLiteral, type Listed, readListing } from './listing.ts';
import { isUsualName } from './usual-names.ts';

/** `reply`: what the server said instead. */
export type Folders = {
  outcome: 'ok' | 'refused' | Unspoken;
  reply: string;
  marked: Listed | null;
  named: Listed[];
};

/** Of all lines only so many are kept for the record; the rest are read and forgotten. */
const keptLines = 10;
/** More folders for sent mail than these say nothing more. */
const mostNamed = 20;
/** In bytes: a hundred thousand folders with long names. */
const mostListed = 24 * 1024 * 1024;
/** After so many lines others go first. */
const linesInARow = 500;

type Line = { text: string } | { ended: Unspoken };

const createReader = (talk: Talk, withinMs: number) => {
  const started = performance.now();
  let count = 0;
  return async (): Promise<Line> => {
    const read = await talk.wire.line(withinMs - (performance.now() - started));
    if (read.outcome !== 'line') return { ended: read.outcome };
    count += 1;
    if (count <= keptLines) note(talk, 'server', read.text);
    if (count % linesInARow === 0) await setImmediate();
    return { text: read.text };
  };
};

/**
 * Asks for folders and keeps those for sent mail. An account may have a hundred thousand of them, and a server may take
 * long to gather them: nothing is held but what is looked for, and the time ends with the whole check.
 */
export const listFolders = async (
  talk: Talk,
  [tag, command]: readonly [tag: string, command: string],
): Promise<Folders> => {
  say(talk, `${tag} ${command}`);
  talk.wire.expect(mostListed);
  const next = createReader(talk, limits.wholeMs);
  const found: Folders = { outcome: 'ok', reply: '', marked: null, named: [] };
  const tagged = new RegExp(`^${tag} (OK|NO|BAD)\\b`, 'iu');
  let farewell = '';
  for (;;) {
    const line = await next();
    if ('ended' in line) {
      const outcome = farewell !== '' && line.ended === 'closed' ? 'refused' : line.ended;
      return { ...found, outcome, reply: farewell };
    }
    let { text } = line;
    const result = tagged.exec(text)?.[1]?.toUpperCase();
    if (result === 'OK') return found;
    if (result !== undefined)
      return { ...found, outcome: 'refused', reply: shownLine(talk, text.replace(/^\S+ /u, '')) };
    if (/^\* BYE\b/iu.test(text)) farewell = shownLine(talk, text.slice(2));
    if (announcesLiteral(text)) {
      const literal = await next();
      if ('text' in literal) text = joinLiteral(text, literal.text);
    }
    const folder = readListing(text);
    if (folder?.isSent) found.marked ??= folder;
    else if (folder && found.named.length < mostNamed && isUsualName(folder.last)) found.named.push(folder);
  }
};

/** Names as they may be shown, each once. */
export const shownNames = (talk: Talk, folders: readonly Listed[]): string[] => [
  ...new Set(folders.map(({ name }) => shownText(talk, name))),
];
