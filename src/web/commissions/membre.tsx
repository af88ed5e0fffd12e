import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type Apport,
  aLuRappel,
  allouer,
  composerFiche,
  composerFiches,
  direRienPourLeReste,
  etatsApport,
  type FicheLue,
  type Inscription,
  imprimerOrdre,
  lireFiche,
  lireFiches,
  lireMotifs,
  lireRappel,
  lireSeance,
  listerApports,
  listerInscriptions,
  listerPoints,
  listerSeancesDuMembre,
  originesInscription,
  ranger,
  repondreApport,
  retirer,
  type Seance,
} from '#commission'
import { exigerCles } from '#echanges'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { formatDate, formatHeure, formatInstant, pluriel } from '#socle/typography'
import { etapeCourte } from '../accompagner/libelles.ts'
import { messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Message,
  PiedCadre,
  Pile,
  ResumeErreurs,
  Tableau,
} from '../composants/index.ts'
import { pageConflit, type VersionsDUneChose } from '../conflit.tsx'
import { sortir } from '../export.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { agirSurSeance, dejaTyper, erreursDe, resumer, type Typee } from './acte.tsx'
import { adresseCommission, adresseSeance, COMMISSIONS, direQuand, EtatDeSeance } from './commun.tsx'
import { lignesDeFiche } from './fiche.ts'
import { CartePoints } from './points.tsx'
import { montrerPreparation } from './seance.tsx'

const fil = (seance: Seance) => [
  { libelle: 'Commissions', href: COMMISSIONS },
  { libelle: seance.commission_nom, href: adresseCommission(seance.commission) },
  { libelle: `Séance du ${formatDate(seance.le)}`, href: adresseSeance(seance.id) },
]

/** The reminder, before anything of a household is shown (domaine § 5.1). */
function Rappel({ requete, seance }: { requete: Requete; seance: Seance }): ReactElement {
  return (
    <Carte titre="Rappel de confidentialité" id="rappel">
      <p>
        Les membres de la commission, et ceux qui instruisent ses dossiers, sont tenus au secret (loi du 31 mai 1990,
        article 7-2 ; code pénal, article 226-13).
      </p>
      <ul>
        <li>Les fiches servent à préparer cette séance, à rien d’autre.</li>
        <li>Elles ne se transmettent ni au bailleur, ni au ménage, ni à un collègue qui ne siège pas.</li>
        <li>Elles se lisent de l’envoi à la fin de la séance. Chaque lecture est inscrite au journal.</li>
      </ul>
      <BoutonPost
        genre="principal"
        action={`${adresseSeance(seance.id)}/rappel`}
        jeton={requete.connecte.jetonFormulaire}
      >
        J’ai lu ce rappel, ouvrir l’ordre du jour
      </BoutonPost>
    </Carte>
  )
}

function EtatApport({ apport }: { apport: Apport | undefined }): ReactElement {
  if (apport === undefined) return <span>rien ne vous est demandé</span>
  if (apport.etat === 'apporte') return <Etiquette ton="tenu">{etatsApport.apporte}</Etiquette>
  if (apport.etat === 'rien') return <Etiquette ton="neutre">{etatsApport.rien}</Etiquette>
  return (
    <Etiquette ton="bientot">
      {apport.attendu_le ? `Attendu le ${formatDate(apport.attendu_le)}` : etatsApport.demande}
    </Etiquette>
  )
}

