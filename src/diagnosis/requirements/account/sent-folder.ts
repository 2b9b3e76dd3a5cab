import { afterLogin } from '../../observed/login.ts';
import type { ObservationOf } from '../../observed/observation.ts';
import type { Seen } from '../../observed/seen.ts';
import { type Judgement, requirement, type Say } from '../../requirement.ts';

type Found = ObservationOf<'sent-folder'>;

/** What was found where the folders were listed: whether it is marked, and whether it opens. */
const judgeListed = (
  { marked, named, opened, reply }: Found,
  { rehearsal: { copy } }: Seen,
  say: Say<'sent-folder'>,
): Judgement | null => {
  const folders = marked === null ? named : [marked];
  if (folders.length === 0) return say.because('no-sent-folder', {});
  if (opened === 'refused') return say.because('folder-refused', { folders, reply });
  if (copy?.outcome === 'refused' && !copy.isOverQuota)
    return say.because('copy-refused', { folders: [copy.folder], reply: copy.reply });
  if (opened === 'cut-short') return null;
  if (opened !== null && opened !== 'opened') return say.because('unanswered', {});
  return marked === null ? say.because('not-marked', { folders }) : say.pass({ folders });
};

/** RFC 6154 §2: the special use \Sent tells every program the folder, whatever its name and language. */
export const sentFolder = requirement('sent-folder', {
  scope: ['imap'],
  step: 'login',
  shownBy: 'login',
  sources: ['faq'],
  judge: (seen, say) =>
    afterLogin(seen, say, () => {
      const { sentFolder: found, inbox } = seen;
      // Where not even the inbox opens, or is answered for, that is the one cause.
      const isHidden = inbox !== null && inbox.outcome !== 'opened' && inbox.outcome !== 'cut-short';
      switch (found?.outcome) {
        case 'listed':
          return isHidden && found.opened !== 'opened'
            ? say.notReached('inbox-readable')
            : judgeListed(found, seen, say);
        case 'refused':
          return isHidden
            ? say.notReached('inbox-readable')
            : say.because('list-refused', { reply: found.reply });
        case 'silent':
        case 'closed':
        case 'reset':
        case 'too-long':
          return isHidden ? say.notReached('inbox-readable') : say.because('unanswered', {});
        case undefined:
          return isHidden ? say.notReached('inbox-readable') : null;
        case 'cut-short':
          return null;
      }
    }),
});
