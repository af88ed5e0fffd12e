import type { ReactElement } from 'react'
import {
  accordBailleur,
  type EchangeBailleur,
  LONGUEUR_ECHANGE,
  LONGUEUR_RETRAIT,
  listerEchangesBailleur,
  noterEchangeBailleur,
  retirerEchangeBailleur,
} from '#diagnostics'
import type { Dossier } from '#dossiers'
import { exigerCles } from '#echanges'
import { canaux, exigencesBailleur, issuesAupres, nommerIssue } from '#repartition'
import { formatDate, pluriel } from '#socle/typography'
import { ecrireCode, libellesDemiJournee } from '../accompagner/libelles.ts'
import { lireJourSaisi, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  Etiquette,
  Etiquettes,
  Formulaire,
  ListeSobre,
  Message,
  Pile,
  Plus,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { adresseDossier, CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import { cleDe, demiJournees, etatDeForme, lireChamps, lireEnvoi, options, type Saisie } from './saisie.ts'

const FORME = 'bailleur'
const formeRetrait = (echange: string): string => `retirer-${echange}`
const majuscule = (texte: string): string => texte.charAt(0).toLocaleUpperCase('fr') + texte.slice(1)
const adresseDe = (dossier: Dossier): string => `${adresseDossier(dossier)}/diagnostics/bailleur`

/** Withdrawing an exchange noted by mistake: why, before it counts no more. */
function Retirer({
  requete,
  dossier,
  echange,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  echange: EchangeBailleur
  saisie: Saisie | null
}): ReactElement {
  const { valeur, erreur, ouverte } = etatDeForme(saisie, formeRetrait(echange.id))
  const nom = `l’échange du ${formatDate(echange.le)}`
  return (
    <Plus libelle="Noté par erreur ?" ouvert={ouverte}>
      <Formulaire
        action={`${adresseDe(dossier)}/${echange.id}/retirer`}
        jeton={requete.connecte.jetonFormulaire}
        libelle={`Retirer ${nom}`}
      >
        <Champ
          nom="motif"
          id={`c-motif-${echange.id}`}
          libelle={`Pourquoi retirer ${nom}`}
          longueurMax={LONGUEUR_RETRAIT}
          valeur={valeur(`motif-${echange.id}`)}
          erreur={erreur(`motif-${echange.id}`)}
          aide="Il reste visible dans ce journal, avec ce motif."
        />
        <Actions>
          <Bouton genre="destructeur">Retirer cet échange</Bouton>
        </Actions>
      </Formulaire>
    </Plus>
  )
}

function Journal({
  requete,
  dossier,
  echanges,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  echanges: readonly EchangeBailleur[]
  saisie: Saisie | null
}): ReactElement {
  const { session, acteur } = requete
  if (echanges.length === 0) return <p>Aucun échange avec le bailleur n’est noté.</p>
  return (
    <ListeSobre
      lignes={echanges.map((echange) => {
        const demi = ecrireCode(libellesDemiJournee, echange.demi_journee)
        const { ecrits } = echange
        return {
          cle: echange.id,
          titre: `${canaux[echange.canal]} du ${formatDate(echange.le)}${demi === '' ? '' : `, ${demi}`}`,
          note: (
            <>
              {[echange.auteur, echange.organisme_nom].filter((un) => un !== null).join(', ')}.{' '}
              {ecrits === null ? (
                'Le contenu est réservé à ce service et au secrétariat.'
              ) : (
                <>
                  {majuscule(nommerIssue(session, ecrits.resultat))}.{ecrits.contenu !== '' && ` ${ecrits.contenu}`}
                  {ecrits.version_bailleur !== '' && (
                    <>
                      <br />
                      Ce que dit le bailleur : {ecrits.version_bailleur}
                    </>
                  )}
                </>
              )}
              {echange.retire_a !== null && (
                <>
                  <br />
                  Retiré, noté par erreur{echange.retire_motif !== null && ` : ${echange.retire_motif}`}
                </>
              )}
            </>
          ),
          droite: (
            <>
              <Etiquettes>
                {echange.retire_a !== null ? (
                  <Etiquette ton="neutre" icone="annuler">
                    Retiré
                  </Etiquette>
                ) : (
                  <Etiquette ton={echange.joint ? 'tenu' : 'neutre'}>{echange.joint ? 'Joint' : 'Pas joint'}</Etiquette>
                )}
                <Etiquette ton={echange.accord_menage ? 'tenu' : 'neutre'}>
                  {echange.accord_menage ? 'Accord du ménage' : 'Sans accord noté'}
                </Etiquette>
                {echange.menage_present && <Etiquette ton="info">Ménage présent</Etiquette>}
              </Etiquettes>
              {echange.retire_a === null && echange.organisme === acteur.organisme && (
                <Retirer requete={requete} dossier={dossier} echange={echange} saisie={saisie} />
              )}
            </>
          ),
        }
      })}
    />
  )
}

function PageBailleur({
  requete,
  dossier,
  echanges,
  accord,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  echanges: readonly EchangeBailleur[]
  accord: boolean
  saisie: Saisie | null
}): ReactElement {
  const { session } = requete
  const { valeur, erreur, envoi } = etatDeForme(saisie, FORME)
  const exigence = exigencesBailleur(session)
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="diagnostics"
      titre="Échanges avec le bailleur"
      acte="Échanges avec le bailleur"
      chapo="Un journal à part : rien de ceci ne compte comme un contact avec le ménage."
    >
      <Pile>
        <ResumeErreurs erreurs={saisie?.erreurs ?? []} />
        <Message ton={accord ? 'tenu' : exigence?.accord ? 'bientot' : 'info'}>
          <p>
            <b>{accord ? 'Le ménage a donné son accord.' : 'L’accord du ménage n’est pas noté.'}</b>{' '}
            {exigence
              ? `Votre engagement demande ${[exigence.accord ? 'son accord' : null, exigence.presence ? 'sa présence' : null].filter((un) => un !== null).join(' et ')} (${exigence.source.reference ?? exigence.source.titre}).`
              : 'Votre engagement ne l’exige pas ; il est noté avec chaque échange.'}{' '}
            {!accord && <a href={`${adresseDossier(dossier)}#accords`}>Noter son accord</a>}
          </p>
        </Message>
        <Carte titre="Noter un échange">
          <Formulaire action={adresseDe(dossier)} jeton={requete.connecte.jetonFormulaire} champs={{ envoi }}>
            <div className="champs">
              <Selection
                nom="canal"
                libelle="Moyen"
                vide="Choisir un moyen"
                valeur={valeur('canal')}
                erreur={erreur('canal')}
                options={options(canaux)}
              />
              <ChampDate
                nom="le"
                libelle="Date"
                max={session.jour}
                valeur={valeur('le', session.jour.toString())}
                erreur={erreur('le')}
              />
              <Selection
                nom="demi_journee"
                libelle="Demi-journée"
                facultatif
                vide="Non précisée"
                valeur={valeur('demi_journee')}
                options={options(demiJournees)}
              />
            </div>
            <Selection
              nom="resultat"
              libelle="Ce que cet échange a donné"
              vide="Choisir dans la liste"
              valeur={valeur('resultat')}
              erreur={erreur('resultat')}
              options={issuesAupres(session, 'bailleur').map(({ code, libelle, joint }) => ({
                valeur: code,
                libelle: `${joint ? 'Joint' : 'Pas joint'} : ${libelle}`,
              }))}
            />
            <CaseACocher
              nom="present"
              libelle="Le ménage était présent"
              cochee={valeur('present') === 'oui'}
              erreur={erreur('present')}
            />
            <Champ
              nom="contenu"
              libelle="Ce qui a été échangé, factuellement"
              facultatif
              lignes={3}
              longueurMax={LONGUEUR_ECHANGE}
              aide="Des faits : montants, dates, propositions. Rien de la vie du ménage."
              valeur={valeur('contenu')}
              erreur={erreur('contenu')}
            />
            <Champ
              nom="version"
              libelle="Ce que dit le bailleur"
              facultatif
              lignes={3}
              longueurMax={LONGUEUR_ECHANGE}
              aide="Sa version, séparée des faits."
              valeur={valeur('version')}
              erreur={erreur('version')}
            />
            <Message ton="reserve">
              <p>
                <b>Qui lira ceci ?</b> Votre organisme et le secrétariat lisent le contenu. Les autres services voient
                le moyen, la date et si le bailleur a été joint. Le bailleur ne lit rien ici.
              </p>
            </Message>
            <Actions>
              <Bouton genre="principal">Noter cet échange</Bouton>
              <Bouton genre="tertiaire" href={`${adresseDossier(dossier)}/diagnostics`}>
                Revenir au diagnostic
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
        <Carte titre="Journal" aside={pluriel(echanges.length, 'échange', 'échanges')}>
          <Journal requete={requete} dossier={dossier} echanges={echanges} saisie={saisie} />
        </Carte>
      </Pile>
    </CadreDossier>
  )
}

async function montrer(requete: Requete, dossier: Dossier, saisie: Saisie | null, statut?: number): Promise<Reponse> {
  const { session, application } = requete
  const echanges = await listerEchangesBailleur(session, exigerCles(application), dossier.id)
  const accord = await accordBailleur(session, dossier.id)
  return page(
    <PageBailleur requete={requete} dossier={dossier} echanges={echanges} accord={accord} saisie={saisie} />,
    statut,
  )
}

/** GET /dossiers/:reference/diagnostics/bailleur. */
export async function montrerBailleur(requete: Requete): Promise<Reponse> {
  return montrer(requete, await ouvrirDossier(requete), null)
}

const CHAMPS: Readonly<Record<string, string>> = {
  'bailleur.futur': 'le',
  'bailleur.presence': 'present',
  'bailleur.accord': 'canal',
  'contact.resultat': 'resultat',
}

/** POST /dossiers/:reference/diagnostics/bailleur (DOS-21). */
export async function noterBailleur(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const dossier = await ouvrirDossier(requete)
  const champs = lireChamps(requete, [
    'canal',
    'le',
    'demi_journee',
    'resultat',
    'present',
    'contenu',
    'version',
    'envoi',
  ])
  const [canal, le] = [cleDe(canaux, champs.canal ?? ''), lireJourSaisi(champs.le ?? '')]
  const { contenu = '', version = '', resultat = '' } = champs
  const erreurs = [
    ...(canal === null ? [{ nom: 'canal', message: 'Choisir le moyen de contact.' }] : []),
    ...(le === null ? [{ nom: 'le', message: 'Donner la date de l’échange, par exemple 20/11/2026.' }] : []),
    ...(resultat === '' ? [{ nom: 'resultat', message: 'Choisir dans la liste ce que cet échange a donné.' }] : []),
    ...[
      { nom: 'contenu', texte: contenu },
      { nom: 'version', texte: version },
    ].flatMap(({ nom, texte }) =>
      texte.length > LONGUEUR_ECHANGE
        ? [{ nom, message: `Raccourcir à ${LONGUEUR_ECHANGE} caractères : il y en a ${texte.length}.` }]
        : [],
    ),
  ]
  if (canal !== null && le !== null && erreurs.length === 0) {
    const refusee = await tenter(
      session,
      'bailleur.noter',
      (code) => CHAMPS[code] ?? 'canal',
      () =>
        noterEchangeBailleur(session, exigerCles(application), dossier, {
          canal,
          le,
          demiJournee: cleDe(demiJournees, champs.demi_journee ?? ''),
          resultat,
          contenu,
          versionBailleur: version,
          menagePresent: champs.present === 'oui',
          envoi: lireEnvoi(requete),
        }),
    )
    if (refusee === null) return redirection(adresseDe(dossier), { texte: 'Échange avec le bailleur noté.' })
    erreurs.push(refusee)
  }
  return montrer(requete, dossier, { forme: FORME, champs, erreurs }, 422)
}

/** POST /dossiers/:reference/diagnostics/bailleur/:echange/retirer. */
export async function retirerBailleur(requete: Requete): Promise<Reponse> {
  const { session, application, parametres } = requete
  const dossier = await ouvrirDossier(requete)
  const echange = parametres.echange ?? ''
  const motif = lireChamps(requete, ['motif']).motif ?? ''
  const nom = `motif-${echange}`
  const refusee = await tenter(
    session,
    'bailleur.noter',
    () => nom,
    () => retirerEchangeBailleur(session, exigerCles(application), dossier, { echange, motif }),
  )
  if (refusee)
    return montrer(
      requete,
      dossier,
      { forme: formeRetrait(echange), champs: { [nom]: motif }, erreurs: [refusee] },
      422,
    )
  return redirection(adresseDe(dossier), { texte: 'Échange retiré : il reste dans le journal.' })
}
