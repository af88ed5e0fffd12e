import type { ReactElement, ReactNode } from 'react'
import type { Rattachement } from '#rapprochement'
import { libellesTypes } from '#signalements'
import { formatDate, formatInstant, formatMontant, formatNombre, pluriel } from '#socle/typography'
import { Bouton, Carte, Etiquette, ListeSobre } from '../composants/index.ts'
import type { DossierLu, DroitsDossier, SignalRecu } from './lecture.ts'
import { ecrireCode } from './libelles.ts'
import { Reserve } from './parties.tsx'

/** How a signal came to this dossier. */
const MODES = {
  nouveau: 'A ouvert ce dossier',
  nouveau_confirme: 'A ouvert ce dossier : une personne a dit que ce ménage était nouveau',
  certain: 'Rattaché par Amont : ressemblance certaine',
  confirme: 'Rattaché par une personne, après un doute',
  separe: 'Séparé d’un autre dossier par une personne',
  reuni: 'Venu d’un dossier réuni à celui-ci',
} as const satisfies Record<Rattachement['mode'], string>

const contenuTexte = (signal: SignalRecu, cle: string): string | null => {
  const valeur = signal.contenu[cle]
  return typeof valeur === 'string' && valeur !== '' ? valeur : null
}

/** What the signal says, in one line: the names as its sender writes them, the place, the date of the act, the debt. */
function resumer(signal: SignalRecu): string {
  const nom = contenuTexte(signal, 'nom_usage') ?? contenuTexte(signal, 'nom_naissance')
  const prenom = contenuTexte(signal, 'prenom')
  const adresse = contenuTexte(signal, 'adresse')
  const audience = contenuTexte(signal, 'date_audience')
  const dette = signal.contenu.montant_dette
  const cles = signal.contenu.cles_remises
  const precision = contenuTexte(signal, 'precision')
  return [
    [nom, prenom].filter((un) => un !== null).join(' '),
    [adresse, signal.commune].filter((un) => un !== null && un !== '').join(', '),
    signal.dateActe === null ? '' : `acte du ${formatDate(signal.dateActe)}`,
    audience === null ? '' : `audience le ${formatDate(audience)}`,
    typeof dette === 'number' ? `dette de ${formatMontant(dette)}` : '',
    typeof cles === 'boolean' ? (cles ? 'clés remises' : 'clés non remises') : '',
    precision === null ? '' : `« ${precision} »`,
  ]
    .filter((un) => un !== '')
    .join(' ; ')
}

function Attachement({ attache, lu }: { attache: Rattachement | undefined; lu: DossierLu }): ReactNode {
  if (!attache) return null
  const score =
    attache.score === null
      ? ''
      : ` (probabilité ${formatNombre(Math.min(99.9, Math.floor(attache.score * 1000) / 10), 1)} %)`
  const motif = attache.motif !== null && lu.peutLireTexteDe(null) ? `. Motif : ${attache.motif}` : ''
  return (
    <>
      {MODES[attache.mode]}
      {score}, le {formatInstant(attache.a)}
      {attache.auteur !== null && `, ${attache.auteur}`}
      {motif}.{attache.raisons.length > 0 && ` Raisons : ${attache.raisons.join(' ; ')}.`}
    </>
  )
}

/** Signals received: who, when, what, which line of which import, and how each came to this dossier. */
export function CarteSignaux({ lu, droits }: { lu: DossierLu; droits: DroitsDossier }): ReactElement {
  const { dossier, signaux } = lu
  if (dossier.masques.includes('signaux')) return <Reserve titre="Signaux reçus" id="signaux" />
  const adresse = `/dossiers/${dossier.reference}`
  return (
    <Carte titre="Signaux reçus" id="signaux" aside={pluriel(signaux.length, 'signal', 'signaux')}>
      <ListeSobre
        lignes={signaux.map((signal) => ({
          cle: signal.id,
          titre: `${ecrireCode(libellesTypes, signal.type)}, ${signal.organismeNom}`,
          note: (
            <>
              Signalé le {formatDate(signal.dateSignalement)}, reçu le {formatDate(signal.recuLe)},{' '}
              {droits.lots && signal.lot !== '' ? (
                <a href={`/recevoir/${signal.lot}/lignes/${signal.ligne}`}>ligne {signal.ligne} du fichier</a>
              ) : (
                `ligne ${signal.ligne} du fichier`
              )}
              {signal.reference !== '' && `, référence ${signal.reference}`}
              {signal.version > 1 && `, version ${signal.version}`}.
              <br />
              {resumer(signal)}.
              <br />
              <Attachement attache={lu.rattachements.get(signal.id)} lu={lu} />
            </>
          ),
          droite: droits.separer ? (
            <Bouton
              petit
              href={`${adresse}/signaux/${signal.id}/separer`}
              libelleLu={`Ce n’est pas le même ménage : séparer le signal de ${signal.organismeNom} du ${formatDate(signal.dateSignalement)}`}
            >
              Ce n’est pas le même ménage
            </Bouton>
          ) : undefined,
        }))}
      />
      {droits.reunir && (
        <div className="actions mt4">
          <Bouton petit href={`${adresse}/reunir`}>
            Réunir avec un autre dossier
          </Bouton>
        </div>
      )}
      {signaux.length === 0 && (
        <p>
          <Etiquette ton="info">Vide</Etiquette> Plus aucun signal n’est rattaché à ce dossier.
        </p>
      )}
    </Carte>
  )
}
