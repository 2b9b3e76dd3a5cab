import { describe, expect, test } from 'vitest';
import type { Act } from '../../src/conversation/events/event.ts';
import { costsOf } from '../../src/conversation/limits.ts';
import { step } from '../../src/conversation/step.ts';
import { createWording } from '../../src/wording/index.ts';
import {
  anna,
  createTale,
  handedOver,
  loginPossible,
  omar,
  rules,
  servers,
  start,
  type Tale,
} from './fixtures.ts';

const wording = createWording({ itLocale: 'de', now: () => start, itChannel: true, loginPage: true });
const last = (tale: Tale) => wording.message(tale.now, `notice:${tale.now.notices.at(-1)?.id ?? ''}`);

describe('what is limited', () => {
  const cost = (tale: Tale, act: Act) => {
    const event = { ...act, at: start, id: 'x' };
    const [conversation, effects] = step(tale.now, event, rules);
    return costsOf(event, tale.now, { conversation, effects }).map(({ limit, of }) => `${limit} ${of}`);
  };
  const by = anna;

  test('a check costs the person and each host once; talking costs one of many messages', () => {
    const tale = createTale();
    tale.submit('address', { address: 'anna@firma.example' });
    const submitted = { type: 'submitted', form: 'servers', about: '', by, inItChannel: false } as const;
    expect(cost(tale, { ...submitted, values: servers })).toEqual([
      'checks-of-person recording:U1',
      'checks-of-host imap.firma.example',
      'checks-of-host smtp.firma.example',
    ]);
    const sameHost = { ...servers, smtpHost: 'IMAP.firma.example' };
    expect(cost(tale, { ...submitted, values: sameHost })).toHaveLength(2);
    expect(cost(tale, { ...submitted, values: { ...servers, imapHost: '' } })).toEqual([]);
    expect(cost(tale, { type: 'said', text: 'Status', as: 'message' })).toEqual([
      'messages-of-person recording:U1',
    ]);
    expect(cost(tale, { type: 'said', text: '', as: 'command' }), 'it opens a form').toEqual([]);
  });

  test.each([
    ['anna@firma.example', 'Vogt', 'anna@firma.example'],
    ['Anna@MÜLLER.example', 'vogt', 'anna@xn--mller-kva.example'],
    ['anna@xn--mller-kva.example', 'vogt', 'anna@xn--mller-kva.example'],
  ])(
    'a login test of %s as %s costs the login name on each server and each of their addresses, and her own tries',
    (address, username, mailbox) => {
      const tale = createTale();
      tale.submit('address', { address });
      tale.submit('servers', { ...servers, username });
      tale.finish(loginPossible);
      tale.press('test-login', tale.newestCheckId());
      const noticeId = tale.now.openLogin ?? '';
      const addresses = ['192.0.2.25', '2001:db8::25', '192.0.2.25'];
      const submitted = { type: 'login-submitted', checkId: tale.newestCheckId(), noticeId } as const;
      const logins = cost(tale, { ...submitted, addresses }).filter((one) => one.startsWith('logins-'));
      expect(logins).toEqual([
        'logins-of-account imap.firma.example|vogt',
        'logins-of-account smtp.firma.example|vogt',
        'logins-of-account 192.0.2.25|vogt',
        'logins-of-account 2001:db8::25|vogt',
        'logins-of-account recording:U1 vogt',
        `logins-of-account recording:U1 ${mailbox}`,
        'logins-of-person recording:U1',
      ]);
    },
  );

  test('IT pays for the checks it starts; words to IT cost their writer; leaving is free', () => {
    const tale = handedOver();
    const about = tale.newestCaseId();
    const again = { type: 'pressed', action: 'check-again', about, by: omar, inItChannel: true } as const;
    expect(cost(tale, again)).toContain('checks-of-person recording:U2');
    const asked = { type: 'replied-in-thread', escalationId: about, text: 'Seit wann?', by: omar } as const;
    expect(cost(tale, asked)).toEqual(['texts-of-it recording:U2']);
    expect(cost(tale, { type: 'said', text: 'vergessen', as: 'message' })).toEqual([]);
  });

  test('a refusal says when it works again, keeps what was typed and starts nothing', () => {
    const tale = createTale();
    tale.submit('address', { address: 'anna@firma.example' });
    const instead = {
      type: 'submitted',
      form: 'servers',
      about: '',
      values: servers,
      by,
      inItChannel: false,
    } as const;
    const effects = tale.tell({ type: 'refused', what: 'checks', until: start + 4 * 60_000, instead });
    expect(effects[0]).toEqual({ type: 'answer', answer: { type: 'close' } });
    expect(tale.now.checks).toEqual([]);
    expect(tale.now.draft).toMatchObject(servers);
    expect(last(tale).summary).toBe(
      'Das waren sehr viele Prüfungen in kurzer Zeit. In 4 Minuten geht es weiter. Ihre Angaben sind gespeichert.',
    );
  });
});
