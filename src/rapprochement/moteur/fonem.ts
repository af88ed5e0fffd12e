const VOYELLE = '[AEIOUY]'
const CONSONNE = '[BCDFGHJKLMNPQRSTVWXZ]'

/** Rules that shrink doubled letters: applied first, and again once other rules have produced new doubles. */
const DOUBLES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`(${VOYELLE})\\1+`, 'g'), '$1'],
  [/([BDFGHJKMNPQRTVWXZ])\1+/g, '$1'],
  [new RegExp(`CC(?=${CONSONNE}|$)`, 'g'), 'C'],
  [new RegExp(`(?<=^|${CONSONNE})SS`, 'g'), 'S'],
  [new RegExp(`SS(?=${CONSONNE}|$)`, 'g'), 'S'],
  [/(?<=[^I]|^)LL/g, 'L'],
  [/ILE$/g, 'ILLE'],
]

/** The transcription itself, in an order that matters: a rule sees what the rules before it wrote. */
const REGLES: readonly (readonly [RegExp, string])[] = [
  [/GE(?:O|AU)/g, 'JO'],
  [/CC(?=[AOU])/g, 'K'],
  [/CC(?=[EIY])/g, 'X'],
  [/G(?=[EIY])/g, 'J'],
  [new RegExp(`^MAC(?=${CONSONNE})`, 'g'), 'MA#'],
  [/^MC/g, 'MA#'],
  [new RegExp(`(?<=${VOYELLE})C(?=[EIY])`, 'g'), 'SS'],
  [/(?<=[BDFGHJKLMNPQRSTVWZ])C(?=[EIY])/g, 'S'],
  [/C(?=[BDFGJKLMNPQRSTVWXZ])/g, 'K'],
  [/(?:E?AU|O)L[TX]$/g, 'O'],
  [/E?AU[TX]$/g, 'O'],
  [/E?AUL?D$/g, 'O'],
  [/E?AU/g, 'O'],
  [/PH/g, 'F'],
  [/SH/g, 'CH'],
  [/(?<![CS])H/g, ''],
  [/^SA?INTE(?=.)|^STE(?=[BCDFGHJKLMNPQRSTVWXZ])/g, 'STE-'],
  [/^(?:SA?INT?|SEI[NM]|CINQ?)(?=[BCDFGHJKLMNPQRSTVWXZ])|^ST(?=[BCDFGJKLMNPQSTVWXZ])/g, 'ST-'],
  [/GA(?=I?[MN])/g, 'G#'],
  [/[AE]M(?=[BCDFGHJKLMPQRSTVWXZ])(?!$)/g, 'EN'],
  [/OM(?=[BCDFGHJKLMPQRSTVWXZ])/g, 'ON'],
  [new RegExp(`AN(?=${CONSONNE})`, 'g'), 'EN'],
  [new RegExp(`(?:AI[MN]|EIN)(?=${CONSONNE}|$)`, 'g'), 'IN'],
  [/(?<!G)AY$/g, 'E'],
  [/EUX$/g, 'EU'],
  [new RegExp(`EY(?=$|${CONSONNE})`, 'g'), 'E'],
  [/Y/g, 'I'],
  [new RegExp(`(?<=${VOYELLE})I(?=${VOYELLE})`, 'g'), 'Y'],
  [new RegExp(`(?<=${VOYELLE})ILL`, 'g'), 'Y'],
  [/OU(?=[AEOU]|I(?!LL))/g, 'W'],
  [/B(?:O|U|OU)RNE?$/g, 'BURN'],
  [new RegExp(`^IM|(?<=${CONSONNE})IM(?=[BCDFGHJKLMPQRSTVWXZ])`, 'g'), 'IN'],
  [/BV/g, 'V'],
  [/^C(?=[EIY])/g, 'S'],
  [/^C(?=[OUA])/g, 'K'],
  [new RegExp(`(?<=${VOYELLE})C$`, 'g'), 'K'],
  [new RegExp(`GNI(?=${VOYELLE})`, 'g'), 'GN'],
  [/JEA/g, 'JA'],
  [/QU?/g, 'K'],
  [/^SC(?=[EIY])/g, 'S'],
  [/(?<=.)SC(?=[EIY])/g, 'SS'],
  [/(?<=.)SC(?=[AOU])/g, 'SK'],
  [/TIA$/g, 'SSIA'],
  [/(?<=[AIOUY])W/g, ''],
  [/X[CSZ]/g, 'X'],
  [new RegExp(`(?<=${VOYELLE})Z|(?<=${CONSONNE})Z(?=${CONSONNE})`, 'g'), 'S'],
  // A silent last consonant: Dupont and Dupond, Renault and Renaud.
  [new RegExp(`(ILS|[CS]H|[MN]P|R[CFKLNSX])$|(${CONSONNE})${CONSONNE}$`, 'g'), '$1$2'],
]

const FIN: readonly (readonly [RegExp, string])[] = [
  [/G#/g, 'GA'],
  [/MA#/g, 'MAC'],
  [/-/g, ''],
]

function appliquer(texte: string, regles: readonly (readonly [RegExp, string])[]): string {
  let code = texte
  for (const [motif, remplacement] of regles) code = code.replace(motif, remplacement)
  return code
}

/**
 * French phonetic code of a name already stripped of accents and spaces. Rules of FONEM (Bouchard, Brard and Lavoie,
 * Population, 1981), made to link parish registers of the Saguenay. Names that sound alike share a code; the converse is
 * not promised, so a code is a blocking key and one level of agreement, never a proof.
 */
export function fonem(nom: string): string {
  const lettres = nom.toUpperCase().replace(/[^A-Z]/g, '')
  return appliquer(appliquer(appliquer(appliquer(lettres, DOUBLES), REGLES), DOUBLES), FIN)
}