function FichesEnvoyees({
  requete,
  seance,
  fiches,
  apports,
}: {
  requete: Requete
  seance: Seance
  fiches: readonly FicheLue[]
  apports: readonly Apport[]
}): ReactElement {
  const adresse = adresseSeance(seance.id)
  const jeton = requete.connecte.jetonFormulaire
  const parFiche = new Map(apports.map((un) => [un.inscription, un]))
  const attendus = apports.filter(({ etat }) => etat === 'demande')
  return (
    <Carte
      titre="Ordre du jour et fiches"
      id="fiches"
      aside={
        seance.odj_envoye_a
          ? `version ${seance.odj_numero}, envoyée le ${formatInstant(seance.odj_envoye_a)}`
          : undefined
      }
    >
      <Tableau
        legende="Dossiers de la séance"
        largeur="moyen"
        lignes={fiches}
        cle={({ inscription }) => inscription}
        colonnes={[
          {
            cle: 'rang',
            titre: 'Rang',
            rendre: ({ rang, heure }) => (
              <>
                <b className="num">{rang}</b> <small>{heure === null ? 'sans heure' : formatHeure(heure)}</small>
              </>
            ),
          },
          {
            cle: 'menage',
            titre: 'Ménage',
            principale: true,
            rendre: ({ inscription, contenu, tardive }) => (
              <>
                <a href={`${adresse}/dossiers/${inscription}`}>{contenu.titulaire}</a>
                <small> {contenu.commune}</small> {tardive && <Etiquette ton="bientot">Ajout tardif</Etiquette>}
              </>
            ),
          },
          { cle: 'stade', titre: 'Étape', rendre: ({ contenu }) => (contenu.stade ? etapeCourte(contenu.stade) : '') },
          {
            cle: 'apport',
            titre: 'Vos éléments',
            rendre: ({ inscription }) => <EtatApport apport={parFiche.get(inscription)} />,
          },
        ]}
        apres={
          <PiedCadre note="L’ordre du jour, puis une page par dossier.">
            <Bouton petit fichier icone="import" href={`${adresse}/fiches.pdf`}>
              Télécharger en un document
            </Bouton>
          </PiedCadre>
        }
      />
      {attendus.length > 0 && (
        <BoutonPost
          action={`${adresse}/rien`}
          jeton={jeton}
          champs={{ inscription: attendus.map(({ inscription }) => inscription) }}
        >
          Dire « rien à apporter » sur {pluriel(attendus.length, 'dossier', 'dossiers')} sans réponse
        </BoutonPost>
      )}
    </Carte>
  )
}

/** The page of a session for one of its members: the reminder first, then what was sent to it. */
export async function montrerOrdreDuMembre(requete: Requete, seance: Seance): Promise<Reponse> {
  const { session, acteur } = requete
  const sienne = (await listerSeancesDuMembre(session)).some(({ id }) => id === seance.id)
  const lu = sienne && (await aLuRappel(session, seance.id))
  const fiches = lu ? (await lireFiches(session, seance.id)).fiches : []
  const apports = lu ? await listerApports(session, seance.id, { organisme: acteur.organisme ?? '' }) : []
  const points = await listerPoints(session, seance.id)
  if (!lu) session.consigner({ action: 'seances.lister', objet: 'seance', objetId: seance.id })
  return page(
    <Cadre
      requete={requete}
      titre={`Séance du ${direQuand(seance)}`}
      chapo={`${seance.commission_nom}${seance.lieu ? `, ${seance.lieu}` : ''}.`}
      courante="reunir"
      large
      fil={fil(seance)}
      actions={<EtatDeSeance seance={seance} />}
    >
      <Pile>
        <p>
          <a href={`${adresseSeance(seance.id)}/seance.ics`} download="">
            Fichier pour un agenda
          </a>
          {lu && seance.close_a === null && (
            <>
              {' · '}
              <a href={`${adresseSeance(seance.id)}/suivre`}>Suivre la séance en direct</a>
            </>
          )}
        </p>
        <CartePoints requete={requete} seance={seance} points={points} modifiable={false} typee={null} />
        {!sienne ? (
          <EtatVide titre="Rien de cette séance ne vous est adressé">
            Les fiches se lisent par le titulaire et le suppléant nommés, de l’envoi de l’ordre du jour à la fin de la
            séance.
          </EtatVide>
        ) : lu ? (
          <FichesEnvoyees requete={requete} seance={seance} fiches={fiches} apports={apports} />
        ) : (
          <Rappel requete={requete} seance={seance} />
        )}
      </Pile>
    </Cadre>,
  )
}

/** POST /seances/:seance/rappel. */
export async function acquitterRappel(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.seance ?? ''
  await lireRappel(requete.session, id)
  return redirection(adresseSeance(id))
}

