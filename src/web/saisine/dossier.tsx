import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type ActeInstruction,
  type ActeSaisine,
  abandonnerSaisine,
  actesPossibles,
  attacherPreorientation,
  deposerSaisine,
  etatsSaisine,
  FORMULAIRE_PREORIENTATION,
  FORMULAIRE_SAISINE,
  instruireSaisine,
  listerActes,
  listerSaisinesDuDossier,
  NIVEAU_SAISINE,
  originesSaisine,
  reprisesDeSaisine,
  type Saisine,
  trouverSaisineDe,
} from '#commission'
import type { Dossier } from '#dossiers'
import { exigerCles } from '#echanges'
import {
  completudeDe,
  type Formulaire,
  type LigneFormulaire,
  lireFormulaire,
  listerFormulaires,
  ouvrirFormulaire,
  rouvrirFormulaire,
  signerFormulaire,
} from '#formulaires'
import { Conflit, Introuvable } from '#socle/errors'
import { enPhrase, formatDate, formatDateLongue, formatInstant, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  BoutonsRadio,
  Carte,
  Champ,
  ChampDate,
  Colonnes,
  EtatVide,
  Etiquette,
  Etiquettes,
  Formulaire as FormulaireHtml,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  Plus,
  ResumeErreurs,
} from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { VueFormulaire } from '../formulaires/vue.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseSaisines, ESPACE, enteteDe, TONS } from './commun.tsx'
import { LIBELLES_ACTES } from './libelles.ts'
import { AutoSaisineLibre, seSaisir } from './propositions.tsx'

interface SaisineMontree {
  readonly saisine: Saisine
  readonly actes: readonly ActeSaisine[]
}

/** An instruction that was refused, shown again where it was typed. */
interface InstructionTypee {
  readonly saisine: string
  readonly acte: string
  readonly motif: string
  readonly seance: string
}

const CHOIX_ACTES: Readonly<Record<ActeInstruction, { readonly libelle: string; readonly aide: string }>> = {
  incomplete: { libelle: 'Demander ce qui manque', aide: 'L’écrire dans le motif : l’auteur de la saisine le lit.' },
  complete: { libelle: 'Déclarer la saisine complète', aide: 'Elle attend sa séance.' },
  inscrite: { libelle: 'Inscrire à une séance', aide: 'Indiquer la date : l’auteur de la saisine la voit aussitôt.' },
  desinscrite: { libelle: 'Retirer de la séance', aide: 'La saisine redevient complète, sans séance.' },
  classee: { libelle: 'Classer', aide: 'Avec un motif. Toute saisine d’un partenaire passe sinon en séance.' },
  rouverte: { libelle: 'Rouvrir', aide: 'Avec un motif.' },
}

function Instruire({
  requete,
  dossier,
  saisine,
  typee,
  erreurs,
}: {
  requete: Requete
  dossier: Dossier
  saisine: Saisine
  typee: InstructionTypee | null
  erreurs: readonly Erreur[]
}): ReactElement {
  const actes = actesPossibles[saisine.etat] as readonly ActeInstruction[]
  const id = (nom: string) => `c-${nom}-${saisine.id}`
  return (
    <Plus libelle="Instruire cette saisine" ouvert={typee !== null || saisine.etat === 'recue'}>
      <FormulaireHtml
        action={`${adresseSaisines(dossier)}/instruire`}
        jeton={requete.connecte.jetonFormulaire}
        libelle="Instruire la saisine"
        champs={{ saisine: saisine.id, vu: String(saisine.version) }}
      >
        <BoutonsRadio
          nom="acte"
          id={id('acte')}
          libelle="Suite à donner"
          erreur={messageDe(erreurs, 'acte')}
          valeur={typee?.acte ?? actes[0]}
          options={actes.map((acte) => ({ valeur: acte, ...CHOIX_ACTES[acte] }))}
        />
        {actes.includes('inscrite') && (
          <ChampDate
            nom="seance"
            id={id('seance')}
            libelle="Date de la séance, pour une inscription"
            libre
            valeur={typee?.seance || saisine.seance_le?.toString()}
            min={requete.session.jour}
            erreur={messageDe(erreurs, 'seance')}
          />
        )}
        <Champ
          nom="motif"
          id={id('motif')}
          libelle="Ce qui manque, ou le motif"
          libre
          lignes={3}
          longueurMax={1000}
          valeur={typee?.motif}
          erreur={messageDe(erreurs, 'motif')}
        />
        <Actions>
          <Bouton genre="principal">Enregistrer la suite</Bouton>
        </Actions>
      </FormulaireHtml>
    </Plus>
  )
}

