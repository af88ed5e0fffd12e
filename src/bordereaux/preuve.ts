import { join } from 'node:path'
import type { Session } from '#acces'
import { nommerDossiers } from '#dossiers'
import { projectRoot } from '#socle/config'
import { renderPdf } from '#socle/pdf'
import { formatDate, formatInstant, formatNombre, typo } from '#socle/typography'
import { nommerGenre } from './catalogue.ts'
import { lireEnvoye } from './registre.ts'

const MODELE = join(projectRoot, 'src/bordereaux/preuve.typ')

/** The proof of a sending: what the register holds of it on the day it is asked, without a word of any household. */
export async function imprimerPreuve(
  session: Session,
  id: string,
): Promise<{ readonly nom: string; readonly lignes: number; readonly composer: () => Promise<Uint8Array> }> {
  const { bordereau: un, lignes, ouvertures } = await lireEnvoye(session, id)
  const noms = await nommerDossiers(
    session,
    lignes.map(({ dossier }) => dossier),
  )
  const faits: readonly (readonly [string, string | null])[] = [
    ['Ce qui a été remis', nommerGenre(session, un.genre)],
    ['De', `${un.expediteur_nom}, par ${un.auteur}`],
    ['À', `${un.destinataire_nom} (${un.pourquoi})`],
    ['Le', formatInstant(un.a)],
    ['Par', un.canal === 'amont' ? 'Amont ; le courriel ne porte aucun contenu' : 'remise hors d’Amont'],
    ['Lignes', formatNombre(un.lignes)],
    ['Empreinte (SHA-256) du bordereau', un.empreinte],
    ['Rappelé le', un.rappel_a && formatInstant(un.rappel_a)],
    ['Reçu le', un.recu_le && formatDate(un.recu_le)],
    ['Retiré', un.retire_a && `le ${formatInstant(un.retire_a)}, par ${un.retire_auteur} : ${un.retire_motif}`],
  ]
  const donnees = {
    titre: typo(`Preuve de remise, bordereau n° ${un.annee}-${un.numero}`),
    lignes: faits.flatMap(([terme, valeur]) => (valeur === null ? [] : [{ terme: typo(terme), valeur: typo(valeur) }])),
    ouvertures_titre: typo(
      un.canal === 'remise'
        ? 'Ouvertures : sans objet, ce bordereau est remis hors d’Amont'
        : ouvertures.length === 0
          ? 'Personne ne l’a encore ouvert'
          : 'Ouvert par',
    ),
    ouvertures: ouvertures.map(({ personne, organisme_nom, a }) =>
      typo(`${personne}, ${organisme_nom}, le ${formatInstant(a)}`),
    ),
    dossiers_titre: 'Dossiers',
    dossiers: typo(lignes.map(({ dossier }) => noms.get(dossier) ?? '?').join(', ')),
    mention: typo(`État du registre le ${formatInstant(session.maintenant)}.`),
  }
  session.consigner({
    action: 'bordereau.imprimer',
    objet: 'bordereau',
    objetId: id,
    dossiers: [...new Set(lignes.map(({ dossier }) => dossier))],
    details: { preuve: true },
  })
  return {
    nom: `preuve-${un.annee}-${un.numero}.pdf`,
    lignes: lignes.length,
    composer: () => renderPdf(MODELE, donnees),
  }
}
