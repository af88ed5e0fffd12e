import { join } from 'node:path'
import { z } from 'zod'
import { aLeDroit, type Session } from '#acces'
import { consignerActe, type Dossier, type HistoriqueActe, listerActesSaisis } from '#dossiers'
import {
  type Forme,
  fichierDonnees,
  lireDocumentYaml,
  provenance,
  type Remarque,
  TYPES_ORGANISME,
  texteRempli,
} from '#referentiel'
import { refus } from '#socle/errors'
import type { Diagnostic } from './types.ts'

const NOM = 'diagnostics/referents.yaml'
const schema = fichierDonnees({
  designations: z
    .array(
      z.strictObject({
        departements: z.array(texteRempli).min(1).optional(),
        types: z.array(z.enum(TYPES_ORGANISME)).min(1),
        regle: z.enum(['jamais', 'si_rsa', 'toujours']),
        reference: texteRempli,
      }),
    )
    .min(1),
  ...provenance,
})
type Fichier = z.output<typeof schema>

/** The kind of data file that says when the author of a diagnosis becomes the referent. */
export const FORMES_REFERENTS: readonly Forme[] = [
  { nom: 'referents', titre: 'Auteur du diagnostic, référent du ménage', chemins: [NOM], schema },
]

const lus = new Map<string, Fichier>()
function charger(racine: string): Fichier {
  const lu = lus.get(racine) ?? lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`).valeur
  lus.set(racine, lu)
  return lu
}

/** What nobody has reviewed yet in it. */
export const inventorierReferents = (racine: string): Remarque[] =>
  charger(racine).verifie_le === null
    ? [
        {
          chemin: `donnees/${NOM}`,
          libelle: 'Référent après un diagnostic',
          genre: 'non_verifie',
          detail: 'jamais relu par les pilotes',
        },
      ]
    : []

/** The author of a diagnosis, offered as the referent of the household for the procedure (REP-19). */
export interface PropositionReferent {
  readonly nom: string
  readonly organisme_nom: string
  /** Naming is the rule here; otherwise it is offered. Null: it depends on the RSA, which is not known. */
  readonly regle: boolean | null
  readonly source: string
}

/** The only active referent: the latest designated, unless one was ended since (DOS-23). */
function estDesigne(saisis: readonly HistoriqueActe[]): boolean {
  const [dernier] = saisis
    .filter(({ genre, retire }) => !retire && (genre === 'referent_designe' || genre === 'referent_termine'))
    .toSorted(
      (a, b) =>
        Temporal.PlainDate.compare(b.le, a.le) || b.versions[0].a.epochMilliseconds - a.versions[0].a.epochMilliseconds,
    )
  return dernier?.genre === 'referent_designe'
}

/**
 * Once a diagnosis is validated and as long as nobody is the referent: its author, to those of the service that led it. Null otherwise, and where the charter says
 * nothing of this kind of service.
 */
export async function proposerReferent(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'menage' | 'clos_le'>,
  diagnostic: Diagnostic,
): Promise<PropositionReferent | null> {
  const { acteur, dept, referentiel } = session
  if (!['valide', 'transmis'].includes(diagnostic.etat) || diagnostic.valide_nom === null || dossier.clos_le !== null)
    return null
  if (acteur.organisme !== diagnostic.organisme || !aLeDroit(acteur, 'acte.consigner')) return null
  const { designations, source } = charger(referentiel.racine)
  const siennes = designations.filter(({ departements }) => departements?.includes(dept))
  const ligne = (
    siennes.length > 0 ? siennes : designations.filter(({ departements }) => departements === undefined)
  ).find(({ types }) => (types as readonly string[]).includes(diagnostic.organisme_type))
  if (!ligne || estDesigne(await listerActesSaisis(session, dossier.id))) return null
  const { rsa } = dossier.menage
  return {
    nom: diagnostic.valide_nom,
    organisme_nom: diagnostic.organisme_nom,
    regle: ligne.regle === 'si_rsa' ? (rsa ?? null) : ligne.regle === 'toujours',
    source: ligne.departements ? `${source.titre}, ${ligne.reference}` : ligne.reference,
  }
}

/** Names the author of the diagnosis, once the household agrees: an act like any other, which ends the referent before. */
export async function designerAuteur(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'menage' | 'clos_le' | 'reference'>,
  diagnostic: Diagnostic,
  demande: { accord: boolean | null; envoi: string },
): Promise<void> {
  const propose = await proposerReferent(session, dossier, diagnostic)
  if (!propose)
    throw refus(
      'referent.propose',
      'Ce référent n’est plus à désigner : relire le dossier, un référent y est peut-être noté.',
    )
  if (demande.accord === null) throw refus('referent.accord', 'Dire si le ménage est d’accord.')
  if (!demande.accord)
    throw refus(
      'referent.accord',
      'Le ménage n’est pas d’accord : personne n’est désigné. Lui proposer une autre personne, depuis « Procédure ».',
    )
  await consignerActe(session, {
    dossier: dossier.id,
    genre: 'referent_designe',
    le: session.jour,
    contenu: { organisme: propose.organisme_nom, nom: propose.nom, accord: true },
    envoi: demande.envoi,
  })
}