function CarteSaisine({
  requete,
  dossier,
  montree: { saisine, actes },
  typee,
  erreurs,
}: {
  requete: Requete
  dossier: Dossier
  montree: SaisineMontree
  typee: InstructionTypee | null
  erreurs: readonly Erreur[]
}): ReactElement {
  const { acteur, connecte } = requete
  const adresse = adresseSaisines(dossier)
  const demande = actes.findLast(({ acte }) => acte === 'incomplete')
  const preoriente = aLeDroit(acteur, 'saisine.preorienter')
  return (
    <Carte
      titre={`Saisine du ${formatInstant(saisine.deposee_a)}`}
      id={`s-${saisine.id}`}
      aside={
        <Etiquettes>
          <Etiquette ton={TONS[saisine.etat]}>{etatsSaisine[saisine.etat]}</Etiquette>
        </Etiquettes>
      }
    >
      {saisine.etat === 'incomplete' && demande?.motif && (
        <Message ton="bientot">
          <p>
            <b>Le secrétariat demande :</b> {demande.motif}
          </p>
        </Message>
      )}
      <ListeDefinition
        lignes={[
          { terme: 'Déposée par', valeur: `${saisine.compte_nom}, ${saisine.organisme_nom}` },
          { terme: 'Origine', valeur: originesSaisine[saisine.origine] },
          {
            terme: saisine.etat === 'classee' ? 'Séance' : 'Séance prévue',
            valeur:
              saisine.seance_le === null
                ? saisine.etat === 'classee'
                  ? 'Classée sans séance'
                  : 'Pas encore fixée'
                : formatDateLongue(saisine.seance_le),
          },
        ]}
      />
      <Actions>
        <Bouton href={`${adresse}/${saisine.formulaire}`}>Lire la saisine</Bouton>
        {saisine.preorientation !== null && (
          <Bouton href={`${adresse}/${saisine.preorientation}`}>Lire la pré-orientation</Bouton>
        )}
        {saisine.preorientation === null && preoriente && saisine.etat !== 'classee' && (
          <BoutonPost
            action={`${adresse}/preorienter`}
            champs={{ saisine: saisine.id, envoi: randomUUID() }}
            jeton={connecte.jetonFormulaire}
          >
            Pré-orienter avant la séance
          </BoutonPost>
        )}
        {saisine.etat === 'incomplete' && aLeDroit(acteur, 'saisine.deposer') && (
          <BoutonPost
            genre="principal"
            action={`${adresse}/${saisine.formulaire}/rouvrir`}
            jeton={connecte.jetonFormulaire}
          >
            Compléter la saisine
          </BoutonPost>
        )}
      </Actions>
      {aLeDroit(acteur, 'saisine.instruire') && (
        <Instruire requete={requete} dossier={dossier} saisine={saisine} typee={typee} erreurs={erreurs} />
      )}
      <Plus libelle={`Ce qui s’est passé : ${pluriel(actes.length, 'acte', 'actes')}`}>
        <ListeSobre
          lignes={actes
            .toReversed()
            .map(({ acte, a, nom, organisme_nom: organisme, motif, seance_le: seance }, rang) => ({
              cle: String(rang),
              titre: `${LIBELLES_ACTES[acte] ?? acte}${seance === null ? '' : ` du ${formatDate(seance)}`}`,
              note: `${formatInstant(a)}, ${nom}, ${organisme}${motif === null ? '' : ` : ${motif}`}`,
            }))}
        />
      </Plus>
    </Carte>
  )
}

