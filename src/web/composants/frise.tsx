import type { ReactElement, ReactNode } from 'react'
import { enDate, formatDate, formatDateCourte, formatJourMois, type JourCivil } from '#socle/typography'
import { Plus } from './carte.tsx'
import { etatEcheance } from './echeance.tsx'
import { couperTexte, espacer, mesurerTexte, type Place, placerReperes } from './frise-placement.ts'
import { classes } from './texte.ts'

/** An act, or something a partner did or will do. */
export interface RepereFrise {
  readonly le: JourCivil
  readonly libelle: string
  readonly detail?: string | undefined
}

/** A date to keep; `tenueLe` when it was. */
export interface EcheanceFrise extends RepereFrise {
  readonly genre?: 'tache' | 'terme' | undefined
  readonly tenueLe?: JourCivil | undefined
}

export interface ProprietesFrise {
  /** Makes the identifiers of the drawing unique in the page. */
  readonly id: string
  readonly titre: string
  /** The drawing in one or two sentences, for whoever does not see it. */
  readonly description: string
  readonly aujourdhui: JourCivil
  /** Stages in order; each lasts until the next. */
  readonly etapes: readonly {
    readonly libelle: string
    readonly du: JourCivil
    readonly courante?: boolean | undefined
  }[]
  /** Acts of the procedure, above the line: past or announced. */
  readonly actes: readonly RepereFrise[]
  /** What partners did or will do, below. */
  readonly actions?: readonly RepereFrise[] | undefined
  /** Dates to keep, below, as diamonds. */
  readonly echeances?: readonly EcheanceFrise[] | undefined
  /** Hatched periods: the trêve hivernale. */
  readonly periodes?:
    | readonly { readonly libelle: string; readonly du: JourCivil; readonly au: JourCivil }[]
    | undefined
}

const LARGEUR = 1280
/** On the right, room for the label of the last mark. */
const MARGE = { gauche: 18, droite: 178 }
const HAUTEUR_NIVEAU = 38
const BANDE = 22
const NIVEAUX_MAX = 12
const LARGEUR_LIBELLE = 270
const MOIS = [
  'janv.',
  'févr.',
  'mars',
  'avr.',
  'mai',
  'juin',
  'juil.',
  'août',
  'sept.',
  'oct.',
  'nov.',
  'déc.',
] as const

type Genre = 'acte' | 'action' | 'echeance'
type Aspect = 'passe' | 'futur' | 'retard' | 'bientot' | 'tenu'

interface Marque {
  readonly genre: Genre
  readonly aspect: Aspect
  readonly le: Temporal.PlainDate
  readonly libelle: string
  readonly detail: string | undefined
  readonly lignes: readonly [string, string]
  readonly x: number
}

const ASPECTS_ECHEANCE = {
  depassee: 'retard',
  aujourdhui: 'bientot',
  bientot: 'bientot',
  deux_lectures: 'bientot',
  plus_tard: 'futur',
  passee: 'passe',
  sans_preuve: 'passe',
  tenue: 'tenu',
  tardive: 'retard',
} as const satisfies Record<ReturnType<typeof etatEcheance>, Aspect>

const comparer = (a: { readonly le: Temporal.PlainDate }, b: { readonly le: Temporal.PlainDate }): number =>
  Temporal.PlainDate.compare(a.le, b.le)

interface Echelle {
  readonly debut: Temporal.PlainDate
  readonly fin: Temporal.PlainDate
  readonly parJour: number
  readonly x: (jour: Temporal.PlainDate) => number
}

function creerEchelle(jours: readonly Temporal.PlainDate[]): Echelle {
  const tries = jours.toSorted(Temporal.PlainDate.compare)
  const [premier, dernier] = [tries[0], tries.at(-1)]
  if (premier === undefined || dernier === undefined) throw new RangeError('Une frise montre au moins un jour.')
  const etendue = premier.until(dernier).days
  // Two months at least: a single act is not a wall of weeks.
  const debut = etendue < 60 ? premier.subtract({ days: Math.ceil((60 - etendue) / 2) }) : premier
  const fin = etendue < 60 ? dernier.add({ days: Math.ceil((60 - etendue) / 2) }) : dernier
  const parJour = (LARGEUR - MARGE.gauche - MARGE.droite) / debut.until(fin).days
  return { debut, fin, parJour, x: (jour) => MARGE.gauche + debut.until(jour).days * parJour }
}

