import type { Block } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import type { Account } from '../../diagnosis/account/account.ts';
import { translator } from '../catalogue/catalogue.ts';
import { checkCommand, type Replaced } from './commands.ts';

/** What stands beside a line because it must not stand in it. */
const replacedBlocks = (replaced: readonly Replaced[], locale: Locale): Block[] => {
  if (replaced.length === 0) return [];
  const t = translator(locale);
  return [
    {
      type: 'values',
      title: t('views:command.placeholders'),
      rows: replaced.map(({ placeholder, value }) => ({ label: placeholder, value })),
    },
    { type: 'note', text: t('views:command.placeholders-note') },
  ];
};

/** The check as a line to paste; with the values that are kept out of it. */
export const checkBlocks = (
  account: Account,
  label: string,
  { locale, withLogin = false }: { locale: Locale; withLogin?: boolean },
): Block[] => {
  const t = translator(locale);
  const placeholders = {
    address: t('views:command.address'),
    username: t('views:command.username'),
    smtpUsername: t('views:command.smtp-username'),
  };
  const { line, replaced, asksFor } = checkCommand(account, { placeholders, withLogin });
  const note = t('views:command.smtp-username-note', { placeholder: asksFor });
  return [
    { type: 'code', label, text: line },
    ...replacedBlocks(replaced, locale),
    ...(asksFor === null ? [] : [{ type: 'note', text: note } as const]),
  ];
};
