import type { Droit, Session } from '#acces'
import type { RegleMontree } from './lecture.ts'

/** Where a rule serves; `href` is null when the person has no right to that screen, or when it is not a screen. */
export interface Usage {
  readonly libelle: string
  readonly href: string | null
}

const SEUIL_COMMANDEMENT = 'commandement-de-payer.signalement'
const MOT_SEUIL = 'dette.atteint_seuil_signalement'

/** Screens, rules of the département and other rules of law that use a rule. */
export function listerUsages(
  regle: RegleMontree,
  regles: readonly RegleMontree[],
  session: Pick<Session, 'referentiel' | 'dept'>,
  peut: (droit: Droit) => boolean,
): readonly Usage[] {
  const ecran = (libelle: string, href: string, droit: Droit): Usage => ({ libelle, href: peut(droit) ? href : null })
  const dossiers = [
    ecran('Échéances et frise des dossiers', '/dossiers', 'dossier.consulter'),
    ecran('Files de « À faire »', '/a-faire', 'veille.consulter'),
  ]
  const citees = regles.filter(({ delai, valeur }) => (delai ?? valeur)?.voir.includes(regle.nom))
  return [
    ...(regle.delai?.suivi === 'dossier' ? dossiers : []),
    ...(regle.genre === 'calendrier'
      ? [ecran('Frise des dossiers : périodes hachurées', '/dossiers', 'dossier.consulter')]
      : []),
    ...(regle.nom === SEUIL_COMMANDEMENT ? usagesDuSeuil(session, ecran) : []),
    ...regles
      .filter(({ delai }) => delai?.auPlusTard?.nom === regle.nom)
      .map(({ libelle, href }) => ({ libelle: `Avance ce délai : ${libelle}`, href })),
    ...regles
      .filter(
        ({ delai, nom }) => nom !== regle.nom && regle.delai?.etablit && delai?.depart.includes(regle.delai.etablit),
      )
      .map(({ libelle, href }) => ({ libelle: `Fait partir ce délai : ${libelle}`, href })),
    ...citees.map(({ court, href }) => ({ libelle: `Citée par : ${court}`, href })),
    { libelle: 'Commande « ./amont essayer » (délais, valeurs et seuils sur des faits donnés)', href: null },
  ]
}

/** The rules and criteria of the département whose condition reads the threshold. */
function usagesDuSeuil(
  { referentiel, dept }: Pick<Session, 'referentiel' | 'dept'>,
  ecran: (libelle: string, href: string, droit: Droit) => Usage,
): readonly Usage[] {
  const departement = referentiel.departements.get(dept)
  const lit = (condition: { readonly texte: string } | undefined) => condition?.texte.includes(MOT_SEUIL) ?? false
  const criteres =
    departement?.criteres.at(-1)?.groupes.flatMap(({ criteres: siens }) => siens.filter(({ si }) => lit(si))) ?? []
  const volets =
    departement?.repartitions
      .at(-1)
      ?.volets.filter(({ si, regles = [] }) => lit(si) || regles.some((une) => lit(une.si))) ?? []
  return [
    ecran('Dossiers : dette au-dessus ou en dessous du seuil', '/dossiers', 'dossier.consulter'),
    ...criteres.map(({ libelle }) => ecran(`Critère : ${libelle}`, '/regles#criteres', 'regle.consulter')),
    ...volets.map(({ id, libelle }) => ecran(`Répartition : ${libelle}`, `/regles#volet-${id}`, 'regle.consulter')),
  ]
}