function PageSaisines({
  requete,
  dossier,
  montrees,
  brouillons,
  typee = null,
  erreurs = [],
  libre,
}: {
  requete: Requete
  dossier: Dossier
  montrees: readonly SaisineMontree[]
  brouillons: readonly LigneFormulaire[]
  typee?: InstructionTypee | null
  erreurs?: readonly Erreur[]
  /** A free self-referral that was refused. */
  libre?: { readonly motif: string; readonly message: string }
}): ReactElement {
  const adresse = adresseSaisines(dossier)
  const { acteur, connecte } = requete
  const saisir = aLeDroit(acteur, 'saisine.deposer')
  const bouton = saisir && (
    <BoutonPost
      genre="principal"
      action={adresse}
      champs={{ envoi: randomUUID() }}
      jeton={connecte.jetonFormulaire}
      icone="plus"
    >
      Commencer une saisine
    </BoutonPost>
  )
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Saisir la CCAPEX"
      chapo="La commission s’examine à toute étape, pour un impayé ou pour un autre motif. Ceci ne vaut pas saisine légale : EXPLOC reste la voie des transmissions obligatoires."
      actions={bouton || undefined}
      large
    >
      <Pile>
        <ResumeErreurs
          titre="La suite n’a pas été enregistrée"
          erreurs={erreurs.map(({ nom, message }) => ({ id: `c-${nom}-${typee?.saisine ?? ''}`, message }))}
        />
        {brouillons.length > 0 && (
          <Carte titre="Brouillons" id="brouillons">
            <ListeSobre
              lignes={brouillons.map(
                ({ id, code, auteur_nom: auteur, modifie_a: le, modifie_nom: par, copie_de: copie }) => ({
                  cle: id,
                  titre: (
                    <a href={`${adresse}/${id}`}>
                      {code === FORMULAIRE_PREORIENTATION
                        ? 'Pré-orientation'
                        : copie === null
                          ? `Saisine commencée par ${auteur}`
                          : `Complément de saisine commencé par ${auteur}`}
                    </a>
                  ),
                  note: `Enregistré le ${formatInstant(le)} par ${par}. Lu par votre organisme seul.`,
                }),
              )}
            />
          </Carte>
        )}
        {montrees.length === 0 && brouillons.length === 0 && (
          <EtatVide titre="Aucune saisine de ce dossier">
            {saisir
              ? 'La commencer ici : ce que le dossier sait déjà y est repris, le reste peut attendre.'
              : 'Aucune saisine n’est adressée à votre organisme.'}
          </EtatVide>
        )}
        {montrees.map((montree) => (
          <CarteSaisine
            key={montree.saisine.id}
            requete={requete}
            dossier={dossier}
            montree={montree}
            typee={typee?.saisine === montree.saisine.id ? typee : null}
            erreurs={typee?.saisine === montree.saisine.id ? erreurs : []}
          />
        ))}
        {aLeDroit(acteur, 'saisine.instruire') && (
          <AutoSaisineLibre
            action={`${adresse}/auto-saisine`}
            jeton={connecte.jetonFormulaire}
            motif={libre?.motif}
            erreur={libre?.message}
          />
        )}
      </Pile>
    </CadreDossier>
  )
}

async function lireTout(requete: Requete, dossier: Dossier) {
  const { session, application } = requete
  const saisines = await listerSaisinesDuDossier(session, dossier.id)
  const actes = await listerActes(session, exigerCles(application), dossier.id)
  const montrees = saisines.map((saisine): SaisineMontree => ({ saisine, actes: actes.get(saisine.id) ?? [] }))
  const formulaires = await listerFormulaires(session, dossier.id, [FORMULAIRE_SAISINE, FORMULAIRE_PREORIENTATION])
  return { montrees, brouillons: formulaires.filter(({ etat }) => etat === 'brouillon') }
}

/** GET /dossiers/:reference/saisine. */
export async function montrerSaisines(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  return page(<PageSaisines requete={requete} dossier={dossier} {...(await lireTout(requete, dossier))} />)
}

/** POST /dossiers/:reference/saisine/auto-saisine (AUT-10). */
export const seSaisirLibrement = (requete: Requete): Promise<Reponse> =>
  seSaisir(requete, async (motif, message) => {
    const dossier = await ouvrirDossier(requete)
    return page(
      <PageSaisines
        requete={requete}
        dossier={dossier}
        {...(await lireTout(requete, dossier))}
        libre={{ motif, message }}
      />,
      422,
    )
  })

/** POST /dossiers/:reference/saisine: begins a referral, filled with what the dossier knows (SAI-34). */
export async function commencerSaisine(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const dossier = await ouvrirDossier(requete)
  const id = await ouvrirFormulaire(session, exigerCles(application), dossier, {
    code: FORMULAIRE_SAISINE,
    lecteurs: [],
    reprises: await reprisesDeSaisine(session, exigerCles(application), dossier),
    envoi: champ(requete, 'envoi'),
  })
  return redirection(`${adresseSaisines(dossier)}/${id}`)
}