/** Marks in order, moved apart; what is past stays on the left of today, what is to come on its right. */
function placerMarques(proprietes: ProprietesFrise, echelle: Echelle, aujourdhui: Temporal.PlainDate): Marque[] {
  const long = echelle.debut.until(echelle.fin).days > 330
  const ecrireJour = (le: Temporal.PlainDate): string =>
    long && le.year !== aujourdhui.year ? `${formatDateCourte(le)}/${String(le.year).slice(2)}` : formatDateCourte(le)
  const creer = (repere: RepereFrise, genre: Genre, aspect?: Aspect): Omit<Marque, 'x'> => {
    const le = enDate(repere.le)
    const passe = Temporal.PlainDate.compare(le, aujourdhui) <= 0
    return {
      genre,
      aspect: aspect ?? (passe ? 'passe' : 'futur'),
      le,
      libelle: repere.libelle,
      detail: repere.detail,
      lignes: [
        couperTexte(`${ecrireJour(le)} ${repere.libelle}`, 13.5, LARGEUR_LIBELLE, true),
        couperTexte(repere.detail ?? '', 13, LARGEUR_LIBELLE),
      ],
    }
  }
  const marques = [
    ...proprietes.actes.map((acte) => creer(acte, 'acte')),
    ...(proprietes.actions ?? []).map((action) => creer(action, 'action')),
    ...(proprietes.echeances ?? []).map((echeance) =>
      creer(echeance, 'echeance', ASPECTS_ECHEANCE[etatEcheance(echeance, aujourdhui)]),
    ),
  ].sort(comparer)
  const ici = echelle.x(aujourdhui)
  const avant = marques.filter(({ le, genre }) => {
    const rang = Temporal.PlainDate.compare(le, aujourdhui)
    return rang < 0 || (rang === 0 && genre !== 'echeance')
  })
  const apres = marques.filter((marque) => !avant.includes(marque))
  const repartir = (groupe: readonly Omit<Marque, 'x'>[], min: number, max: number): Marque[] => {
    const places = espacer(
      groupe.map(({ le }) => echelle.x(le)),
      11,
      min,
      max,
    )
    return groupe.map((marque, rang) => ({ ...marque, x: places[rang] ?? min }))
  }
  return [
    ...repartir(avant, MARGE.gauche, Math.max(MARGE.gauche, ici - 10)),
    ...repartir(apres, Math.min(LARGEUR - MARGE.droite, ici + 10), LARGEUR - 12),
  ]
}

interface MarquePlacee extends Marque {
  readonly place: Place
}

const largeurLibelle = ({ lignes: [titre, detail] }: Marque): number =>
  Math.max(mesurerTexte(titre, 13.5, true), mesurerTexte(detail, 13)) + 8

function empiler(
  marques: readonly Marque[],
  interdits: readonly number[],
): { marques: MarquePlacee[]; niveaux: number } {
  const places = placerReperes(
    marques.map((marque) => ({ x: marque.x, largeur: largeurLibelle(marque) })),
    { gauche: 4, droite: LARGEUR - 4, interdits, niveauxMax: NIVEAUX_MAX },
  )
  const placees = marques.map((marque, rang) => ({
    ...marque,
    place: places[rang] ?? { ancre: 'debut' as const, niveau: null },
  }))
  return { marques: placees, niveaux: Math.max(0, ...places.map(({ niveau }) => (niveau ?? -1) + 1)) }
}

function Libelle({ marque, haut }: { marque: MarquePlacee; haut: number }): ReactElement {
  const debut = marque.place.ancre === 'debut'
  const x = (marque.x + (debut ? 7 : -7)).toFixed(1)
  const ancre = debut ? 'start' : 'end'
  const [titre, detail] = marque.lignes
  return (
    <>
      <text className="tb" x={x} y={haut + 12} textAnchor={ancre}>
        {titre}
      </text>
      {detail !== '' && (
        <text className="t2" x={x} y={haut + 28} textAnchor={ancre}>
          {detail}
        </text>
      )}
    </>
  )
}