/** The sheets this person reads: those sent to it, or, for whoever prepares, the whole agenda. */
async function lireLesFiches(requete: Requete): Promise<{ seance: Seance; fiches: readonly FicheLue[] }> {
  const { session, acteur, parametres } = requete
  if (!aLeDroit(acteur, 'seance.preparer')) return lireFiches(session, parametres.seance ?? '')
  const seance = await lireSeance(session, parametres.seance ?? '')
  return { seance, fiches: await composerFiches(session, seance) }
}

function FormulaireApport({
  requete,
  seance,
  apport,
  typee,
}: {
  requete: Requete
  seance: Seance
  apport: Apport
  typee: Typee | null
}): ReactElement {
  return (
    <Formulaire
      action={`${adresseSeance(seance.id)}/apports/${apport.id}`}
      jeton={requete.connecte.jetonFormulaire}
      champs={{ vu: dejaTyper(typee, 'apport', 'vu') ?? String(apport.version) }}
      libelle="Vos éléments"
    >
      <Champ
        nom="texte"
        libelle="Ce que votre organisme apporte"
        aide="Lu par le secrétariat seul. Le strict nécessaire à l’examen du dossier : rien de médical."
        lignes={6}
        libre
        longueurMax={4000}
        valeur={dejaTyper(typee, 'apport', 'texte') ?? apport.texte ?? ''}
        erreur={messageDe(erreursDe(typee, 'apport'), 'texte')}
      />
      <Actions>
        <Bouton genre="principal" nom="etat" valeur="apporte">
          Apporter ces éléments
        </Bouton>
        <Bouton nom="etat" valeur="rien">
          Rien à apporter
        </Bouton>
      </Actions>
    </Formulaire>
  )
}

function Instruire({
  requete,
  seance,
  fiche,
  motifs,
  typee,
}: {
  requete: Requete
  seance: Seance
  fiche: FicheLue
  motifs: readonly string[]
  typee: Typee | null
}): ReactElement | null {
  const modifiable = (seance.etat === 'prevue' || seance.etat === 'ouverte') && seance.close_a === null
  if (!modifiable && motifs.length === 0) return null
  const adresse = adresseSeance(seance.id)
  const jeton = requete.connecte.jetonFormulaire
  const champs = { vu: String(seance.version), inscription: fiche.inscription, depuis: 'fiche' }
  return (
    <Carte titre="Sa place à l’ordre du jour" id="place">
      <Pile>
        {motifs.length > 0 && <ListeSobre lignes={motifs.map((titre, rang) => ({ cle: String(rang), titre }))} />}
        {modifiable && (
          <>
            <Formulaire action={`${adresse}/ranger`} jeton={jeton} champs={champs} libelle="Changer de rang">
              <Champ
                nom="rang"
                libelle="Rang"
                court
                chiffres
                valeur={dejaTyper(typee, 'ranger', 'rang') ?? String(fiche.rang)}
                erreur={messageDe(erreursDe(typee, 'ranger'), 'rang')}
              />
              <Actions>
                <Bouton>Mettre à ce rang</Bouton>
              </Actions>
            </Formulaire>
            <Formulaire action={`${adresse}/allouer`} jeton={jeton} champs={champs} libelle="Changer la durée">
              <Champ
                nom="minutes"
                libelle="Durée, en minutes"
                court
                chiffres
                valeur={dejaTyper(typee, 'allouer', 'minutes') ?? String(fiche.duree_minutes ?? '')}
                erreur={messageDe(erreursDe(typee, 'allouer'), 'minutes')}
              />
              <Actions>
                <Bouton>Donner cette durée</Bouton>
              </Actions>
            </Formulaire>
            <Formulaire
              action={`${adresse}/retirer`}
              jeton={jeton}
              champs={champs}
              libelle="Retirer de l’ordre du jour"
            >
              <Champ
                nom="motif"
                libelle="Pourquoi le retirer"
                aide="Les fiches envoyées se ferment aussitôt ; ce que les membres ont apporté reste, et revient s’il est réinscrit."
                facultatif
                longueurMax={500}
                valeur={dejaTyper(typee, 'retirer', 'motif')}
                erreur={messageDe(erreursDe(typee, 'retirer'), 'motif')}
              />
              <Actions>
                <Bouton genre="destructeur">Retirer ce dossier</Bouton>
              </Actions>
            </Formulaire>
          </>
        )}
      </Pile>
    </Carte>
  )
}

