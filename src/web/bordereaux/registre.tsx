import type { ReactElement } from 'react'
import {
  type Bordereau,
  type FiltreRegistre,
  imprimerPreuve,
  type LigneRegistre,
  LONGUEUR_MOTIF,
  lireEnvoye,
  lireOctets,
  lireRegistre,
  nommerGenre,
  noterReception,
  retirerBordereau,
} from '#bordereaux'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { etapeCourte } from '../accompagner/libelles.ts'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  EtatVide,
  Etiquette,
  Filtres,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Message,
  Pagination,
  Pile,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { sortir } from '../export.tsx'
import { identifiant } from '../requisitions/commun.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseEnvoye, colonnesDe, ongletsDe, REGISTRE } from './commun.tsx'

const QUOI = {
  bordereau: 'Bordereaux',
  liste: 'Tableaux hebdomadaires',
  diffusion: 'Réquisitions : demandes et informations',
} as const satisfies Record<LigneRegistre['quoi'], string>

const DIFFUSIONS: Readonly<Record<string, string>> = {
  enquete: 'Demande d’enquête',
  relance: 'Relance d’une enquête',
  decision: 'Concours accordé',
  date: 'Concours accordé, date prévue',
  treve: 'Concours accordé à l’approche de la trêve',
  departs: 'Départ du ménage',
  reprise: 'Annulation défaite',
  concertation: 'Concertation',
  rapport: 'Rapport social',
}

const nommer = (requete: Requete, { quoi, genre }: Pick<LigneRegistre, 'quoi' | 'genre'>): string =>
  quoi === 'liste'
    ? `Tableau hebdomadaire, ${etapeCourte(genre)}`
    : quoi === 'diffusion'
      ? (DIFFUSIONS[genre] ?? genre)
      : nommerGenre(requete.session, genre)

const adresseDe = ({ quoi, id, reference }: LigneRegistre): string | null =>
  quoi === 'bordereau'
    ? adresseEnvoye(id)
    : quoi === 'liste'
      ? `/tableaux/${id}`
      : reference === null
        ? null
        : `/dossiers/${reference}/force-publique`

/** Whether it reached somebody. */
function Suite({
  ligne,
}: {
  ligne: Pick<LigneRegistre, 'canal' | 'ouvert_a' | 'personnes' | 'rappel_a' | 'recu_le' | 'retire_a'>
}): ReactElement {
  const { canal, ouvert_a, personnes, rappel_a, recu_le, retire_a } = ligne
  if (retire_a) return <Etiquette ton="retard">Retiré le {formatInstant(retire_a)}</Etiquette>
  if (ouvert_a)
    return (
      <>
        <Etiquette ton="tenu" icone="ok">
          Ouvert le {formatInstant(ouvert_a)}
        </Etiquette>
        <small>{pluriel(personnes, 'personne', 'personnes')}</small>
      </>
    )
  if (recu_le)
    return (
      <Etiquette ton="tenu" icone="ok">
        Reçu le {formatDate(recu_le)}
      </Etiquette>
    )
  if (canal === 'remise') return <Etiquette ton="bientot">À remettre, réception à noter</Etiquette>
  return (
    <>
      <Etiquette>Pas encore ouvert</Etiquette>
      {rappel_a && <small>rappelé le {formatInstant(rappel_a)}</small>}
    </>
  )
}

const estQuoi = (texte: string | undefined): texte is LigneRegistre['quoi'] =>
  texte !== undefined && Object.hasOwn(QUOI, texte)