async function lireBrouillon(requete: Requete): Promise<{ dossier: Dossier; formulaire: Formulaire }> {
  const dossier = await ouvrirDossier(requete)
  const formulaire = await lireFormulaire(
    requete.session,
    exigerCles(requete.application),
    dossier,
    requete.parametres.formulaire ?? '',
  )
  if (![FORMULAIRE_SAISINE, FORMULAIRE_PREORIENTATION].includes(formulaire.code)) throw new Introuvable()
  return { dossier, formulaire }
}

function PageDeposer({
  requete,
  dossier,
  formulaire,
  erreurs,
}: {
  requete: Requete
  dossier: Dossier
  formulaire: Formulaire
  erreurs: readonly Erreur[]
}): ReactElement {
  const adresse = `${adresseSaisines(dossier)}/${formulaire.id}`
  const preorientation = formulaire.code === FORMULAIRE_PREORIENTATION
  const { manque } = completudeDe(formulaire, NIVEAU_SAISINE)
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre={preorientation ? 'Relire la pré-orientation avant de la signer' : 'Relire la saisine avant qu’elle parte'}
      acte="Relire"
      large
    >
      <Pile>
        <ResumeErreurs titre="La saisine n’est pas partie" erreurs={erreurs.map(({ message }) => ({ message }))} />
        <Colonnes genre="dossier">
          <VueFormulaire formulaire={formulaire} />
          <Pile>
            <Carte titre={preorientation ? 'Signer' : 'Saisir la commission'}>
              {!preorientation && manque.length > 0 && (
                <Message ton="bientot">
                  <p>
                    Il manque : {manque.map(({ libelle }) => enPhrase(libelle)).join(' ; ')}. La saisine part quand même
                    si vous le décidez ; le secrétariat pourra demander le reste.
                  </p>
                </Message>
              )}
              <p>
                {preorientation
                  ? 'Elle sera lue par ceux qui suivent ce dossier, et ne changera plus.'
                  : 'Elle sera lue par le secrétariat du territoire, les services de l’État qui l’instruisent, et votre organisme. Elle ne changera plus ; une copie permettra de la compléter.'}
              </p>
              {!preorientation && <p className="mt2">Ceci ne vaut pas saisine légale : EXPLOC.</p>}
              <FormulaireHtml
                action={`${adresse}/deposer`}
                jeton={requete.connecte.jetonFormulaire}
                champs={{ vu: String(formulaire.version) }}
              >
                <Actions>
                  <Bouton genre="principal">{preorientation ? 'Signer la pré-orientation' : 'Saisir la CCAPEX'}</Bouton>
                  <Bouton genre="tertiaire" href={adresse}>
                    Revenir au brouillon
                  </Bouton>
                </Actions>
              </FormulaireHtml>
            </Carte>
          </Pile>
        </Colonnes>
      </Pile>
    </CadreDossier>
  )
}

/** GET …/:formulaire/deposer: what would leave, and who would read it. */
export async function relireAvantDepot(requete: Requete): Promise<Reponse> {
  const { dossier, formulaire } = await lireBrouillon(requete)
  if (formulaire.etat !== 'brouillon') return redirection(`${adresseSaisines(dossier)}/${formulaire.id}`)
  return page(<PageDeposer requete={requete} dossier={dossier} formulaire={formulaire} erreurs={[]} />)
}

/** POST …/:formulaire/deposer. */
export async function deposer(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const { dossier, formulaire } = await lireBrouillon(requete)
  const cles = exigerCles(application)
  const preorientation = formulaire.code === FORMULAIRE_PREORIENTATION
  if (preorientation && !aLeDroit(requete.acteur, 'saisine.preorienter')) throw new Introuvable()
  const vu = Number(champ(requete, 'vu'))
  const relire = (erreur: Erreur, statut: number) =>
    page(<PageDeposer requete={requete} dossier={dossier} formulaire={formulaire} erreurs={[erreur]} />, statut)
  try {
    const refusee = await tenter(
      session,
      'saisine.deposer',
      () => 'formulaire',
      () =>
        preorientation
          ? signerFormulaire(session, cles, dossier, { id: formulaire.id, vu, entete: enteteDe(dossier) })
          : deposerSaisine(session, cles, dossier, { formulaire: formulaire.id, vu, entete: enteteDe(dossier) }),
    )
    if (refusee) return relire(refusee, 422)
  } catch (erreur) {
    if (!(erreur instanceof Conflit)) throw erreur
    session.consigner({ action: 'saisine.deposer', resultat: 'refuse', details: { code: erreur.code } })
    return relire({ nom: 'formulaire', message: erreur.message }, 409)
  }
  return redirection(adresseSaisines(dossier), {
    texte: preorientation
      ? 'Pré-orientation signée.'
      : 'Saisine reçue par le secrétariat. La séance prévue s’affichera ici dès qu’elle sera fixée.',
  })
}

