import { afterLogin } from '../../observed/login.ts';
import { requirement } from '../../requirement.ts';

/** RFC 6154 §2: the special use \Sent tells every program the folder, whatever its name and language. */
export const sentFolder = requirement('sent-folder', {
  scope: ['imap'],
  step: 'login',
  shownBy: 'login',
  sources: ['faq'],
  judge: (seen, say) =>
    afterLogin(seen, say, () => {
      const { sentFolder: found } = seen;
      if (found?.outcome !== 'listed') return null;
      if (found.marked !== null) return say.pass({ folders: [found.marked] });
      return found.named.length > 0
        ? say.because('not-marked', { folders: found.named })
        : say.because('no-sent-folder', {});
    }),
});
