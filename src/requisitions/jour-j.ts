import { join } from 'node:path'
import { z } from 'zod'
import { listerOrganismes, type Session } from '#acces'
import type { Dossier } from '#dossiers'
import { listerInterlocuteurs } from '#echanges'
import {
  type Forme,
  fichierDonnees,
  lireDocumentYaml,
  provenance,
  type Remarque,
  TYPES_ORGANISME,
  texteRempli,
} from '#referentiel'
import { projectRoot } from '#socle/config'
import { renderPdf } from '#socle/pdf'
import { formatDate, formatDateLongue, formatHeure, typo } from '#socle/typography'
import { listerActes } from './lecture.ts'
import { enVigueur, preparation } from './resume.ts'
import type { Requisition } from './types.ts'

const NOM = 'force-publique/jour-j.yaml'
const MODELE = join(projectRoot, 'src/requisitions/jour-j.typ')
const PAR_CONTACT = 3

const schema = fichierDonnees({
  etapes: z.array(z.strictObject({ titre: texteRempli, texte: texteRempli })).min(1),
  contacts: z
    .array(
      z.strictObject({
        code: texteRempli,
        libelle: texteRempli,
        telephone: texteRempli.optional(),
        types: z.array(z.enum(TYPES_ORGANISME)).optional(),
      }),
    )
    .min(1),
  ...provenance,
})

/** The kind of data file this module reads. */
export const FORMES_REQUISITIONS: readonly Forme[] = [
  { nom: 'jour-j', titre: 'Fiche du jour de l’expulsion pour les forces de l’ordre', chemins: [NOM], schema },
]

/** Reads what the day sheet says, or refuses with every problem of the file. */
export const chargerJourJ = (racine: string) => lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`).valeur

/** What nobody has reviewed yet in it. */
export function inventorierJourJ({ fiabilite, verifie_le }: ReturnType<typeof chargerJourJ>): Remarque[] {
  const lieu = { chemin: `donnees/${NOM}`, libelle: 'Fiche du jour de l’expulsion' }
  return [
    ...(fiabilite === 'defaut'
      ? [{ ...lieu, genre: 'a_completer', detail: 'valeur par défaut d’Amont' } as const]
      : []),
    ...(verifie_le === null ? [{ ...lieu, genre: 'non_verifie', detail: 'jamais relu par un juriste' } as const] : []),
  ]
}

/** Who to call, from the directory of the territory: what is missing there is said, never left out. */
async function contacts(session: Session, dossier: Dossier) {
  const { contacts: prevus } = chargerJourJ(session.referentiel.racine)
  const organismes = new Map((await listerOrganismes(session)).map((un) => [un.id, un]))
  const personnes = await listerInterlocuteurs(
    session,
    dossier.territoire === null ? {} : { territoire: dossier.territoire },
  )
  return prevus.map(({ libelle, telephone, types }) => {
    const siens = personnes
      .filter(({ organisme }) => {
        const de = organismes.get(organisme)
        if (de === undefined || !(types as readonly string[] | undefined)?.includes(de.type)) return false
        return (
          de.type !== 'mairie' || (dossier.code_insee !== null && (de.communes?.includes(dossier.code_insee) ?? false))
        )
      })
      .filter((un) => un.telephone !== '')
      .slice(0, PAR_CONTACT)
    const joindre = [
      ...(telephone ? [telephone] : []),
      ...siens.map((un) => `${un.telephone} (${un.nom}, ${un.fonction})`),
    ]
    return {
      libelle: typo(libelle),
      joindre: typo(joindre.length > 0 ? joindre.join(' ; ') : 'à compléter dans l’annuaire d’Amont'),
    }
  })
}

/**
 * The day sheet for the police (RFP-28): who, where, when, what to do, whom to call. Of the household, its name, its address, whether minors live there and whether a
 * place is foreseen: neither debt, nor reasons, nor anything of its story.
 */
export async function imprimerFiche(session: Session, dossier: Dossier, requisition: Requisition): Promise<Uint8Array> {
  const { etapes } = chargerJourJ(session.referentiel.racine)
  const vivants = enVigueur(await listerActes(session, requisition.id))
  const heure = vivants.findLast(({ genre }) => genre === 'date_prevue')?.donnees.heure
  const place = !requisition.sans_solution
  const sao = preparation(vivants).get('sao')?.donnees.etat === 'assure'
  const enfants = dossier.menage.enfantsACharge
  const lignes: readonly (readonly [string, string])[] = [
    ['Occupant', dossier.titulaire],
    ['Adresse', [dossier.adresse, dossier.commune].filter((part) => part !== '').join(', ')],
    [
      'Jour prévu',
      requisition.prevue_le
        ? `${formatDateLongue(requisition.prevue_le)}${heure ? ` à ${formatHeure(heure)}` : ''}`
        : 'pas encore fixé',
    ],
    ['Concours accordé le', requisition.decidee_le ? formatDate(requisition.decidee_le) : ''],
    ['Mineurs au foyer', enfants === undefined ? 'non connu' : enfants > 0 ? 'oui' : 'non'],
    ['Place d’hébergement ou relogement', place ? 'assuré' : 'non assuré à ce jour : appeler le 115'],
    ['Travailleur social désigné', sao ? 'oui' : 'non'],
  ]
  session.consigner({
    action: 'requisition.fiche',
    objet: 'requisition',
    objetId: requisition.id,
    dossiers: [dossier.id],
  })
  return renderPdf(MODELE, {
    titre: typo('Jour de l’expulsion : marche à suivre et contacts'),
    sous_titre: typo(`Établie le ${formatDateLongue(session.jour)} par ${session.acteur.organismeNom}.`),
    mention: typo(
      'Remise aux forces de l’ordre pour ce jour seulement. Données personnelles : à détruire après l’intervention.',
    ),
    lignes: lignes
      .filter(([, valeur]) => valeur !== '')
      .map(([terme, valeur]) => ({ terme: typo(terme), valeur: typo(valeur) })),
    etapes: etapes.map(({ titre, texte }) => ({ titre: typo(titre), texte: typo(texte) })),
    contacts: await contacts(session, dossier),
    pied: typo(`Dossier ${dossier.reference}`),
  })
}