/** GET /transmettre/registre: what left, to whom, and whether it was opened. */
export async function montrerRegistre(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const numero = Math.max(1, Math.trunc(Number(recherche.page)) || 1)
  const filtre: FiltreRegistre = {
    quoi: estQuoi(recherche.quoi) ? recherche.quoi : undefined,
    fermes: recherche.fermes === 'oui',
    page: numero,
  }
  const { lignes, suite } = await lireRegistre(session, filtre)
  const adresse = (change: Readonly<Record<string, string>>) => {
    const params = new URLSearchParams({
      ...(filtre.quoi ? { quoi: filtre.quoi } : {}),
      ...(filtre.fermes ? { fermes: 'oui' } : {}),
      ...change,
    })
    for (const [cle, valeur] of [...params]) if (valeur === '') params.delete(cle)
    return params.size === 0 ? REGISTRE : `${REGISTRE}?${params}`
  }
  return page(
    <Cadre
      requete={requete}
      titre="Registre des envois"
      courante="transmettre"
      large
      chapo="Ce qui est parti, à qui, quand, par qui, et qui l’a ouvert. Un envoi retiré reste ici."
      vues={ongletsDe(requete, 'registre')}
    >
      <Pile>
        <Filtres
          action={REGISTRE}
          libelle="Filtrer le registre"
          resultat={`${lignes.length}${suite ? ' et plus' : ''} ${lignes.length === 1 ? 'envoi' : 'envois'}`}
          actifs={[
            ...(filtre.quoi ? [{ libelle: QUOI[filtre.quoi], retirer: adresse({ quoi: '' }) }] : []),
            ...(filtre.fermes ? [{ libelle: 'Pas encore ouverts', retirer: adresse({ fermes: '' }) }] : []),
          ]}
        >
          <Selection
            nom="quoi"
            libelle="Sorte"
            vide="Toutes"
            libre
            valeur={filtre.quoi}
            options={Object.entries(QUOI).map(([valeur, libelle]) => ({ valeur, libelle }))}
          />
          <CaseACocher nom="fermes" libelle="Pas encore ouverts" cochee={filtre.fermes} />
        </Filtres>
        {lignes.length === 0 ? (
          <EtatVide titre="Aucun envoi">Ce qui part de votre organisme s’inscrit ici avec sa preuve.</EtatVide>
        ) : (
          <Tableau
            legende="Envois, du plus récent au plus ancien"
            largeur="moyen"
            lignes={lignes}
            cle={({ quoi, id }) => `${quoi} ${id}`}
            colonnes={[
              {
                cle: 'quoi',
                titre: 'Quoi',
                principale: true,
                large: true,
                rendre: (ligne) => {
                  const lien = adresseDe(ligne)
                  const nom = nommer(requete, ligne)
                  return (
                    <>
                      {lien ? <a href={lien}>{nom}</a> : nom}
                      {ligne.numero && <small>n° {ligne.numero}</small>}
                    </>
                  )
                },
              },
              { cle: 'vers', titre: 'À', rendre: ({ vers }) => vers },
              { cle: 'lignes', titre: 'Ménages', numerique: true, rendre: ({ lignes: n }) => formatNombre(n) },
              {
                cle: 'a',
                titre: 'Parti le',
                rendre: ({ a, auteur }) => (
                  <>
                    {formatInstant(a)}
                    <small>{auteur ?? 'Amont'}</small>
                  </>
                ),
              },
              { cle: 'suite', titre: 'Suite', rendre: (ligne) => <Suite ligne={ligne} /> },
            ]}
            apres={
              suite || numero > 1 ? (
                <Pagination
                  libelle="Pages du registre"
                  position={`Page ${numero}`}
                  {...(numero > 1 ? { precedents: adresse({ page: String(numero - 1) }) } : {})}
                  {...(suite ? { suivants: adresse({ page: String(numero + 1) }) } : {})}
                />
              ) : undefined
            }
          />
        )}
      </Pile>
    </Cadre>,
  )
}

const nomDe = ({ annee, numero }: Bordereau): string => `Bordereau n° ${annee}-${numero}`

