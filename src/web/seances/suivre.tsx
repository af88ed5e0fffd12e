import type { ReactElement } from 'react'
import {
  aLuRappel,
  cerclesNote,
  chargerOrientation,
  consignerSuivi,
  ecrirePrononce,
  type FicheLue,
  lireDeliberation,
  lirePoste,
  reponsesQuestion,
  suivreFiches,
} from '#commission'
import { Introuvable } from '#socle/errors'
import { accorder, formatDate, formatDateLongue, formatMontant, formatNombre } from '#socle/typography'
import { etapeCourte } from '../accompagner/libelles.ts'
import { ZoneVive } from '../composants/index.ts'
import { BandeauPoste, PagePoste } from '../mise-en-page/index.tsx'
import { page, type Reponse, type Requete, redirection } from '../route.ts'

const SECONDES = 10

/** What a member reads of a sheet: a field it may not know is not there. */
function lignesDe({ contenu }: FicheLue): readonly (readonly [string, string])[] {
  const { stade, dette, dette_le, loyer, audience_le, bailleur, service, commune } = contenu
  return [
    ...(commune ? [['Commune', commune] as const] : []),
    ...(stade ? [['Étape', etapeCourte(stade)] as const] : []),
    ...(dette === undefined
      ? []
      : [
          [
            'Dette',
            `${formatMontant(dette)}${dette_le ? ` au ${formatDate(Temporal.PlainDate.from(dette_le))}` : ''}`,
          ] as const,
        ]),
    ...(loyer === undefined ? [] : [['Loyer', formatMontant(loyer)] as const]),
    ...(audience_le ? [['Audience', formatDate(Temporal.PlainDate.from(audience_le))] as const] : []),
    ...(bailleur ? [['Bailleur', bailleur] as const] : []),
    ...(service ? [['Accompagnement', service] as const] : []),
  ]
}

/** GET /seances/:seance/suivre: a member follows on its own screen the file in hand, as far as its sheets let it. Nothing is written here. */
export async function suivreSeance(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const poste = await lirePoste(session, requete.parametres.seance ?? '')
  // The reminder of confidentiality is read before any sheet.
  if (!(await aLuRappel(session, poste.id))) return redirection(`/seances/${poste.id}`)
  const fiches = await suivreFiches(session, poste.id)
  const parInscription = new Map(fiches.map((fiche) => [fiche.inscription, fiche]))
  const lignes = poste.lignes.filter(({ inscription }) => parInscription.has(inscription))
  if (lignes.length === 0) throw new Introuvable()
  // What the session wrote last is what it speaks of; before that, the first file.
  const recente = lignes
    .filter(({ modifiee_a }) => modifiee_a !== null)
    .toSorted((a, b) => (b.modifiee_a?.epochMilliseconds ?? 0) - (a.modifiee_a?.epochMilliseconds ?? 0))[0]
  const courante = lignes.find(({ inscription }) => inscription === requete.recherche.dossier) ?? recente ?? lignes[0]
  const fiche = courante && parInscription.get(courante.inscription)
  if (!courante || !fiche) throw new Introuvable()
  const deliberation = await lireDeliberation(session, courante.inscription)
  await consignerSuivi(session, poste.id, {
    lignes,
    courante: {
      inscription: courante.inscription,
      dossier: courante.dossier,
      etat: [
        courante.etat,
        deliberation.version,
        deliberation.prononces.length,
        deliberation.notes.map(({ id }) => id),
      ],
    },
  })
  // What is said of resources follows the field group of the matrix, like the sheet itself: hidden, the question is not there.
  const questions = chargerOrientation(session.referentiel.racine).questions.filter(
    ({ id }) => !deliberation.masquees.includes(id),
  )
  const titre = `${poste.nom}, ${formatDateLongue(poste.le)}`
  const decides = lignes.filter(({ etat }) => etat !== 'inscrit').length
  const rien: ReactElement = <p className="note">Rien n’est encore enregistré sur ce dossier.</p>
  return page(
    <PagePoste titre={`${titre}, suivre`} jeton={requete.connecte.jetonFormulaire} rafraichir={SECONDES}>
      <BandeauPoste titre={titre} retour={{ href: `/seances/${poste.id}`, libelle: 'Séance' }}>
        <p>Lecture seule, mise à jour toutes les {SECONDES} secondes</p>
      </BandeauPoste>
      <main
        className="s-grille s-grille--lire"
        id="contenu"
        tabIndex={-1}
        data-rafraichir={SECONDES}
        data-interrompu="La mise à jour est interrompue. Recharger la page."
      >
        <nav className="s-ordre" aria-label="Ordre du jour, ce que votre organisme peut en connaître">
          <ZoneVive cle="ordre">
            <p className="s-titre">
              {formatNombre(decides)} {accorder(decides, 'décidé', 'décidés')} sur {formatNombre(lignes.length)}
            </p>
            <ol>
              {lignes.map((ligne) => (
                <li key={ligne.inscription}>
                  <a
                    href={`/seances/${poste.id}/suivre?dossier=${ligne.inscription}`}
                    aria-current={ligne.inscription === courante.inscription ? 'true' : undefined}
                  >
                    <span>{ligne.rang}</span>
                    <span>{parInscription.get(ligne.inscription)?.contenu.titulaire ?? 'Dossier'}</span>
                    <span>{ligne.etat === 'inscrit' ? '' : ligne.etat === 'examine' ? 'décidé' : 'reporté'}</span>
                  </a>
                </li>
              ))}
            </ol>
          </ZoneVive>
        </nav>
        <div className="s-fiche">
          <ZoneVive cle="fiche">
            <h1>{fiche.contenu.titulaire ?? `Dossier ${courante.rang}`}</h1>
            <p className="sous">
              <a href={`/seances/${poste.id}/suivre`}>Suivre le dossier en cours</a>
            </p>
            <dl className="s-cles">
              {lignesDe(fiche).map(([terme, valeur]) => (
                <div key={terme}>
                  <dt>{terme}</dt>
                  <dd>{valeur}</dd>
                </div>
              ))}
            </dl>
            {deliberation.id === null ? (
              rien
            ) : (
              <>
                <h2>Orientation</h2>
                <dl className="fiche">
                  {questions.map(({ id, libelle }) => [
                    <dt key={id}>{libelle}</dt>,
                    <dd key={`${id}-r`}>
                      {deliberation.reponses[id] === null
                        ? 'Sans réponse'
                        : reponsesQuestion[deliberation.reponses[id]]}
                    </dd>,
                  ])}
                </dl>
                {deliberation.discours !== '' && <p>{deliberation.discours}</p>}
                {deliberation.prononces.length > 0 && (
                  <>
                    <h2>Avis et recommandations</h2>
                    <ul>
                      {deliberation.prononces.map((un) => (
                        <li key={un.id}>
                          {[
                            un.genre === 'recommandation' && un.code === null
                              ? ''
                              : ecrirePrononce(session, poste.le, un),
                            un.texte,
                          ]
                            .filter(Boolean)
                            .join('. ')}
                          , pour {un.organisme_nom ?? (un.destinataire || 'un destinataire à préciser')}
                        </li>
                      ))}
                    </ul>
                  </>
                )}
                {deliberation.notes.length > 0 && (
                  <>
                    <h2>Notes</h2>
                    <ul>
                      {deliberation.notes.map(({ id, texte, cercle }) => (
                        <li key={id}>
                          {texte} <small>Lue par : {cerclesNote[cercle]}</small>
                        </li>
                      ))}
                    </ul>
                  </>
                )}
              </>
            )}
          </ZoneVive>
        </div>
      </main>
    </PagePoste>,
  )
}
