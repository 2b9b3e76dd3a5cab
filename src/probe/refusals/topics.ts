/**
 * What the words of a refusal may speak of, in the languages of large providers: English, German, French, Spanish,
 * Italian, Polish. Written without accents (`plainLetters`); each is a whole word, or a pattern for several.
 */
import { anyOf } from './clauses.ts';

export const topics = {
  account: anyOf(String.raw`
    accounts?; users?; mailbox; mailboxes; customer; userid; konto\w*; benutzer\w*; nutzer; postfach\w*;
    compte; utilisateur; boite; cuenta; usuario; buzon; utente; casella; uzytkownik\w*; skrzynk\w*; zugang;
    \w*konto; kont[aeu]; gebruiker\w*; postvak; conta; utilizador; caixa
  `),
  password: anyOf(String.raw`
    pass(?:word|wd|phrase|code)?s?; \w*passwor[dt]\w*; kennwort; mot de passe; contrasena; clave; hasl\w*;
    wachtwoord\w*;
    senha; palavra-?passe; losenord; passord; adgangskode; salasana; jelszo; heslo; парол\p{L}*; κωδικ\p{L}*;
    sifre
  `),
  credentials: anyOf(String.raw`
    credentials?; user ?names?; logins?; log ?on; log in; sign ?in; auth; authenti[cf]\w*; authorization;
    anmeld\w*; zugangsdaten; benutzername\w*; authentifizier\w*; identifiants?; connexion; identificacion;
    autentic\w*; credencial\w*; inicio de sesion; credenziali; accesso; uwierzytelni\w*; logowani\w*;
    nom d'utilisateur; nombre de usuario; nome utente; nazw\w* uzytkownika; dane logowania;
    gebruikersnaam; aanmeld\w*; inlog\w*; credenciais; sessao; anvandarnamn; inloggning\w*; brugernavn;
    brukernavn; kayttajatunnus;
    felhasznalonev; prihlasovaci; логин; ονομα χρηστη; kullanıcı adı
  `),
  imap: anyOf(String.raw`
    (?:full )?imap(?:4(?:rev1)?|s)?; pop3?/imap; imap/\w+
  `),
  smtp: anyOf(`
    smtp; esmtp; smtp auth; submission
  `),
  clients: anyOf(String.raw`
    (?:mail|e-?mail|external|third[- ]party) ?(?:programs?|clients?|apps?|applications?|access);
    \w*mail-?programm\w*; extern\w* (?:programm\w*|apps?|zugriff\w*); logiciels? de messagerie;
    programow poczt\w*; program\w* poczt\w*; client\w* (?:di posta|de correo); programas? de correo
  `),
  domain: anyOf(String.raw`
    domain; tenant; organi[sz]ation\w*; company; domaine; dominio; domen\w*; firma; unternehmen; plan;
    licen[cs]e; subscription; tarif\w*; package; paket; by (?:your|the) administrator; piano; formule;
    group policy; (?:your|this|ihre|votre|tu|su|tuo|uw|seu) (?:group|gruppe|groupe|grupo|gruppo|groep)
  `),
  organisation: anyOf(String.raw`
    organi[sz]ation\w*; tenant; company; security defaults; conditional access; unternehmen\w*;
    organizza\w*; organizac\w*
  `),
  passwordLogin: anyOf(String.raw`
    basic ?auth\w*; basic (?:login|authentication); legacy (?:auth\w*|protocols?);
    smtpclientauthentication; smtp auth\w*; client submission; less secure apps?;
    password (?:login|logins|authentication|based \w+); plain ?text (?:auth\w*|logins?|passwords?);
    simple authentication; authenticated client smtp submission; einfache\w* (?:anmeld|authentifiz)\w*;
    clear ?text (?:auth\w*|logins?|passwords?)
  `),
  oauth: anyOf(String.raw`
    oauth ?2?; xoauth2; oauthbearer; modern auth\w*
  `),
  mechanism: anyOf(String.raw`
    mechanisms?; auth\w* (?:methods?|types?|schemes?); authenticate; sasl; mechanismus; verfahren;
    mecanisme; mecanismo; meccanismo; mechanizm\w*; methode; metodo; auth (?:plain|login); auth command;
    command
  `),
  ourAddress: anyOf(String.raw`
    ips?; ipv[46]; ip[- ]?addr\w*; client (?:host|address|ip); remote (?:host|address|ip);
    your (?:host|network|country|location); this (?:host|ip|network|country|location|region); geo\w*;
    block ?list\w*; black ?list\w*; spamhaus; rbl; dnsbl; ptr; reverse (?:dns|hostname); rdns; fail2ban;
    ip-adresse\w*; adresse ip; direccion ip; indirizzo ip; adres\w* ip; hostname;
    (?:ihre[mrs]?|votre|tu|su|tuo|suo|uw|seu|sua) (?:\w*netz\w*|reseau|red|rete|netwerk|rede|land);
    endereco ip; unauthori[sz]ed (?:host|network|location); country; pays; pais; paese; kraju?
  `),
  encryption: anyOf(String.raw`
    starttls; tls; ssl; ssl/tls; encrypt\w*; non-?secure; insecure; unsecured?; clear ?text;
    secure (?:connection|channel|link); verschlussel\w*; chiffre\w*; cifrad\w*; crittografat\w*;
    szyfrowan\w*; under a layer
  `),
  browser: anyOf(String.raw`
    browser; webmail\w*; \w*portal; kundencenter; kundenbereich; web ?login; web ?site; web ?page;
    web interface; captcha; robot; the web; use web;
    online; navigateur; navegador; przegladark\w*; weboberflache; im web; site web; sito web; sitio web;
    interface web; (?:identity|device|phone(?: number)?); it'?s you; security (?:alert|challenge|check);
    identitat; user ?agreement; eula; terms of \w+
  `),
  suspicion: anyOf(String.raw`
    suspicious \w+; unusual \w+
  `),
  appPassword: anyOf(String.raw`
    app(?:lication)?[- ]?(?:specific[- ]?)?pass\w*; app(?:lication)?[- ]specific;
    passwords? for (?:apps?|applications?); two[- ]factor\w*; 2fa; second factor; two[- ]step\w*; mfa; totp;
    otp;
    multi-?factor\w*; one[- ]time[- ](?:code|pass\w*); einmal-?(?:code|pass\w*); mehr-?faktor\w*;
    zweiter faktor;
    anwendungs\w*passwor\w*; anwendungsspezifisch\w*; app-kennwort; zwei-faktor\w*;
    mot de passe (?:d'application|applicatif|externe); (?:deux|double) (?:facteurs?|authentification);
    code a usage unique; contrasena (?:de|para) (?:la )?aplicacion\w*; (?:dos|doble) (?:pasos|factor\w*);
    codigo de un solo uso; password (?:specifica )?(?:per|dell'?|di) ?(?:le |l')?app\w*;
    (?:due|doppio) (?:passaggi|fattor[ei]); codice monouso; hasl\w* (?:do |dla )?aplikacji; dwuskladnikow\w*;
    dwuetapow\w*; kod jednorazowy; app-wachtwoord; twee(?:staps|factor)\w*; eenmalige code;
    (?:duas|dois) (?:etapas|fatores); (?:senha|palavra-?passe) (?:de|do|para) (?:aplica\w+|app);
    device password; authori[sz](?:ation|ed) code;
    (?:dedicated|external|generated) password
  `),
  token: anyOf('tokens?'),
  mailPassword: anyOf(String.raw`
    e-?mail-?(?:passwor[dt]|kennwort); (?:mail|e-?mail)[- ]?client passwor[dt];
    passwort fur (?:e-?mail|programme)\w*; mail password
  `),
  connections: anyOf(String.raw`
    connections?; sessions?; verbindungen; sitzungen; (?<!\b(?:tentatives?|echecs?) (?:de |d'))connexions?;
    conexiones; sesiones; connessioni;
    sessioni; polacz\w*; sesji; concurrent; simultaneous\w*; gleichzeitig\w*; simultane\w*;
    verbindingen; sessies; gelijktijdig\w*; ligacoes; conexoes; sessoes; mail_max_userip_connections
  `),
  attempts: anyOf(String.raw`
    attempts?; logins?; failures?; fail\w*; auth\w*; \w*versuche\w*; \w*poging\w*; tentativas;
    \w*anmeldungen; tentatives?; intentos;
    tentativi; prob; retries; echecs; errors?; fehler; errori; errores; bledn\w*; incorrect; invalid; bad;
    wrong
  `),
  /** Where a server keeps the mail, which no user name or password changes. */
  files: anyOf(String.raw`
    (?:mail|mailbox|home|spool)[ -]?director\w*; maildir\w*; homedir\w*; file or directory; uid; gid;
    (?:mail|heimat|home)-?verzeichnis; verzeichnis (?:des|ihres|dieses) \w+; repertoire (?:personnel|de courrier)
  `),
  space: anyOf(String.raw`
    storage; (?:disk|disc) ?(?:space|quota)?; speicher\w*; espace disque; espacio; spazio; miejsca;
    opslag\w*; espaco
  `),
  mailbox: anyOf(`
    accounts?; mailbox; postfach; konto; boite; compte; buzon; cuenta; casella; skrzynka; postvak; caixa
  `),
  contract: anyOf(String.raw`
    licen[cs]e[ds]?; subscription; trial; contract; lizenz\w*; vertrag; abonnement; contrat; licencia;
    suscripcion; contrato; licenza; abbonamento; contratto; licencja; abonament; umowa; licentie; licenca;
    assinatura
  `),
  alias: anyOf(String.raw`
    alias\w*; (?:main|primary) (?:e-?mail )?address; haupt(?:-?e-?mail-?)?adresse; adresse principale;
    direccion principal; indirizzo principale; adres glowny; glowny adres; hoofdadres; endereco principal
  `),
} as const;
