/**
 * Files `.env` as people write them. Each gives one line and no start, or starts with notes; what is in a line never
 * stands in either.
 */
const token = 'xoxb-geheim-7c1f';
const signing = '0123456789abcdef0123456789abcdef';
const id = '11111111-2222-3333-4444-555555555555';
const slack = `SLACK_BOT_TOKEN=${token}\nSLACK_SIGNING_SECRET=${signing}\n`;
const teams = `MICROSOFT_APP_ID=${id}\nMICROSOFT_APP_PASSWORD=geheim~7c1f\n`;

const utf16 = (text: string, mark: string): Buffer => Buffer.from(`${mark}${text}`, 'utf16le');

export type EnvCase = {
  file: string | Buffer;
  /** The line that stops the start. */
  stops?: string;
  /** The lines of a start that goes on. */
  notes?: readonly string[];
};

const comment =
  'what follows the # is read as a comment; please put the value in quotes, or a space before the #';
const quotes = 'expected one value between two quotation marks of one kind, in one line';
const odd = 'expected no invisible character and no typographic quotation mark; please type the value again';
const emptied = 'it empties what an earlier line sets; please remove one of the two';
const botToken = 'SLACK_BOT_TOKEN: expected the Bot User OAuth Token, which begins with xoxb-';
const appToken = 'SLACK_APP_TOKEN: expected an app-level token, which begins with xapp-';
const secret = 'SLACK_SIGNING_SECRET: expected the Signing Secret, 32 digits of 0-9 and a-f';
const mention =
  'SLACK_IT_MENTION: expected the id of a user group (S…) or of a person (U… or W…), not a name';
const teamsMention =
  'TEAMS_IT_MENTION: expected the object id of a person in Microsoft Entra, her id in Teams (29:…), or the id of a tag, not a name';
const channel =
  "SLACK_IT_CHANNEL: expected the id of a channel such as C0123456789, not its name, nor the id of a person (U…) or of a person's messages (D…)";
const page =
  'PUBLIC_URL: expected the address without the page, such as https://bot.company.com; links add it';
const address = 'PUBLIC_URL: expected an address such as https://bot.company.com';
const wide =
  'CHECK_ALLOW_NETWORKS: expected networks of your own such as 10.0.0.0/8; wider than /8 (IPv6: /7) lets users reach everything';
const uuid = 'such as 01234567-89ab-cdef-0123-456789abcdef';

/** Read as whoever wrote them means them. */
const clean: readonly EnvCase[] = [
  { file: '' },
  { file: '\n\n# only comments = here\n   # and here\n' },
  { file: slack },
  { file: `${slack}SLACK_IT_CHANNEL=C0123456789 # it-help\n` },
  { file: `${slack}SLACK_IT_CHANNEL= # no channel yet\n` },
  { file: `${slack}SLACK_IT_CHANNEL=G0123456789\n` },
  { file: `${slack}SLACK_IT_MENTION=S0123456789\nREMINDERS=off\n` },
  { file: `${slack}SLACK_IT_MENTION=W0123456789\n` },
  { file: `${teams}MICROSOFT_APP_TENANT_ID=${id}\nTEAMS_IT_MENTION=${id}\n` },
  { file: `${teams}MICROSOFT_APP_TENANT_ID=${id}\nTEAMS_IT_MENTION=29:1a2b_c-d\n` },
  { file: `SLACK_BOT_TOKEN=${token}\nSLACK_APP_TOKEN=xapp-1-A1-geheim\n` },
  { file: `SLACK_BOT_TOKEN=xoxe.${token}\nSLACK_SIGNING_SECRET=${signing.toUpperCase()}\n` },
  {
    file: `${teams}MICROSOFT_APP_TENANT_ID=${id}
`,
  },
  { file: `${teams}MICROSOFT_APP_TENANT_ID=${id}\nTEAMS_IT_CHANNEL=19:abc@thread.tacv2\n` },
  { file: slack.replaceAll('\n', '\r\n') },
  { file: `\ufeff${slack}` },
  { file: slack.replaceAll(/^/gmu, 'export ').replace(/export $/u, '') },
  { file: `  SLACK_BOT_TOKEN = "${token}"  # the bot's\n\tSLACK_SIGNING_SECRET='${signing}'\n` },
  { file: `PORT= \nLOG_LEVEL=warn\n` },
  { file: `PORT=\nLOG_LEVEL=warn` },
  { file: 'CHECK_CA_FILE="/etc/ca #1.pem"\n' },
  { file: 'PUBLIC_URL=https://bot.firma.example/mail/\n' },
  { file: 'CHECK_ALLOW_NETWORKS=10.0.0.0/8, fd00::/8,127.0.0.0/8\n' },
  { file: 'HTTPS_PROXY=http://proxy.example:3128\nTZ=Europe/Berlin\nPGSSLMODE=require\n' },
  { file: 'LOG_LEVEL=info\nLOG_LEVEL=info\n' },
  { file: 'LOG_LEVEL=\nLOG_LEVEL=info\n' },
];

