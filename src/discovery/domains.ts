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