async function montrer(
  requete: Requete,
  erreurs: readonly Erreur[] = [],
  saisie: { readonly motif?: string; readonly recu_le?: string } = {},
): Promise<Reponse> {
  const { session, connecte } = requete
  const { bordereau: un, lignes, ouvertures } = await lireEnvoye(session, identifiant(requete, 'bordereau'))
  const jeton = connecte.jetonFormulaire
  return page(
    <Cadre
      requete={requete}
      titre={nomDe(un)}
      courante="transmettre"
      large
      erreur={erreurs.length > 0}
      chapo={nommerGenre(session, un.genre)}
      fil={[{ libelle: 'Registre des envois', href: REGISTRE }, { libelle: nomDe(un) }]}
      actions={
        <>
          <Bouton fichier icone="impr" href={adresseEnvoye(un.id, '/bordereau.pdf')} genre="principal">
            Télécharger le bordereau
          </Bouton>
          <Bouton fichier href={adresseEnvoye(un.id, '/preuve.pdf')}>
            Télécharger la preuve
          </Bouton>
        </>
      }
    >
      <Pile>
        <ResumeErreurs erreurs={erreurs} />
        {un.retire_a && (
          <Message ton="retard">
            <p>
              Retiré le {formatInstant(un.retire_a)} par {un.retire_auteur} : {un.retire_motif}. Le destinataire ne le
              lit plus.{' '}
              {ouvertures.length > 0 &&
                'Il l’avait ouvert avant : le prévenir, et le dire au délégué à la protection des données.'}
            </p>
          </Message>
        )}
        {un.canal === 'remise' && !un.recu_le && (
          <Message>
            <p>
              {un.destinataire_nom} n’a pas de compte dans Amont : imprimer le bordereau, qui contient les synthèses
              jointes, le remettre, puis noter ici le jour de sa réception.
            </p>
          </Message>
        )}
        <Carte
          titre="L’envoi"
          aside={<Suite ligne={{ ...un, ouvert_a: ouvertures[0]?.a ?? null, personnes: ouvertures.length }} />}
        >
          <ListeDefinition
            lignes={[
              { terme: 'À', valeur: un.destinataire_nom, note: un.pourquoi },
              { terme: 'Parti le', valeur: formatInstant(un.a), note: un.auteur },
              { terme: 'Par', valeur: un.canal === 'amont' ? 'Amont' : 'Remise hors d’Amont' },
              {
                terme: 'Empreinte',
                valeur: <code>{un.empreinte.slice(0, 16)}</code>,
                note: 'octets gardés tels qu’ils sont partis',
              },
              { terme: 'Rappelé le', valeur: un.rappel_a && formatInstant(un.rappel_a) },
            ]}
          />
          {ouvertures.length > 0 && (
            <ListeSobre
              lignes={ouvertures.map(({ personne, organisme_nom, a }) => ({
                cle: `${personne} ${a}`,
                titre: personne,
                note: `${organisme_nom}, ouvert le ${formatInstant(a)}`,
              }))}
            />
          )}
        </Carte>
        <Carte titre="Ce qui est parti">
          <Tableau
            legende="Lignes du bordereau"
            largeur="moyen"
            lignes={lignes}
            cle={({ dossier, lien }) => `${dossier} ${lien}`}
            colonnes={colonnesDe(lignes, ({ lien }) => (lien === null ? null : `/dossiers/${lien}`))}
          />
        </Carte>
        {un.canal === 'remise' && (
          <Carte titre={un.recu_le ? 'Corriger la date de réception' : 'Noter la réception'}>
            <Formulaire action={adresseEnvoye(un.id, '/reception')} jeton={jeton} libelle="Réception">
              <ChampDate
                nom="recu_le"
                libelle="Reçu le"
                valeur={saisie.recu_le || un.recu_le || undefined}
                max={session.jour}
                aide={un.genre === 'tribunal' ? 'Ce jour est celui où le diagnostic est remis au juge.' : undefined}
                erreur={messageDe(erreurs, 'recu_le')}
              />
              <Actions>
                <Bouton>Noter la réception</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
        {un.canal === 'amont' && !un.retire_a && (
          <Carte titre="Parti par erreur ?">
            <p>
              Retirer ferme aussitôt le bordereau à son destinataire ; il reste au registre, et ce qu’il portait
              redevient à transmettre.
            </p>
            <Formulaire action={adresseEnvoye(un.id, '/retirer')} jeton={jeton} libelle="Retirer">
              <Champ
                nom="motif"
                libelle="Pourquoi"
                valeur={saisie.motif}
                longueurMax={LONGUEUR_MOTIF}
                lignes={2}
                erreur={messageDe(erreurs, 'motif')}
              />
              <Actions>
                <Bouton genre="destructeur">Retirer ce bordereau</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /transmettre/registre/:bordereau. */
export const montrerEnvoye = (requete: Requete): Promise<Reponse> => montrer(requete)

/** POST …/retirer. */
export async function retirer(requete: Requete): Promise<Reponse> {
  const id = identifiant(requete, 'bordereau')
  const motif = champ(requete, 'motif')
  const erreur = await tenter(
    requete.session,
    'bordereau.retirer',
    () => 'motif',
    () => retirerBordereau(requete.session, id, motif),
  )
  if (erreur) return montrer(requete, [erreur], { motif })
  return redirection(adresseEnvoye(id), { texte: 'Bordereau retiré : son destinataire ne le lit plus.' })
}

/** POST …/reception. */
export async function recevoir(requete: Requete): Promise<Reponse> {
  const id = identifiant(requete, 'bordereau')
  const saisi = champ(requete, 'recu_le')
  const le = lireJourSaisi(saisi)
  if (le === null) return montrer(requete, [{ nom: 'recu_le', message: 'Donner le jour de la réception.' }])
  const erreur = await tenter(
    requete.session,
    'bordereau.recevoir',
    () => 'recu_le',
    () => noterReception(requete.session, id, le),
  )
  if (erreur) return montrer(requete, [erreur], { recu_le: saisi })
  return redirection(adresseEnvoye(id), { texte: 'Réception notée.' })
}

/** GET …/bordereau.pdf: the exact bytes, as they left. */
export async function telechargerEnvoye(requete: Requete): Promise<Reponse> {
  const { bordereau: un, octets } = await lireOctets(requete.session, identifiant(requete, 'bordereau'), 'expediteur')
  return sortir(requete, {
    nombre: un.lignes,
    filtre: nomDe(un),
    construire: async () => ({ nom: `bordereau-${un.annee}-${un.numero}.pdf`, type: 'application/pdf', octets }),
  })
}

/** GET …/preuve.pdf: what the register holds of it. */
export async function telechargerPreuve(requete: Requete): Promise<Reponse> {
  const { nom, lignes, composer } = await imprimerPreuve(requete.session, identifiant(requete, 'bordereau'))
  return sortir(requete, {
    nombre: lignes,
    filtre: nom,
    construire: async () => ({ nom, type: 'application/pdf', octets: await composer() }),
  })
}