function Signe({ marque, y }: { marque: MarquePlacee; y: number }): ReactElement {
  const x = Number(marque.x.toFixed(1))
  if (marque.genre === 'action') {
    return (
      <path
        className={marque.aspect === 'passe' ? 'aff' : 'aff-f'}
        d={`M${(x - 24).toFixed(1)} ${y + 24}c13 0 11-24 24-24`}
      />
    )
  }
  if (marque.genre === 'echeance') {
    const ton = marque.aspect === 'passe' || marque.aspect === 'futur' ? null : `los--${marque.aspect}`
    return <path className={classes('los', ton)} d={`M${x} ${y - 10}l10 10-10 10-10-10Z`} />
  }
  return marque.aspect === 'passe' ? (
    <circle className="acte" cx={x} cy={y} r="8" />
  ) : (
    <circle className="fut" cx={x} cy={y} r="7" />
  )
}

/** Months, or weeks when there are few, written under the line; those too near the mark of today are left out. */
function graduer(
  echelle: Echelle,
  jour: { readonly gauche: number; readonly droite: number },
): { x: number; texte: string; montre: boolean }[] {
  const graduations: { x: number; texte: string; montre: boolean }[] = []
  const ajouter = (le: Temporal.PlainDate, texte: string): void => {
    const x = echelle.x(le)
    if (x < 0 || x > LARGEUR - 8) return
    const largeur = mesurerTexte(texte, 13)
    graduations.push({ x, texte, montre: (x + largeur + 8 < jour.gauche || x > jour.droite) && x + largeur < LARGEUR })
  }
  if (echelle.parJour * 7 >= 70) {
    for (
      let lundi = echelle.debut.add({ days: 8 - echelle.debut.dayOfWeek });
      echelle.x(lundi) < LARGEUR;
      lundi = lundi.add({ days: 7 })
    ) {
      ajouter(lundi, formatDateCourte(lundi))
    }
    return graduations
  }
  const pas = [1, 2, 3, 6, 12].find((mois) => mois * 30.4 * echelle.parJour >= 66) ?? 24
  let premier = true
  for (let mois = echelle.debut.with({ day: 1 }); echelle.x(mois) < LARGEUR; mois = mois.add({ months: 1 })) {
    if ((mois.month - 1) % pas !== 0) continue
    const annee = mois.month === 1 || pas > 6 || premier
    ajouter(
      mois,
      `${MOIS[mois.month - 1] ?? ''}${annee && pas * 30.4 * echelle.parJour >= 84 ? ` ${mois.year}` : mois.month === 1 ? ` ${mois.year}` : ''}`,
    )
    if (echelle.x(mois) >= 0) premier = false
  }
  return graduations
}

/** Where the name of a period fits between the links that come down from above: from its right end leftwards. */
function chercherPlace(debut: number, fin: number, largeur: number, obstacles: readonly number[]): number | null {
  for (let x = fin - largeur - 8; x >= debut + 4; x -= 6) {
    if (obstacles.every((obstacle) => obstacle < x - 4 || obstacle > x + largeur + 4)) return x
  }
  return null
}

