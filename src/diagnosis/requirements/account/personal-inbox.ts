import { requirement } from '../../requirement.ts';

/** Local parts that name a task and no person; with a number or a place behind them (sales-berlin, info2). */
const tasks = [
  ...['info', 'sales', 'team', 'support', 'office', 'service', 'help', 'helpdesk', 'contact', 'billing'],
  ...[
    'accounting',
    'accounts',
    'invoice',
    'invoices',
    'jobs',
    'career',
    'careers',
    'hr',
    'marketing',
    'press',
  ],
  ...['orders', 'shop', 'admin', 'webmaster', 'postmaster', 'noreply', 'no-reply', 'newsletter', 'kontakt'],
  ...['vertrieb', 'verkauf', 'buchhaltung', 'rechnung', 'rechnungen', 'bewerbung', 'presse', 'bestellung'],
  ...['bestellungen', 'anfrage', 'anfragen', 'hilfe', 'kundenservice', 'kundendienst', 'buero', 'zentrale'],
  ...['empfang', 'einkauf', 'kundenbetreuung'],
];
/** No dot: what stands behind one may be a person's name. */
const named = new RegExp(`^(?:${tasks.join('|')})(?:[-_+].*|\\d*)$`, 'iu');

export const soundsLikeTeam = (address: string): boolean =>
  named.test(address.slice(0, address.lastIndexOf('@')));

/** What the owner says counts; the address alone is only a hint. */
export const personalInbox = requirement('personal-inbox', {
  scope: 'account',
  step: null,
  shownBy: 'outside',
  sources: ['connect-inbox'],
  judge: ({ account }, say) => {
    if (account.personalInbox === false) return say.because('team-inbox', { stated: true }, { proven: true });
    const unasked = account.personalInbox === null;
    return unasked && soundsLikeTeam(account.address)
      ? say.because('team-inbox', { stated: false })
      : say.pass();
  },
});