async function pageFiche(requete: Requete, typee: Typee | null): Promise<Reponse> {
  const { session, acteur, application, parametres } = requete
  const seance = await lireSeance(session, parametres.seance ?? '')
  const inscription = parametres.inscription ?? ''
  const { fiche, avant, apres } = aLeDroit(acteur, 'seance.preparer')
    ? await composerFiche(session, seance, inscription)
    : await lireFiche(session, seance, inscription)
  const prepare = aLeDroit(acteur, 'seance.preparer')
  const apports = await listerApports(session, seance.id, {
    inscription: fiche.inscription,
    ...(prepare ? {} : { organisme: acteur.organisme ?? '' }),
  })
  const mien = prepare ? undefined : apports[0]
  const motifs = prepare ? await lireMotifs(session, exigerCles(application), fiche.inscription) : []
  const adresse = adresseSeance(seance.id)
  return page(
    <Cadre
      requete={requete}
      titre={fiche.contenu.titulaire ?? 'Dossier'}
      chapo={`${fiche.rang} à l’ordre du jour${fiche.heure ? `, vers ${formatHeure(fiche.heure)}` : ''}${fiche.contenu.reference ? ` ; dossier ${fiche.contenu.reference}` : ''}.`}
      courante="reunir"
      large
      fil={[...fil(seance), { libelle: fiche.contenu.titulaire ?? 'Dossier' }]}
      erreur={typee !== null}
      actions={
        prepare && fiche.contenu.reference ? (
          <Bouton href={`/dossiers/${fiche.contenu.reference}`}>Ouvrir le dossier</Bouton>
        ) : undefined
      }
    >
      {typee && <ResumeErreurs titre="Rien n’a été enregistré" erreurs={resumer(typee)} />}
      <Pile>
        <Carte titre="Fiche du dossier" id="fiche">
          <ListeDefinition lignes={lignesDeFiche(fiche.contenu)} />
          <p className="note">Ce qui n’est pas ouvert à votre organisme n’a pas de ligne.</p>
        </Carte>
        {mien && (
          <Carte titre="Vos éléments" id="apport" aside={<EtatApport apport={mien} />}>
            <FormulaireApport requete={requete} seance={seance} apport={mien} typee={typee} />
          </Carte>
        )}
        {prepare && (
          <Carte titre="Éléments des membres" id="apports">
            {apports.length === 0 ? (
              <Message>
                <p>Rien n’a été demandé : les éléments le sont quand l’ordre du jour part.</p>
              </Message>
            ) : (
              <ListeSobre
                lignes={apports.map((apport) => ({
                  cle: apport.id,
                  titre: apport.organisme_nom,
                  note: apport.texte ?? (apport.relance_le ? `relancé le ${formatDate(apport.relance_le)}` : undefined),
                  droite: <EtatApport apport={apport} />,
                }))}
              />
            )}
          </Carte>
        )}
        {prepare && <Instruire requete={requete} seance={seance} fiche={fiche} motifs={motifs} typee={typee} />}
        <nav className="actions" aria-label="Dossiers de la séance">
          {avant && <Bouton href={`${adresse}/dossiers/${avant}`}>Dossier précédent</Bouton>}
          {apres && <Bouton href={`${adresse}/dossiers/${apres}`}>Dossier suivant</Bouton>}
        </nav>
      </Pile>
    </Cadre>,
    typee === null ? undefined : 422,
  )
}

/** GET /seances/:seance/dossiers/:inscription. */
export const montrerFiche = (requete: Requete): Promise<Reponse> => pageFiche(requete, null)