function Dessin({
  proprietes,
  aujourdhui,
}: {
  proprietes: ProprietesFrise
  aujourdhui: Temporal.PlainDate
}): ReactElement {
  const { id, etapes, periodes = [] } = proprietes
  const echelle = creerEchelle([
    aujourdhui,
    ...[
      ...etapes.map(({ du }) => du),
      ...[...proprietes.actes, ...(proprietes.actions ?? []), ...(proprietes.echeances ?? [])].map(({ le }) => le),
    ].map(enDate),
  ])
  const ici = echelle.x(aujourdhui)
  const marques = placerMarques(proprietes, echelle, aujourdhui)
  const dessus = empiler(
    marques.filter(({ genre }) => genre === 'acte'),
    [],
  )
  const dessous = empiler(
    marques.filter(({ genre }) => genre !== 'acte'),
    [ici],
  )
  const y = BANDE + 12 + dessus.niveaux * HAUTEUR_NIVEAU + 30
  const bas = y + 30 + dessous.niveaux * HAUTEUR_NIVEAU
  const axe = bas + 6
  const hauteur = axe + 26
  const hautDessus = (niveau: number) => y - 30 - (niveau + 1) * HAUTEUR_NIVEAU
  const hautDessous = (niveau: number) => y + 30 + niveau * HAUTEUR_NIVEAU
  const premierX = Math.min(...marques.map(({ x }) => x), ici)
  const obstacles = [...dessus.marques.filter(({ place }) => place.niveau !== null).map(({ x }) => x), ici]
  const texteJour = formatJourMois(aujourdhui)
  const demiJour = Math.max(44, mesurerTexte(texteJour, 13.5, true) / 2 + 8)
  const centreJour = Math.min(LARGEUR - demiJour, Math.max(demiJour, ici))
  return (
    <svg className="frise" viewBox={`0 0 ${LARGEUR} ${hauteur}`} role="img" aria-labelledby={`${id}-t ${id}-d`}>
      <title id={`${id}-t`}>{proprietes.titre}</title>
      <desc id={`${id}-d`}>{proprietes.description}</desc>
      <defs>
        <pattern id={`${id}-h`} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path className="hach" d="M0 0V8" />
        </pattern>
      </defs>
      {etapes.map((etape, rang) => {
        const debut = rang === 0 ? 0 : echelle.x(enDate(etape.du))
        const suivante = etapes[rang + 1]
        const fin = suivante === undefined ? LARGEUR : echelle.x(enDate(suivante.du)) - 2
        const largeur = Math.max(0, fin - debut)
        return (
          <g key={`${etape.libelle} ${etape.du}`}>
            <rect
              className={etape.courante ? 'zone-a' : 'zone'}
              x={debut.toFixed(1)}
              y="0"
              width={largeur.toFixed(1)}
              height={BANDE}
              rx="3"
            />
            {rang > 0 && <path className="bord" d={`M${(debut - 1).toFixed(1)} 0V${BANDE}`} />}
            <text className={etape.courante ? 'tb nu' : 't2 nu'} x={(debut + 8).toFixed(1)} y="15.5">
              {couperTexte(etape.libelle, 13.5, largeur - 12, etape.courante)}
            </text>
          </g>
        )
      })}
      {periodes.map((periode) => {
        const debut = Math.max(0, echelle.x(enDate(periode.du)))
        const fin = Math.min(LARGEUR, echelle.x(enDate(periode.au)))
        if (fin <= debut) return null
        const largeur = mesurerTexte(periode.libelle, 13)
        const place = chercherPlace(debut, fin, largeur, obstacles)
        return (
          <g key={`${periode.libelle} ${periode.du}`}>
            <rect fill={`url(#${id}-h)`} x={debut.toFixed(1)} y={y - 14} width={(fin - debut).toFixed(1)} height="28" />
            {place !== null && (
              <text className="t2" x={place.toFixed(1)} y={y - 18}>
                {periode.libelle}
              </text>
            )}
          </g>
        )
      })}
      {dessus.marques.map(({ x, place, lignes }) =>
        place.niveau === null ? null : (
          <path
            key={`${x}${lignes[0]}`}
            className="lien"
            d={`M${x.toFixed(1)} ${hautDessus(place.niveau) + 1}V${y - 6}`}
          />
        ),
      )}
      {dessous.marques.map(({ x, place, lignes }) =>
        place.niveau === null ? null : (
          <path
            key={`${x}${lignes[0]}`}
            className="lien"
            d={`M${x.toFixed(1)} ${hautDessous(place.niveau) + (lignes[1] === '' ? 16 : 32)}V${y + 6}`}
          />
        ),
      )}
      <path className="auj" d={`M${ici.toFixed(1)} ${y - 24}V${axe + 4}`} />
      <path className="futur" d={`M${ici.toFixed(1)} ${y}H${LARGEUR - 4}`} />
      {premierX < ici && <path className="cours" d={`M${premierX.toFixed(1)} ${y}H${ici.toFixed(1)}`} />}
      {[
        ...dessous.marques.filter(({ genre }) => genre === 'action'),
        ...dessus.marques,
        ...dessous.marques.filter(({ genre }) => genre !== 'action'),
      ].map((marque) => (
        <Signe key={`${marque.genre}${marque.x}${marque.lignes[0]}`} marque={marque} y={y} />
      ))}
      {dessus.marques.map((marque) =>
        marque.place.niveau === null ? null : (
          <Libelle key={`${marque.x}${marque.lignes[0]}`} marque={marque} haut={hautDessus(marque.place.niveau)} />
        ),
      )}
      {dessous.marques.map((marque) =>
        marque.place.niveau === null ? null : (
          <Libelle key={`${marque.x}${marque.lignes[0]}`} marque={marque} haut={hautDessous(marque.place.niveau)} />
        ),
      )}
      {graduer(echelle, { gauche: centreJour - demiJour, droite: centreJour + demiJour }).map(
        ({ x, texte, montre }) => (
          <g key={texte + x}>
            <path className="lien" d={`M${x.toFixed(1)} ${axe - 2}v6`} />
            {montre && (
              <text className="t2" x={(x + 4).toFixed(1)} y={axe + 18}>
                {texte}
              </text>
            )}
          </g>
        ),
      )}
      <rect
        className="auj-f"
        x={(centreJour - demiJour).toFixed(1)}
        y={axe + 3}
        width={(demiJour * 2).toFixed(1)}
        height="22"
        rx="3"
      />
      <text className="auj-t" x={centreJour.toFixed(1)} y={axe + 18} textAnchor="middle">
        {texteJour}
      </text>
    </svg>
  )
}