const stopping: readonly EnvCase[] = [
  { file: `${slack}SLACK_IT_CHANNEL=#it\n`, stops: `SLACK_IT_CHANNEL: line 3 of .env: ${comment}` },
  {
    file: 'DATABASE_URL=postgres://bot:geheim#7c1f@db/bot\n',
    stops: `DATABASE_URL: line 1 of .env: ${comment}`,
  },
  { file: `${teams.trim()}#mehr\n`, stops: `MICROSOFT_APP_PASSWORD: line 2 of .env: ${comment}` },
  {
    file: utf16(slack, '\ufeff'),
    stops: '.env: expected UTF-8, but it is written in UTF-16; please save it as UTF-8',
  },
  {
    file: utf16(slack, '\ufeff').swap16(),
    stops: '.env: expected UTF-8, but it is written in UTF-16; please save it as UTF-8',
  },
  {
    file: utf16(slack, ''),
    stops: '.env: expected UTF-8, but it is written in UTF-16; please save it as UTF-8',
  },
  {
    file: slack.replaceAll('\n', '\r'),
    stops: '.env: expected lines that end in LF or CR LF, but some end in CR alone',
  },
  {
    file: `SLACK_BOT_TOKEN: ${token}\n`,
    stops: 'SLACK_BOT_TOKEN: line 1 of .env: expected SLACK_BOT_TOKEN=value',
  },
  {
    file: `SLACK_BOT_TOKEN: a=geheim\n`,
    stops: 'SLACK_BOT_TOKEN: line 1 of .env: expected SLACK_BOT_TOKEN=value',
  },
  {
    file: `{ "SLACK_BOT_TOKEN": "${token}" }\n`,
    stops: 'SLACK_BOT_TOKEN: line 1 of .env: expected SLACK_BOT_TOKEN=value',
  },
  { file: `# x\nset PORT=80\n`, stops: 'PORT: line 2 of .env: expected PORT=value' },
  { file: '$env:PORT="80"\n', stops: 'PORT: line 1 of .env: expected PORT=value' },
  { file: '- PORT=80\n', stops: 'PORT: line 1 of .env: expected PORT=value' },
  {
    file: `\nSLACK_BOT_TOKEN ${token}\n`,
    stops: 'SLACK_BOT_TOKEN: line 2 of .env: expected SLACK_BOT_TOKEN=value',
  },
  { file: `SLACK_BOT_TOKEN="${token}\nPORT=80\n`, stops: `SLACK_BOT_TOKEN: line 1 of .env: ${quotes}` },
  {
    file: `SLACK_BOT_TOKEN="${token}\nPUBLIC_URL="https://x.example"\n`,
    stops: `SLACK_BOT_TOKEN: line 1 of .env: ${quotes}`,
  },
  { file: `SLACK_BOT_TOKEN='${token}"\n`, stops: `SLACK_BOT_TOKEN: line 1 of .env: ${quotes}` },
  { file: `SLACK_BOT_TOKEN="${token}"geheim\n`, stops: `SLACK_BOT_TOKEN: line 1 of .env: ${quotes}` },
  { file: `GREETING="hello\nPORT=80\nend"\n`, stops: `GREETING: line 1 of .env: ${quotes}` },
  { file: `SLACK_BOT_TOKEN=“${token}”\n`, stops: `SLACK_BOT_TOKEN: line 1 of .env: ${odd}` },
  { file: `SLACK_BOT_TOKEN=${token}\u200b\n`, stops: `SLACK_BOT_TOKEN: line 1 of .env: ${odd}` },
  {
    file: Buffer.from('MICROSOFT_APP_PASSWORD=geh\xfcim\n', 'latin1'),
    stops: `MICROSOFT_APP_PASSWORD: line 1 of .env: ${odd}`,
  },
  { file: `${slack}PORT=80\nSLACK_BOT_TOKEN=\n`, stops: `SLACK_BOT_TOKEN: line 4 of .env: ${emptied}` },
  { file: slack.replace('xoxb', 'xoxp'), stops: `${botToken}; this is a user's token (xoxp-…)` },
  { file: slack.replace('xoxb', 'xapp'), stops: `${botToken}; this is an app-level token (xapp-…)` },
  { file: slack.replace('xoxb', 'xoxe'), stops: `${botToken}; this is a refresh token (xoxe-…)` },
  { file: slack.replace(token, 'xoxb-…'), stops: botToken },
  { file: slack.replace(token, signing), stops: botToken },
  {
    file: `SLACK_BOT_TOKEN=${token}\nSLACK_APP_TOKEN=${token}\n`,
    stops: `${appToken}; this is a bot's token (xoxb-…)`,
  },
  { file: slack.replace(signing, `${signing}0`), stops: secret },
  { file: slack.replace(signing, 'geheim'), stops: secret },
  { file: slack.replace(signing, 'xapp-1-geheim'), stops: `${secret}; this is an app-level token (xapp-…)` },
  { file: `${slack}SLACK_IT_CHANNEL=U0123456789\n`, stops: channel },
  { file: `${slack}SLACK_IT_CHANNEL=D0123456789\n`, stops: channel },
  { file: `${slack}SLACK_IT_MENTION=@it-team\n`, stops: mention },
  { file: `${slack}SLACK_IT_MENTION=C0123456789\n`, stops: mention },
  { file: `${slack}SLACK_IT_MENTION=here\n`, stops: mention },
  { file: 'SLACK_IT_MENTION=S0123456789\n', stops: 'SLACK_IT_MENTION: does nothing without SLACK_BOT_TOKEN' },
  { file: `${teams}MICROSOFT_APP_TENANT_ID=${id}\nTEAMS_IT_MENTION=IT-Team\n`, stops: teamsMention },
  { file: 'REMINDERS=yes\n', stops: 'REMINDERS: expected on or off' },
  { file: `${slack}SLACK_IT_CHANNEL="#it"\n`, stops: channel },
  { file: `${slack}SLACK_IT_CHANNEL=it-help\n`, stops: channel },
  { file: 'PUBLIC_URL=https://bot.firma.example/login\n', stops: page },
  { file: 'PUBLIC_URL=https://bot.firma.example/mail/slack/events/\n', stops: page },
  { file: 'PUBLIC_URL=https://bot.firma.example/Login\n', stops: page },
  { file: 'PUBLIC_URL=http://bot.firma.example\n', stops: address },
  { file: 'PUBLIC_URL=bot.firma.example\n', stops: address },
  { file: 'PUBLIC_URL=https://a.example,https://b.example\n', stops: address },
  { file: 'PUBLIC_URL=https://bot.firma.example/?a=geheim\n', stops: address },
  { file: 'CHECK_ALLOW_NETWORKS=0.0.0.0/0\n', stops: wide },
  { file: 'CHECK_ALLOW_NETWORKS=10.0.0.0/8,::/0\n', stops: wide },
  { file: 'CHECK_ALLOW_NETWORKS=0.0.0.0/1,128.0.0.0/1\n', stops: wide },
  { file: 'CHECK_ALLOW_NETWORKS=64:ff9b::/96\n', stops: wide },
  {
    file: 'CHECK_ALLOW_NETWORKS=10.0.0.0\n',
    stops: 'CHECK_ALLOW_NETWORKS: expected networks such as 10.0.0.0/8',
  },
  {
    file: teams.replace(id, 'connect-email'),
    stops: `MICROSOFT_APP_ID: expected the application (client) id, ${uuid}`,
  },
  {
    file: teams.replace(id, `{${id}}`),
    stops: `MICROSOFT_APP_ID: expected the application (client) id, ${uuid}`,
  },
  {
    file: `${teams}MICROSOFT_APP_TENANT_ID=firma.onmicrosoft.com\n`,
    stops: `MICROSOFT_APP_TENANT_ID: expected the directory (tenant) id, ${uuid}`,
  },
  {
    file: teams.replace('geheim~7c1f', id),
    stops: "MICROSOFT_APP_PASSWORD: expected the client secret's value; this has the form of its id",
  },
  {
    file: 'DATA_DIR=~/data\n',
    stops:
      "DATA_DIR: expected a folder such as /var/lib/connect-email, without ~ and $, which aren't expanded here",
  },
  {
    file: 'DATA_DIR=$HOME/data\n',
    stops:
      "DATA_DIR: expected a folder such as /var/lib/connect-email, without ~ and $, which aren't expanded here",
  },
  { file: 'WATCH_INTERVAL=900;\n', stops: 'WATCH_INTERVAL: expected a whole number from 1 to 86400' },
];

