/** What the words of a refusal may say of a topic, in the same languages; `isNot`: the opposite, to be denied. */
import { eachOf, type State } from './clauses.ts';

export const states = {
  locked: {
    is: eachOf(String.raw`
      locked(?: out)?; lockout; suspend(?:ed)?; banned; frozen; blocked; barred; gesperrt; blockiert;
      kontosperre; bloque; bloquee?s?; suspendue?; verrouille\w*; bloquead\w*; suspendid\w*; bloccat\w*;
      sospes\w*; zablokowan\w*; zawieszon\w*; restricted; eingeschrankt; restreinte?; restringid\w*;
      ograniczon\w*; geblokkeerd; vergrendeld; opgeschort; beperkt; suspens[oa]; restrit[oa]
    `),
  },
  off: {
    is: eachOf(String.raw`
      disabled?; deactivated; inactive; turned off; switched off; revoked; closed; terminated; deaktiviert;
      abgeschaltet; ausgeschaltet; deleted; geloscht; desactivee?s?; desactivad\w*; deshabilitad\w*;
      inhabilitad\w*; disattivat\w*; disabilitat\w*; wylaczon\w*; nieaktywn\w*; dezaktywowan\w*;
      uitgeschakeld; gedeactiveerd; desativad\w*; desabilitad\w*
    `),
    isNot: eachOf(String.raw`
      enabled?; activated?; active; eingeschaltet; aktiviert; aktiv; freigeschaltet; freigegeben;
      activee?s?; habilitad\w*; activad\w*; activ[oa]; abilitat\w*; attivat\w*; attiv[oa]; wlaczon\w*;
      aktywn\w*; ingeschakeld; geactiveerd; ativad\w*; ativ[oa]
    `),
  },
  // A right that is lacking, which shuts no account.
  barred: {
    is: eachOf(`
      forbidden; prohibit(?:s|ed); disallowed; interdite?s?
    `),
    isNot: eachOf(String.raw`
      allow(?:s|ed)?; permit(?:s|ted)?; authori[sz]ed; available; erlaubt; zugelassen; berechtigt;
      autorisee?s?; permitid\w*; autorizad\w*; consentit\w*; autorizzat\w*; dozwolon\w*; uprawnion\w*;
      supported; provisioned; included; permissions?; rights; berechtigung\w*; uprawnien; permisos?;
      permess[oi]; droits?; toegestaan; rechten
    `),
  },
  // Kept from one account or kind of account, which no time will change.
  unentitled: {
    is: eachOf(String.raw`
      unlicensed; fur (?:diese[ns]?|ihr|ihren|den) \w+ nicht verfugbar
    `),
    isNot: eachOf(`
      (?:available|offered|verfugbar|disponible|disponibile|dostepn[aey]|beschikbaar|disponivel) (?:for|to|fur|pour|para|per|dla|voor);
      entitled; eligible; licensed
    `),
  },
  wrong: {
    is: eachOf(String.raw`
      invalid; incorrect; wrong; bad; mismatch\w*; denied; rejected; falsch\w*; ungultig\w*; fehlerhaft\w*;
      inkorrekt; unbekannt\w*; erronee?s?; invalides?; incorrecte?s?; mauvais\w*; inconnue?s?;
      incorrect[oa]s?; invalid[oaie]s?; erroneo\w*; errat\w*; sbagliat\w*; nieprawidlow\w*; niepoprawn\w*;
      bledn\w*; no such; unknown; nonexistent; non-?existent; onjuist\w*; ongeldig\w*; verkeerd\w*;
      incorret[oa]s?; errad[oa]s?; fel; felaktig\w*; ogiltig\w*; forkert\w*; ugyldig\w*; feil; vaara;
      virheellinen; hibas; ervenytelen;
      neplatn\w*; chybn\w*; nespravn\w*; неверн\p{L}*; неправильн\p{L}*; λαθος; hatalı; yanlıs; gecersiz
    `),
    isNot: eachOf(String.raw`
      valid; correct; accepted; recogni[sz]ed; match(?:es|ed|ing)?; right; exists?; found; gultig; korrekt;
      richtig; akzeptiert; stimm\w*; bekannt; valides?; reconnue?s?; acceptee?s?; valid[oaie]s?;
      correct[oa]s?; aceptad\w*; reconocid\w*; corrett\w*; accettat\w*; riconosciut\w*; existen?t?; existiert; esiste; istnieje; bestaat; trouvee?s?; gefunden;
      trovat[oa]; encontrad[oa]; znalezion\w*; gevonden; prawidlow\w*;
      poprawn\w*; ubereinstimm\w*
    `),
  },
  failed: {
    is: eachOf(String.raw`
      fail(?:ed|ure|s)?; unsuccessful; fehlgeschlagen; gescheitert; echoue\w*; echec\w*; fallit\w*;
      fallid\w*; fallo; error; nieudan\w*; nie powiodl\w*; blad; unauthenticated; abgelehnt; verweigert;
      refusee?; rechazad\w*; rifiutat\w*; odrzucon\w*; mislukt\w*; falha; falhou; misslyckades; mislykkedes;
      mislyktes;
      epaonnistui; sikertelen; selhal\w*
    `),
    isNot: eachOf(`
      authenticated?; successful; erfolgreich; logged in; log ?in
    `),
  },
  unknown: {
    is: eachOf(String.raw`
      unsupported; unknown; unrecogni[sz]ed; unimplemented; unavailable; unbekannt\w*; inconnue?;
      desconocid\w*; sconosciut\w*; nieznan\w*; no mechanism available; disabled
    `),
    isNot: eachOf(String.raw`
      supported; implemented; recogni[sz]ed; available; offered; advertised; enabled; allowed; known;
      unterstutzt;
      verfugbar; pris en charge; supportee?; soportad\w*; supportat\w*; obslugiwan\w*
    `),
  },
  expired: {
    is: eachOf(String.raw`
      expired; abgelaufen; expiree?; caducad\w*; vencid\w*; scadut\w*; wygasl\w*;
      must change; (?:must|needs? to|has to|have to) be (?:changed|renewed|reset|replaced|updated);
      change required;
      (?:geandert|erneuert|zuruckgesetzt) werden; too old; zu alt; doit etre (?:change|modifie|renouvele)e?;
      trop ancien;
      debe (?:ser )?(?:cambia|renova)\w*; demasiado antigu\w*; deve essere (?:cambiat|modificat|rinnovat)\w*;
      troppo vecchi\w*;
      musi (?:zostac|byc) zmienion\w*; zbyt stare; verlopen; moet worden (?:gewijzigd|vernieuwd); te oud;
      expirou; expirad\w*;
      deve ser (?:alterad|trocad)\w*; password transition
    `),
  },
  // What else than an old password may call for as well.
  renewal: {
    is: eachOf('change your password'),
  },
  weak: {
    is: eachOf(String.raw`
      too (?:simple|weak|short|easy); zu (?:einfach|kurz|schwach); trop (?:simple|faible|courte?);
      demasiado \w+; troppo \w+; zbyt (?:proste|slabe|krotkie); complexity; weak password;
      insecure password; compromised; leaked
    `),
    isNot: eachOf(`
      strong; complex; secure enough; sicher genug
    `),
  },
  needed: {
    is: eachOf(String.raw`
      must; requir\w*; need\w*; first; only; before; use; using; verwenden; verwende; benutzen; nutzen;
      benotig\w*; erforderlich; notig; obligatoire; requise?; utilisez; utiliser; necesari\w*; requiere;
      utilice; richiest\w*; necessari\w*; utilizz\w*; wymagan\w*; uzyj; create; generate; erstellen;
      disallowed; prohibited; forbidden; clear ?text \w+ disabled
    `),
    isNot: eachOf(`
      allowed; permitted; available; accepted; erlaubt; enabled
    `),
  },
  confirmed: {
    is: eachOf(String.raw`
      log ?in; log ?on; sign ?in; logging in; signing in; confirm\w*; verif\w*; prove; accept; unlock;
      required?; visit; bestatig\w*; anmelden; melden; einloggen; loggen; connectez; connecter; confirmez;
      confirmer; inicie; iniciar; confirm[ea]\w*; acced\w*; effettua\w*; zaloguj\w*; potwierdz\w*; use web;
      authenticate; detected; blocked; activity; approve; genehmigen; approuvez; apruebe; approva\w*;
      zatwierdz\w*; meld; bevestig\w*; goedkeuren; aprove; sessao
    `),
  },
  verified: {
    is: eachOf(`
      verify; confirm; validate; unlock; approve; bestatigen; verifizieren; entsperren; confirmez; validez;
      debloquez; confirme; valide; desbloquee; conferma; confermi; sblocca; potwierdz; odblokuj; bevestig
    `),
  },
  full: {
    is: eachOf(`
      quota; (?:is|are|mailbox|account|storage) full; voll; pleine?; llen[oa]; pien[oa]; pelna; przepelniona;
      is vol; chei[oa]
    `),
  },
  switchedOn: {
    is: eachOf(String.raw`
      enable; activate; turn on; switch on; aktivieren; freischalten; einschalten; activer; activez;
      activar; active; habilitar; habilite; attiva; attivare; abilita; abilitare; wlacz\w*; aktywuj
    `),
    isNot: eachOf(`
      enable; activate
    `),
  },
  later: {
    is: eachOf(String.raw`
      later; retry; temporar\w*; in \d+ (?:s|sec\w*|min\w*|hours?|minuten|stunden);
      for \d+ (?:sec\w*|min\w*|hours?); try again in; moment; currently unavailable; spater; voruber\w*;
      zeitweise; plus tard; temporairement; mas tarde; temporal\w*; piu tardi; temporane\w*; pozniej;
      tymczasow\w*; chwilowo; momentan\w*; busy; overload\w*; maintenance; wartung\w*; mantenimiento;
      manutenzione; mais tarde; dans (?:quelques|\d+) \w+; en (?:unos|\d+) minutos;
      (?:tra|fra) (?:qualche|pochi|\d+) minut[oi]; za chwile; za \d+ minut; over (?:enkele|\d+) minuten;
      em (?:alguns|\d+) minutos; in (?:einigen|wenigen) minuten; at present; wait; slow down; try again after
    `),
  },
  forNow: {
    is: eachOf(String.raw`
      for \d+ (?:s|sec\w*|min\w*|hours?); fur \d+ (?:sekunden|minuten|stunden); temporar\w*; voruber\w*;
      zeitweise;
      zeitweilig; temporairement; temporal\w*; temporane\w*; tymczasow\w*; chwilowo; tijdelijk
    `),
  },
  // Postfix gives a reason that it has not got: "(reason unavailable)".
  broken: {
    is: eachOf(String.raw`
      internal (?:\w+ )?(?:error|failure); server error; system error; generic failure; back ?end;
      database; ldap; connection lost; out of order; (?<!reason )unavailable; time(?:d)? ?out; timeout;
      storung; unreachable; unable to (?:connect|contact|reach|verify|check); serverfehler; erreur interne; erro interno; interne (?:server)?fout;
      error interno; errore interno; blad wewnetrzny; nicht verfugbar; indisponible; no disponible;
      non disponibile; niedostepn\w*; injoignable; irraggiungibile; onbereikbaar; indisponivel
    `),
    isNot: eachOf(String.raw`
      available; reachable; erreichbar; joignable; disponible; disponibile; raggiungibile; bereikbaar;
      beschikbaar; disponivel;
      dostepn\w*
    `),
  },
  tooMuch: {
    is: eachOf(String.raw`
      too (?:many|much|fast|quickly|often|frequent\w*); rate[- ]?limit\w*; (?!unlimit)\w*limit\w*; exceed\w*;
      maximum;
      throttl\w*; bandwidth; flood\w*; zu vielen?; zu oft; trop de; trop d'\w+; demasiad[oa]s; troppi; troppe;
      zbyt (?:wiele|duzo); za duzo; uberschritten; depasse\w*; superad\w*; superat\w*; przekroczon\w*;
      te ?veel; overschreden; muit[oa]s; excedid\w*; excessive; hourly; daily; per (?:hour|day);
      number of connections
    `),
  },
  rate: {
    is: eachOf(String.raw`
      rate[- ]?limit\w*; throttl\w*; bandwidth; quota; too fast; too quickly; rate;
      authenticated? too many times
    `),
  },
} as const satisfies Record<string, State>;