/** POST /seances/:seance/apports/:apport (COM-06). */
export async function repondre(requete: Requete): Promise<Reponse> {
  const { session, parametres, acteur } = requete
  const seance = await lireSeance(session, parametres.seance ?? '')
  const mien = (await listerApports(session, seance.id, { organisme: acteur.organisme ?? '' })).find(
    ({ id }) => id === parametres.apport,
  )
  if (!mien) throw new Introuvable()
  const etat = champ(requete, 'etat') === 'rien' ? 'rien' : 'apporte'
  const texte = champ(requete, 'texte')
  const vu = champ(requete, 'vu')
  const adresse = `${adresseSeance(seance.id)}/dossiers/${mien.inscription}`
  try {
    const erreur = await tenter(
      session,
      'apport.repondre',
      (code) => code.replace(/^\w+\./, ''),
      () => repondreApport(session, seance.id, mien.id, Number(vu), { etat, texte }),
    )
    if (erreur)
      return pageFiche(
        { ...requete, parametres: { ...parametres, inscription: mien.inscription } },
        { formulaire: 'apport', erreurs: [erreur], valeurs: requete.champs },
      )
  } catch (erreur) {
    if (!(erreur instanceof Conflit)) throw erreur
    session.consigner({ action: 'apport.repondre', resultat: 'refuse', details: { code: erreur.code } })
    return pageConflit(requete, {
      message: erreur.message,
      quoi: 'Éléments de votre organisme',
      courante: 'reunir',
      fil: fil(seance),
      versions: [
        { cle: 'texte', libelle: 'Éléments', saisie: texte, enregistree: mien.texte ?? etatsApport[mien.etat] },
      ],
      conseil: 'Garder la réponse de votre collègue, ou la remplacer par la vôtre.',
      garder: { libelle: 'Garder ce qui est enregistré', href: adresse },
      remplacer: {
        libelle: 'Remplacer par ma réponse',
        action: `${adresseSeance(seance.id)}/apports/${mien.id}`,
        champs: { vu: String(mien.version), texte, etat },
      },
    })
  }
  return redirection(adresse, {
    ton: 'tenu',
    texte:
      etat === 'rien' ? 'C’est dit : votre organisme n’a rien à apporter.' : 'Vos éléments sont remis au secrétariat.',
  })
}

/** POST /seances/:seance/rien. */
export async function direRien(requete: Requete): Promise<Reponse> {
  const seance = await lireSeance(requete.session, requete.parametres.seance ?? '')
  const nombre = await direRienPourLeReste(requete.session, seance.id, requete.champs.inscription ?? [])
  return redirection(adresseSeance(seance.id), {
    ton: 'tenu',
    texte: `« Rien à apporter » est dit sur ${pluriel(nombre, 'dossier', 'dossiers')}.`,
  })
}

/** GET /seances/:seance/fiches.pdf: the agenda and the sheets its reader may know, as one document (COM-05). */
export async function telechargerFiches(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  const { seance, fiches } = await lireLesFiches(requete)
  if (fiches.length === 0) throw refus('seance.vide', 'Aucun dossier n’est inscrit : il n’y a rien à imprimer.')
  session.consigner({
    action: 'seance.imprimer',
    objet: 'seance',
    objetId: seance.id,
    dossiers: fiches.map(({ dossier }) => dossier),
    details: { nombre: fiches.length },
  })
  return sortir(requete, {
    nombre: fiches.length,
    filtre: `ordre du jour de la séance du ${formatDate(seance.le)}`,
    construire: async (marque) => ({
      nom: `seance-${seance.le}.pdf`,
      type: 'application/pdf',
      octets: await imprimerOrdre({
        titre: `Séance du ${direQuand(seance)}`,
        sousTitre: [seance.commission_nom, seance.lieu, ...(marque?.lignes ?? [])]
          .filter((un) => un !== '')
          .join(' ; '),
        pour: acteur.organismeNom,
        lignes: fiches.map(({ rang, heure, contenu }) => ({
          rang: String(rang),
          heure: heure === null ? '' : formatHeure(heure),
          menage: [contenu.titulaire, contenu.commune].filter(Boolean).join(', '),
          note: contenu.origine ? originesInscription[contenu.origine] : '',
        })),
        fiches: fiches.map(({ rang, contenu }) => ({
          titre: `${rang}. ${contenu.titulaire ?? ''}${contenu.reference ? `, dossier ${contenu.reference}` : ''}`,
          lignes: lignesDeFiche(contenu),
        })),
      }),
    }),
  })
}

