/** What is read in the journeys, in both languages. */
const german = {
  noAt: 'In der Adresse fehlt das @-Zeichen.',
  scheme: 'Bitte ohne „imaps://“, nur den Namen: 127.0.0.1',
  port: 'Der Port liegt zwischen 1 und 65535.',
  running: 'Wir prüfen die Mailserver für rep@example.test',
  steps: [
    'nicht erfüllt: IMAP: Verbindung',
    'noch nicht geprüft: IMAP: Anmeldung',
    'in Ordnung: SMTP: Verbindung',
    'noch nicht geprüft: SMTP: Anmeldung',
    'noch nicht geprüft: Test-E-Mail',
  ],
  blocked: 'So lässt sich das Konto nicht verbinden: Eine Anforderung ist nicht erfüllt.',
  tlsTitle: 'Der IMAP-Server beherrscht nur TLS 1.0',
  tlsRemedy: 'Die IT schaltet am IMAP-Server TLS 1.2 ein, möglichst auch TLS 1.3.',
  ready: 'Der Server erfüllt alle Anforderungen. Ihre Anmeldung haben wir noch nicht geprüft.',
  tooLong: 'Der Text ist 10000 Zeichen lang. Möglich sind 3000. Bitte kürzen Sie ihn.',
  handedOver: 'Ihre IT hat den Fall bekommen. Sobald sich etwas tut, melden wir uns hier.',
  rootHeading: 'Anna Beck kann ein E-Mail-Konto nicht mit HubSpot verbinden',
  rootOpen: 'Offen. Noch hat niemand den Fall übernommen.',
  rootClaimed: 'Jonas Kern hat den Fall übernommen.',
  rootResolved: 'Erledigt, gemeldet von Jonas Kern. Anna Beck ist gebeten, noch einmal zu prüfen.',
  reportClaimed: 'Ihre IT kümmert sich: Jonas Kern.',
  reportResolved: 'Jonas Kern hat den Fall als erledigt gemeldet.',
  resolved:
    'Jonas Kern hat den Fall als erledigt gemeldet. Bitte prüfen Sie noch einmal, ob nun alles erfüllt ist.',
  status: 'So steht es',
  welcome: 'E-Mail-Konto mit HubSpot verbinden',
  failed: 'Die Übergabe ist nicht angekommen: Der IT-Kanal war nicht zu erreichen.',
  asked: 'Ihre IT hat eine Frage an Sie.',
  waiting: 'Wartet auf eine Antwort von Anna Beck.',
  arrived: 'Ihre Antwort ist bei Ihrer IT angekommen.',
  answers: 'Anna Beck antwortet.',
  reopened: 'Anna Beck hat den Fall wieder geöffnet: Das Problem besteht noch.',
  withdrawn: 'Anna Beck hat den Fall zurückgezogen. Es ist nichts mehr zu tun.',
  stale: 'Diese Schaltfläche passt nicht mehr zum Stand des Falls.',
  openCase: 'Ein offener Fall',
  openCaseFor: 'Ein offener Fall zu ',
  noCaseFor: 'Zu nobody.example gibt es keinen offenen Fall.',
  queueRefused: 'Die offenen Fälle zeigen wir nur Mitgliedern des IT-Kanals.',
  mailboxes: 'Meine Postfächer',
  caseWithIt: 'rep@example.test: Ihre IT hat den Fall.',
  didItWork: 'Hat es in HubSpot geklappt?',
  itFailed: 'Der Fall ist wieder offen. Ihre IT weiß Bescheid.',
  itFailedForIt: 'Anna Beck meldet: In HubSpot hat es nicht geklappt. Der Fall ist wieder offen.',
  itWorkedForIt: 'Anna Beck meldet: In HubSpot hat es geklappt.',
  shownByHubspot: 'Anna Beck sieht in HubSpot: „Falsche IMAP-Einstellungen“',
  writtenForIt: 'Anna Beck schreibt, was HubSpot zeigt:',
  rechecked: 'Neueste Prüfung: Ein Punkt ist noch offen.',
};

const english: typeof german = {
  noAt: 'The @ sign is missing.',
  scheme: 'Please leave out “imaps://”, only the name: 127.0.0.1',
  port: 'The port is between 1 and 65535.',
  running: 'We are checking the mail servers for rep@example.test',
  steps: [
    'not met: IMAP: connection',
    'not checked yet: IMAP: login',
    'fine: SMTP: connection',
    'not checked yet: SMTP: login',
    'not checked yet: Test e-mail',
  ],
  blocked: 'The account cannot be connected like this: one requirement is not met.',
  tlsTitle: 'The IMAP server knows only TLS 1.0',
  tlsRemedy: 'IT switches on TLS 1.2 on the IMAP server, and TLS 1.3 too if possible.',
  ready: 'The server meets all requirements. We have not tested your login yet.',
  tooLong: 'The text is 10000 characters long. The limit is 3000. Please shorten it.',
  handedOver: 'Your IT team has received the case. We will tell you here as soon as something happens.',
  rootHeading: 'Anna Beck cannot connect an e-mail account to HubSpot',
  rootOpen: 'Open. Nobody has taken the case yet.',
  rootClaimed: 'Jonas Kern has taken the case.',
  rootResolved: 'Marked as resolved by Jonas Kern. Anna Beck has been asked to check again.',
  reportClaimed: 'Your IT team is working on it: Jonas Kern.',
  reportResolved: 'Jonas Kern has marked the case as resolved.',
  resolved:
    'Jonas Kern has marked the case as resolved. Please check again to see whether everything is met now.',
  status: 'How things stand',
  welcome: 'Connect your e-mail account to HubSpot',
  failed: 'The case did not arrive: we could not reach the IT channel.',
  asked: 'Your IT team has a question for you.',
  waiting: 'Waiting for an answer from Anna Beck.',
  arrived: 'Your answer has reached your IT team.',
  answers: 'Anna Beck answers.',
  reopened: 'Anna Beck has reopened the case: the problem is still there.',
  withdrawn: 'Anna Beck has withdrawn the case. There is nothing left to do.',
  stale: 'This button no longer fits the state of the case.',
  openCase: 'One open case',
  openCaseFor: 'One open case for ',
  noCaseFor: 'There is no open case for nobody.example.',
  queueRefused: 'We show the open cases to members of the IT channel only.',
  mailboxes: 'My mailboxes',
  caseWithIt: 'rep@example.test: Your IT team has the case.',
  didItWork: 'Did it work in HubSpot?',
  itFailed: 'The case is open again, and your IT team knows.',
  itFailedForIt: "Anna Beck reports that it didn't work in HubSpot. The case is open again.",
  itWorkedForIt: 'Anna Beck reports that it worked in HubSpot.',
  shownByHubspot: 'Anna Beck sees this in HubSpot: “IMAP settings incorrect”',
  writtenForIt: 'Anna Beck writes what HubSpot shows:',
  rechecked: 'Newest check: one point is still open.',
};

type Variant = {
  language: 'de' | 'en';
  /** As platforms and browsers name it. */
  tag: string;
  width: number;
  height: number;
  words: typeof german;
};

/** One on a desk, the other on a phone. */
export const variants: readonly [Variant, Variant] = [
  { language: 'de', tag: 'de-DE', width: 1280, height: 860, words: german },
  { language: 'en', tag: 'en-US', width: 390, height: 844, words: english },
];