const noted: readonly EnvCase[] = [
  {
    file: 'SLACK_ITCHANNEL=C0123456789\n',
    notes: ['.env line 1: SLACK_ITCHANNEL is no setting, and does nothing; is SLACK_IT_CHANNEL meant?'],
  },
  {
    file: 'SLACK_SINGING_SECRET=geheim\n',
    notes: [
      '.env line 1: SLACK_SINGING_SECRET is no setting, and does nothing; is SLACK_SIGNING_SECRET meant?',
    ],
  },
  {
    file: `MicrosoftAppId=${id}\n`,
    notes: ['.env line 1: MicrosoftAppId is no setting, and does nothing; is MICROSOFT_APP_ID meant?'],
  },
  {
    file: 'slack_bot_token=geheim\n',
    notes: ['.env line 1: slack_bot_token is no setting, and does nothing; is SLACK_BOT_TOKEN meant?'],
  },
  { file: '\nPROT=80\n', notes: ['.env line 2: PROT is no setting, and does nothing; is PORT meant?'] },
  {
    file: 'DATABASE_URI=postgres://geheim@db/x\n',
    notes: ['.env line 1: DATABASE_URI is no setting, and does nothing; is DATABASE_URL meant?'],
  },
  {
    file: 'SLACK_WEBHOOK_ADDRESS=geheim\n',
    notes: ['.env line 1: SLACK_WEBHOOK_ADDRESS is no setting, and does nothing'],
  },
  { file: 'geheim7c1f==\n', notes: ['.env line 1: this is no setting, and does nothing'] },
  {
    file: '[slack]\ngeheim-7c1f\n',
    notes: [
      '.env line 1: this is no NAME=value and no comment, and does nothing',
      '.env line 2: this is no NAME=value and no comment, and does nothing',
    ],
  },
  {
    file: 'PORT=80\nPORT=81\n',
    notes: ['.env line 2: PORT is set before, to something else; this line counts'],
  },
  {
    file: `${slack}SLACK_IT_CHANNEL= #it\n`,
    notes: ['.env line 3: SLACK_IT_CHANNEL is empty, since what follows the # is read as a comment'],
  },
  {
    file: 'NODE_EXTRA_CA_CERTS=/etc/ca.pem\n',
    notes: ['.env line 1: NODE_EXTRA_CA_CERTS does nothing here; Node reads it before'],
  },
];

export const envCases: readonly EnvCase[] = [...clean, ...stopping, ...noted];