const surLOrdre = (requete: Requete, texte: string): Reponse =>
  redirection(`${adresseSeance(requete.parametres.seance ?? '')}#ordre`, { ton: 'tenu', texte })

/** Acts on the place of one file, from its sheet or from the agenda: refused, the page it came from is shown again with what was typed. */
async function agirSurPlace(
  requete: Requete,
  formulaire: string,
  version: (ligne: Inscription | undefined) => VersionsDUneChose,
  acte: (seance: Seance, inscription: string) => Promise<unknown>,
): Promise<Reponse | null> {
  const { session, parametres } = requete
  const inscription = champ(requete, 'inscription')
  const seance = await lireSeance(session, parametres.seance ?? '')
  return agirSurSeance(
    requete,
    {
      seance: seance.id,
      formulaire,
      refuser: (typee) =>
        champ(requete, 'depuis') === 'fiche'
          ? pageFiche({ ...requete, parametres: { ...parametres, inscription } }, typee)
          : montrerPreparation(requete, typee),
      versions: async () => {
        const lignes = await listerInscriptions(session, seance.id)
        return [version(lignes.find(({ id }) => id === inscription))]
      },
    },
    () => acte(seance, inscription),
  )
}

const RETIRE = 'Retiré de l’ordre du jour'

/** POST /seances/:seance/ranger. */
export async function deplacerDossier(requete: Requete): Promise<Reponse> {
  const rang = Number(champ(requete, 'rang'))
  const arrete = await agirSurPlace(
    requete,
    'ranger',
    (ligne) => ({
      cle: 'rang',
      libelle: ligne ? `Rang de ${ligne.titulaire}` : 'Rang',
      saisie: champ(requete, 'rang'),
      enregistree: ligne ? String(ligne.rang) : RETIRE,
    }),
    (seance, inscription) => ranger(requete.session, seance.id, Number(champ(requete, 'vu')), inscription, rang),
  )
  return arrete ?? surLOrdre(requete, `Ce dossier est au rang ${rang}.`)
}

/** POST /seances/:seance/allouer. */
export async function donnerDuree(requete: Requete): Promise<Reponse> {
  const minutes = Number(champ(requete, 'minutes'))
  const arrete = await agirSurPlace(
    requete,
    'allouer',
    (ligne) => ({
      cle: 'minutes',
      libelle: ligne ? `Durée de ${ligne.titulaire}` : 'Durée',
      saisie: champ(requete, 'minutes'),
      enregistree: ligne ? (ligne.duree_minutes === null ? null : `${ligne.duree_minutes}`) : RETIRE,
    }),
    (seance, inscription) => allouer(requete.session, seance.id, Number(champ(requete, 'vu')), inscription, minutes),
  )
  return (
    arrete ??
    surLOrdre(requete, `Ce dossier a ${pluriel(minutes, 'minute', 'minutes')} ; les heures suivantes en découlent.`)
  )
}

/** POST /seances/:seance/retirer. */
export async function retirerDossier(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const motif = champ(requete, 'motif')
  const arrete = await agirSurPlace(
    requete,
    'retirer',
    (ligne) => ({
      cle: 'place',
      libelle: ligne ? `Place de ${ligne.titulaire}` : 'Place',
      saisie: [RETIRE, motif].filter(Boolean).join(' : '),
      enregistree: ligne ? `Inscrit, rang ${ligne.rang}` : RETIRE,
    }),
    (seance, inscription) =>
      retirer(session, exigerCles(application), seance.id, Number(champ(requete, 'vu')), inscription, motif),
  )
  return arrete ?? surLOrdre(requete, 'Ce dossier est retiré ; il reste proposé s’il attend encore une séance.')
}
