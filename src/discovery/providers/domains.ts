/** One name under several endings: `within('gmx', 'net de')` is gmx.net and gmx.de. */
export const within = (name: string, endings: string): string[] =>
  endings.split(' ').map((end) => `${name}.${end}`);

/** Address domains of the providers that have many (Thunderbird ISPDB c6ad796, 2026-03-12). */
export const outlookDomains = [
  ...within('outlook', 'com de at be cl cz dk es fr hu ie in it jp kr lv my ph pt sa sg sk'),
  ...within('outlook', 'co.id co.il co.th com.ar com.au com.br com.gr com.tr com.vn'),
  ...within('hotmail', 'com de at be ca ch cl cz dk es fi fr gr hu it lt lv my nl no ph rs se sg sk'),
  ...within('hotmail', 'co.id co.il co.in co.jp co.kr co.th co.uk co.za com.ar com.au com.br com.hk'),
  ...within('hotmail', 'com.tr com.tw com.vn'),
  ...within('live', 'com de at be ca cl cn dk fi fr hk ie in it jp nl no ru se co.jp co.kr co.uk co.za'),
  ...within('live', 'com.ar com.au com.mx com.my com.ph com.pt com.sg'),
  ...['msn.com', 'windowslive.com', 'livemail.tw'],
];

export const yahooDomains = [
  ...within('yahoo', 'com de at ca es fr ie it se co.in co.nz co.uk com.ar com.au com.br com.mx'),
  ...['ymail.com', 'myyahoo.com', 'rocketmail.com'],
];

export const posteoDomains = [
  ...within('posteo', 'de at be ca ch cl co com cr cz dk ee es eu fi gl gr hn hr hu ie in is it jp la li'),
  ...within('posteo', 'lt lu me mx my net nl no nz org pe pl pm pt ro se sg si tn uk us co.uk com.br'),
];

/** All that Fastmail gives out (fastmail.com/about/ourdomains, by chatmail provider-db, 2025-04-08). */
export const fastmailDomains = [
  ...within('fastmail', 'cn co.uk com com.au de es fm fr im in jp mx net nl org se to tw uk us'),
  ...[
    '123mail.org 150mail.com 150ml.com 16mail.com 2-mail.com 4email.net 50mail.com airpost.net',
    'allmail.net bestmail.us cluemail.com elitemail.org emailcorner.net emailengine.net',
    'emailengine.org emailgroups.net emailplus.org emailuser.net eml.cc f-m.fm fast-email.com',
    'fast-mail.org fastem.com fastemail.us fastemailer.com fastest.cc fastimap.com',
    'fastmailbox.net fastmessaging.com fea.st fmail.co.uk fmailbox.com fmgirl.com fmguy.com',
    'ftml.net h-mail.us hailmail.net imap-mail.com imap.cc imapmail.org inoutbox.com',
    'internet-e-mail.com internet-mail.org internetemails.net internetmailing.net jetemail.net justemail.net',
    'letterboxes.org mail-central.com mail-page.com mailandftp.com mailas.com mailbolt.com',
    'mailc.net mailcan.com mailforce.net mailftp.com mailhaven.com mailingaddress.org mailite.com',
    'mailmight.com mailnew.com mailsent.net mailservice.ms mailup.net mailworks.org ml1.net mm.st',
    'myfastmail.com mymacmail.com nospammail.net ownmail.net petml.com postinbox.com postpro.net',
    'proinbox.com promessage.com realemail.net reallyfast.biz reallyfast.info rushpost.com',
    'sent.as sent.at sent.com speedpost.net speedymail.org ssl-mail.com swift-mail.com',
    'the-fastest.net the-quickest.com theinternetemail.com veryfast.biz veryspeedy.net warpmail.net',
    'xsmail.com yepmail.net your-mail.com',
  ].flatMap((line) => line.split(' ')),
];
