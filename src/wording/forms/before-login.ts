/** What a report in the chat says of a login that nobody has tested yet. */
import type { Block } from '../../chat/view.ts';
import { canTestLogin, type LoginRules, refusedServers } from '../../conversation/check/login-test.ts';
import type { Check, Conversation, Locale } from '../../conversation/state/conversation.ts';
import { proposalOf } from '../../conversation/state/lookup.ts';
import { unmet } from '../../diagnosis/finding.ts';
import { requirementsById } from '../../diagnosis/requirements/index.ts';
import { translator } from '../catalogue/catalogue.ts';
import { domainOf, hostsOf } from '../findings/account-blocks.ts';
import { checkBlocks } from '../findings/command-blocks.ts';
import type { JudgedAccount } from '../findings/finding-blocks.ts';
import { hintsInWords } from './proposal.ts';

/** What is to be done at the provider before anybody logs in; said until a login has shown that it works. */
export const hintBlocks = (conversation: Conversation, { account, assessment }: JudgedAccount): Block[] => {
  if (assessment.loginTested) return [];
  const proposal = proposalOf({ draft: { address: account.address }, lookup: conversation.lookup });
  const isSaid = assessment.findings.some(
    (finding) => requirementsById[finding.requirement].saidByHints && unmet(finding),
  );
  const texts = proposal && !isSaid ? hintsInWords(proposal, account.address, conversation.locale) : [];
  if (texts.length === 0) return [];
  const title = translator(conversation.locale)('views:report.before-login');
  const paragraphs = texts.map((text) => ({ label: null, text }));
  return [{ type: 'finding', tone: 'neutral', title, paragraphs }];
};

/** Where no page of ours may take a password, the same test is one command. */
export const terminalLogin = (check: Check, locale: Locale): Block[] => {
  if (!canTestLogin(check) || check.assessment?.loginTested) return [];
  const label = translator(locale)('views:report.test-in-terminal');
  return checkBlocks(check.account, label, { locale, withLogin: true });
};

/** Why the login is not tested on the page, where the operator allows it for servers of the address's own only. */
export const refusedLogin = (check: Check, rules: LoginRules, locale: Locale): Block[] => {
  const refused = refusedServers(check, rules);
  if (!canTestLogin(check) || refused.length === 0) return [];
  const values = { hosts: hostsOf(check.account, refused), domain: domainOf(check.account) };
  return [{ type: 'note', text: translator(locale)('views:report.foreign-servers', values) }];
};