interface LigneFrise {
  readonly le: Temporal.PlainDate
  readonly texte: ReactNode
  readonly classe: string
  readonly cle: string
}

function lireLignes(proprietes: ProprietesFrise, aujourdhui: Temporal.PlainDate): LigneFrise[] {
  const futur = (le: Temporal.PlainDate): boolean => Temporal.PlainDate.compare(le, aujourdhui) > 0
  const ligne = (repere: RepereFrise, mention: string): LigneFrise => {
    const le = enDate(repere.le)
    return {
      le,
      cle: `${mention}${le}${repere.libelle}`,
      classe: futur(le) ? 'f' : '',
      texte: (
        <>
          <b>{repere.libelle}</b>
          {repere.detail && `, ${repere.detail}`}
          {mention !== '' && ` (${mention})`}
        </>
      ),
    }
  }
  const MENTIONS = {
    depassee: 'échéance dépassée',
    aujourdhui: 'échéance aujourd’hui',
    bientot: 'échéance proche',
    plus_tard: 'échéance à venir',
    deux_lectures: 'échéance incertaine',
    passee: 'terme passé',
    sans_preuve: 'terme passé, sans preuve connue',
    tenue: 'échéance tenue',
    tardive: 'échéance tenue trop tard',
  } as const satisfies Record<ReturnType<typeof etatEcheance>, string>
  return [
    ...proprietes.etapes.map(({ libelle, du }) => ({
      le: enDate(du),
      cle: `etape${libelle}${du}`,
      classe: 'etape-l',
      texte: (
        <>
          Étape : <b>{libelle}</b>
        </>
      ),
    })),
    ...(proprietes.periodes ?? []).map(({ libelle, du, au }) => ({
      le: enDate(du),
      cle: `periode${libelle}${du}`,
      classe: futur(enDate(du)) ? 'f' : '',
      texte: `${libelle} (du ${formatDate(du)} au ${formatDate(au)})`,
    })),
    ...proprietes.actes.map((acte) => ligne(acte, futur(enDate(acte.le)) ? 'à venir' : '')),
    ...(proprietes.actions ?? []).map((action) => ligne(action, futur(enDate(action.le)) ? 'à venir' : '')),
    ...(proprietes.echeances ?? []).map((echeance) => ligne(echeance, MENTIONS[etatEcheance(echeance, aujourdhui)])),
    { le: aujourdhui, cle: 'aujourdhui', classe: 'auj-l', texte: 'Aujourd’hui' },
  ].sort(comparer)
}

function Liste({ lignes, libelle }: { lignes: readonly LigneFrise[]; libelle: string }): ReactElement {
  return (
    <ol className="frise-l" aria-label={libelle}>
      {lignes.map(({ le, texte, classe, cle }) => (
        <li key={cle} className={classe || undefined}>
          <time dateTime={le.toString()}>{formatDate(le)}</time>
          <span>{texte}</span>
        </li>
      ))}
    </ol>
  )
}

/**
 * The course of a dossier: stages in a band, acts above the line, partners as tributaries below, échéances as diamonds, today in black.
 * Labels stack and never cover each other; one that finds no room is in the list only. The list always follows, and replaces the
 * drawing on narrow screens.
 */
export function Frise(proprietes: ProprietesFrise): ReactElement {
  const aujourdhui = enDate(proprietes.aujourdhui)
  const lignes = lireLignes(proprietes, aujourdhui)
  return (
    <>
      <Dessin proprietes={proprietes} aujourdhui={aujourdhui} />
      <div className="frise-liste">
        <Liste lignes={lignes} libelle={proprietes.titre} />
      </div>
      <div className="frise-plus">
        <Plus libelle="Lire la frise en liste">
          <Liste lignes={lignes} libelle={proprietes.titre} />
        </Plus>
      </div>
    </>
  )
}