/** POST …/:formulaire/rouvrir: a copy to complete or correct. */
export async function rouvrir(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const { dossier, formulaire } = await lireBrouillon(requete)
  const saisine = await trouverSaisineDe(session, formulaire.id)
  if (saisine && saisine.formulaire !== formulaire.id)
    return redirection(`${adresseSaisines(dossier)}/${saisine.formulaire}`, {
      texte: 'Cette saisine a été complétée depuis : voici la version la plus récente.',
      ton: 'info',
    })
  const id = await rouvrirFormulaire(session, exigerCles(application), dossier, formulaire.id, { lecteurs: [] })
  return redirection(`${adresseSaisines(dossier)}/${id}`, {
    texte: 'Une copie est ouverte. La saisine déposée reste telle qu’elle est tant que la copie n’est pas déposée.',
    ton: 'info',
  })
}

/** POST …/:formulaire/abandonner. */
export async function abandonner(requete: Requete): Promise<Reponse> {
  const { dossier, formulaire } = await lireBrouillon(requete)
  // The frame of the members is tied to its referral: it is filled or left, never taken away.
  if (formulaire.code === FORMULAIRE_PREORIENTATION) throw new Introuvable()
  await abandonnerSaisine(requete.session, exigerCles(requete.application), dossier.id, formulaire.id)
  return redirection(adresseSaisines(dossier), { texte: 'Brouillon abandonné.' })
}

/** POST …/preorienter: begins the frame of the members for a referral (SAI-33). */
export async function preorienter(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const dossier = await ouvrirDossier(requete)
  const id = await ouvrirFormulaire(session, exigerCles(application), dossier, {
    code: FORMULAIRE_PREORIENTATION,
    lecteurs: null,
    envoi: champ(requete, 'envoi'),
  })
  const retenu = await attacherPreorientation(session, dossier.id, champ(requete, 'saisine'), id)
  session.consigner({ action: 'saisine.preorienter', objet: 'dossier', objetId: dossier.id, dossiers: [dossier.id] })
  return redirection(`${adresseSaisines(dossier)}/${retenu}`)
}

const estActe = (texte: string): texte is ActeInstruction => Object.hasOwn(CHOIX_ACTES, texte)
const CHAMPS: Readonly<Record<string, string>> = { 'saisine.motif': 'motif', 'saisine.seance': 'seance' }

/** POST …/instruire: the secretariat says what follows (SAI-36). */
export async function instruire(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const dossier = await ouvrirDossier(requete)
  const typee: InstructionTypee = {
    saisine: champ(requete, 'saisine'),
    acte: champ(requete, 'acte'),
    motif: champ(requete, 'motif'),
    seance: champ(requete, 'seance'),
  }
  const remontrer = async (erreur: Erreur, statut: number) =>
    page(
      <PageSaisines
        requete={requete}
        dossier={dossier}
        {...(await lireTout(requete, dossier))}
        typee={typee}
        erreurs={[erreur]}
      />,
      statut,
    )
  const { acte } = typee
  if (!estActe(acte)) return remontrer({ nom: 'acte', message: 'Choisir la suite à donner.' }, 422)
  try {
    const refusee = await tenter(
      session,
      'saisine.instruire',
      (code) => CHAMPS[code] ?? 'acte',
      () =>
        instruireSaisine(session, exigerCles(application), dossier, {
          saisine: typee.saisine,
          vu: Number(champ(requete, 'vu')),
          acte,
          motif: typee.motif,
          seanceLe: lireJourSaisi(typee.seance),
        }),
    )
    if (refusee) return await remontrer(refusee, 422)
  } catch (erreur) {
    if (!(erreur instanceof Conflit)) throw erreur
    session.consigner({ action: 'saisine.instruire', resultat: 'refuse', details: { code: erreur.code } })
    return remontrer({ nom: 'acte', message: erreur.message }, 409)
  }
  return redirection(`${adresseSaisines(dossier)}#s-${typee.saisine}`, {
    texte: 'Suite enregistrée : l’auteur de la saisine la voit.',
  })
}
