import {
  corrigerEcriture,
  DIT_RECU_A_VENIR,
  direMontant,
  type Ecriture,
  type EcritureSaisie,
  estDu,
  exigerTenue,
  GENRES_ECRITURE,
  type GenreEcriture,
  lireEcriture,
  listerEcritures,
  listerPlans,
  nommerEcriture,
  type PlanApurement,
  recuAVenir,
  saisirEcritures,
} from '#apurements'
import { ORIGINES_PLAN } from '#calculs'
import type { Dossier } from '#dossiers'
import { Conflit } from '#socle/errors'
import { enPhrase, formatDate, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  ChampDate,
  ChampMontant,
  Formulaire,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { adresseDossier, CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import {
  adresseArgent,
  ESPACE,
  ecrireMontantSaisi,
  ecrireTermeSaisi,
  lireMontantSaisi,
  lireTermeSaisi,
  marqueEnvoi,
} from './commun.tsx'
import { AvertissementVisale } from './parties.tsx'

/** How many rows one form takes. */
const LIGNES = 6

/** A row as typed: kept whatever is wrong. */
interface LigneSaisie {
  readonly genre: string
  readonly le: string
  readonly terme: string
  readonly montant: string
  readonly choix: string
  readonly precision: string
}
const VIDE: LigneSaisie = { genre: '', le: '', terme: '', montant: '', choix: '', precision: '' }
const CHAMPS = Object.keys(VIDE) as (keyof LigneSaisie)[]

const lireLigne = (requete: Requete, suffixe: string): LigneSaisie =>
  Object.fromEntries(CHAMPS.map((nom) => [nom, champ(requete, `${nom}${suffixe}`)])) as unknown as LigneSaisie

const ecrireLigne = (ecriture: Ecriture): LigneSaisie => ({
  genre: ecriture.genre,
  le: ecriture.le.toString(),
  terme: ecrireTermeSaisi(ecriture.terme ?? ecriture.choixTerme),
  montant: ecrireMontantSaisi(ecriture.centimes),
  choix:
    ecriture.choix === 'terme' ? 'terme' : ecriture.choix === 'plan' && ecriture.plan ? `plan:${ecriture.plan}` : '',
  precision: ecriture.precision,
})

const estGenre = (texte: string): texte is GenreEcriture => Object.hasOwn(GENRES_ECRITURE, texte)

/** What was typed → a row, or what is wrong with it. A payment « for the rent of a month » says the month in the same field as a due sum. */
function comprendre(
  saisie: LigneSaisie,
  suffixe: string,
  ou: string,
  jour: Temporal.PlainDate,
): EcritureSaisie | Erreur[] {
  const erreurs: Erreur[] = []
  const { genre } = saisie
  const le = lireJourSaisi(saisie.le)
  const centimes = lireMontantSaisi(saisie.montant)
  const terme = lireTermeSaisi(saisie.terme)
  if (!estGenre(genre)) erreurs.push({ nom: `genre${suffixe}`, message: `${ou}dire ce que c’est.` })
  if (le === null) erreurs.push({ nom: `le${suffixe}`, message: `${ou}donner une date existante.` })
  else if (estGenre(genre) && recuAVenir({ genre, le }, jour))
    erreurs.push({ nom: `le${suffixe}`, message: `${ou}${DIT_RECU_A_VENIR}` })
  if (centimes === null || centimes === 0)
    erreurs.push({ nom: `montant${suffixe}`, message: `${ou}donner un montant, par exemple 520,00.` })
  if (saisie.terme !== '' && terme === null)
    erreurs.push({ nom: `terme${suffixe}`, message: `${ou}écrire le mois ainsi : 11/2026.` })
  const aide = genre === 'aide' || genre === 'rls'
  if ((aide || saisie.choix === 'terme') && saisie.terme === '')
    erreurs.push({
      nom: `terme${suffixe}`,
      message: aide
        ? `${ou}dire le mois que paie cette aide : elle n’éteint que son propre terme.`
        : `${ou}dire le mois que le ménage a indiqué.`,
    })
  const duMenage = genre === 'menage' || genre === 'tiers'
  // Nothing typed is dropped in silence.
  if (estGenre(genre) && !duMenage && saisie.choix !== '')
    erreurs.push({
      nom: `choix${suffixe}`,
      message: `${ou}seul un versement du ménage, ou d’un autre payeur, dit ce qu’il paie.`,
    })
  if (duMenage && saisie.terme !== '' && saisie.choix !== 'terme')
    erreurs.push({
      nom: `terme${suffixe}`,
      message: `${ou}le mois se donne quand le ménage a dit payer ce loyer ; sinon le laisser vide.`,
    })
  if (erreurs.length > 0 || le === null || centimes === null || !estGenre(genre)) return erreurs
  const plan = duMenage && saisie.choix.startsWith('plan:') ? saisie.choix.slice('plan:'.length) : null
  const parTerme = duMenage && saisie.choix === 'terme'
  return {
    genre,
    le,
    centimes,
    terme: duMenage ? null : terme,
    precision: saisie.precision.slice(0, 200),
    choix: plan ? 'plan' : parTerme ? 'terme' : 'aucun',
    choixTerme: parTerme ? terme : null,
    plan,
  }
}

function ChampsLigne({
  saisie,
  suffixe,
  plans,
  erreurs,
  facultatif,
}: {
  saisie: LigneSaisie
  suffixe: string
  plans: readonly PlanApurement[]
  erreurs: readonly Erreur[]
  facultatif: boolean
}) {
  const options = Object.entries(GENRES_ECRITURE).map(([valeur, libelle]) => ({
    valeur,
    libelle: estDu(valeur) ? `Dû : ${enPhrase(libelle)}` : `Reçu : ${enPhrase(libelle)}`,
  }))
  const commun = (nom: keyof LigneSaisie) => ({
    nom: `${nom}${suffixe}`,
    erreur: messageDe(erreurs, `${nom}${suffixe}`),
    libre: facultatif,
  })
  return (
    <div className="champs">
      <Selection {...commun('genre')} libelle="Quoi" vide="Choisir" valeur={saisie.genre} options={options} />
      <ChampDate {...commun('le')} libelle="Date" valeur={saisie.le || undefined} />
      <ChampMontant {...commun('montant')} libelle="Montant" valeur={saisie.montant} />
      <Champ {...commun('terme')} libelle="Mois concerné" valeur={saisie.terme} aide="11/2026" libre chiffres={false} />
      <Selection
        {...commun('choix')}
        libre
        libelle="Ce que le ménage dit payer"
        vide="Rien d’indiqué"
        valeur={saisie.choix}
        options={[
          { valeur: 'terme', libelle: 'Le loyer du mois concerné' },
          ...plans.map(({ id, origine, conclu_le }) => ({
            valeur: `plan:${id}`,
            libelle: `L’échéance du plan du ${formatDate(conclu_le)} (${ORIGINES_PLAN[origine].toLowerCase()})`,
          })),
        ]}
      />
      <Champ {...commun('precision')} libre libelle="Précision" valeur={saisie.precision} longueurMax={200} />
    </div>
  )
}

async function montrerSaisie(
  requete: Requete,
  dossier: Dossier,
  saisies: readonly LigneSaisie[],
  envoi: string,
  erreurs: readonly Erreur[],
): Promise<Reponse> {
  const plans = (await listerPlans(requete.session, dossier)).filter(({ fin }) => fin === null)
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Ajouter des lignes"
      acte="Ajouter des lignes"
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’a été enregistré" />
      <Formulaire
        action={adresseArgent(dossier, '/lignes')}
        jeton={requete.connecte.jetonFormulaire}
        champs={{ envoi }}
        libelle="Ajouter des lignes"
      >
        <Pile>
          <Message ton="info">
            <p>
              Une somme due : le jour où elle est exigible, et son mois. Un versement : le jour où il est reçu. Une aide
              au logement : le mois qu’elle paie. Les lignes laissées vides sont ignorées.
            </p>
          </Message>
          {dossier.menage.garantieVisale && <AvertissementVisale />}
          {saisies.map((saisie, rang) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a form have no other identity
            <Carte titre={`Ligne ${rang + 1}`} key={rang}>
              <ChampsLigne saisie={saisie} suffixe={`-${rang}`} plans={plans} erreurs={erreurs} facultatif />
            </Carte>
          ))}
          <Actions>
            <Bouton genre="principal">Enregistrer ces lignes</Bouton>
            <Bouton genre="tertiaire" href={adresseArgent(dossier)}>
              Revenir à la dette
            </Bouton>
          </Actions>
        </Pile>
      </Formulaire>
    </CadreDossier>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/argent/lignes. */
export async function proposerLignes(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  exigerTenue(requete.session, dossier)
  return montrerSaisie(
    requete,
    dossier,
    Array.from({ length: LIGNES }, () => VIDE),
    marqueEnvoi(),
    [],
  )
}

/** POST /dossiers/:reference/argent/lignes (DOS-06): several rows at once, all or none. */
export async function enregistrerLignes(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const envoi = champ(requete, 'envoi')
  const saisies = Array.from({ length: LIGNES }, (_, rang) => lireLigne(requete, `-${rang}`))
  const lues = saisies.flatMap((saisie, rang) =>
    CHAMPS.every((nom) => saisie[nom] === '')
      ? []
      : [comprendre(saisie, `-${rang}`, `Ligne ${rang + 1} : `, requete.session.jour)],
  )
  const erreurs = lues.flatMap((lue) => (Array.isArray(lue) ? lue : []))
  const valides = lues.flatMap((lue) => (Array.isArray(lue) ? [] : [lue as EcritureSaisie]))
  if (erreurs.length === 0) {
    const refusee = await tenter(
      requete.session,
      'dette.saisir',
      () => 'genre-0',
      () => saisirEcritures(requete.session, dossier, valides, envoi),
    )
    if (!refusee)
      return redirection(`${adresseArgent(dossier)}#livre`, {
        texte: `${pluriel(valides.length, 'ligne enregistrée', 'lignes enregistrées')}.`,
      })
    erreurs.push(refusee)
  }
  return montrerSaisie(requete, dossier, saisies, marqueEnvoi(envoi), erreurs)
}

async function montrerCorrection(
  requete: Requete,
  dossier: Dossier,
  ecriture: Ecriture,
  saisie: LigneSaisie & { readonly motif: string; readonly envoi: string },
  erreurs: readonly Erreur[],
): Promise<Reponse> {
  const plans = await listerPlans(requete.session, dossier)
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Corriger une ligne"
      acte="Corriger une ligne"
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’a été changé" />
      <Carte titre={`${nommerEcriture(ecriture)}, ${formatDate(ecriture.le)} : ${direMontant(ecriture)}`}>
        <Formulaire
          action={adresseArgent(dossier, `/lignes/${ecriture.id}`)}
          jeton={requete.connecte.jetonFormulaire}
          champs={{ envoi: saisie.envoi }}
          libelle="Corriger la ligne"
        >
          <p>La ligne corrigée reste visible, barrée, avec le motif.</p>
          <ChampsLigne saisie={saisie} suffixe="" plans={plans} erreurs={erreurs} facultatif={false} />
          <Champ
            nom="motif"
            libelle="Pourquoi corriger"
            lignes={2}
            longueurMax={500}
            valeur={saisie.motif}
            erreur={messageDe(erreurs, 'motif')}
          />
          <Actions>
            <Bouton genre="principal" nom="acte" valeur="remplacer">
              Remplacer la ligne
            </Bouton>
            <Bouton genre="destructeur" nom="acte" valeur="annuler">
              Annuler la ligne
            </Bouton>
            <Bouton genre="tertiaire" href={adresseArgent(dossier)}>
              Revenir à la dette
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </CadreDossier>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/argent/lignes/:ligne. */
export async function proposerCorrection(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  exigerTenue(requete.session, dossier)
  const ecriture = await lireEcriture(requete.session, dossier, requete.parametres.ligne ?? '')
  return montrerCorrection(
    requete,
    dossier,
    ecriture,
    { ...ecrireLigne(ecriture), motif: '', envoi: marqueEnvoi() },
    [],
  )
}

/** POST /dossiers/:reference/argent/lignes/:ligne: a new row takes its place, or cancels it. */
export async function enregistrerCorrection(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const ecriture = await lireEcriture(session, dossier, requete.parametres.ligne ?? '')
  const annuler = champ(requete, 'acte') === 'annuler'
  const saisie = { ...lireLigne(requete, ''), motif: champ(requete, 'motif'), envoi: champ(requete, 'envoi') }
  const lue = annuler ? null : comprendre(saisie, '', '', requete.session.jour)
  const erreurs: Erreur[] = Array.isArray(lue) ? [...lue] : []
  if (saisie.motif === '') erreurs.push({ nom: 'motif', message: 'Dire pourquoi la ligne est corrigée.' })
  if (erreurs.length === 0) {
    const issue = await ouConflit(requete, 'dette.corriger', () =>
      tenter(
        session,
        'dette.corriger',
        () => 'motif',
        () =>
          corrigerEcriture(session, dossier, ecriture.id, {
            nouvelle: Array.isArray(lue) ? null : lue,
            motif: saisie.motif,
            envoi: saisie.envoi,
          }),
      ),
    )
    if (issue instanceof Conflit) return montrerConflit(requete, dossier, ecriture, saisie, annuler, issue)
    if (!issue)
      return redirection(`${adresseArgent(dossier)}#livre`, { texte: annuler ? 'Ligne annulée.' : 'Ligne corrigée.' })
    erreurs.push(issue)
  }
  return montrerCorrection(requete, dossier, ecriture, { ...saisie, envoi: marqueEnvoi(saisie.envoi) }, erreurs)
}

/** Somebody corrected the row meanwhile: both versions, and nothing lost. What was typed may now correct the newer row. */
async function montrerConflit(
  requete: Requete,
  dossier: Dossier,
  ecriture: Ecriture,
  saisie: LigneSaisie & { readonly motif: string },
  annuler: boolean,
  conflit: Conflit,
): Promise<Reponse> {
  const ecritures = await listerEcritures(requete.session, dossier.id)
  const suite = ecritures.find(({ corrige }) => corrige === ecriture.id)
  const { motif, ...ligne } = saisie
  return pageConflit(requete, {
    message: conflit.message,
    quoi: 'Correction d’une ligne',
    courante: 'accompagner',
    fil: [
      { libelle: 'Dossiers', href: '/dossiers' },
      { libelle: dossier.reference, href: adresseDossier(dossier) },
      { libelle: 'Corriger une ligne' },
    ],
    versions: [
      {
        cle: ecriture.id,
        libelle: `${nommerEcriture(ecriture)}, ${formatDate(ecriture.le)}`,
        saisie: annuler ? `Annuler la ligne : ${motif}` : `${ligne.montant} €, ${ligne.le} : ${motif}`,
        enregistree: suite
          ? suite.annulation
            ? `Ligne annulée : ${suite.motif}`
            : `${direMontant(suite)}, ${formatDate(suite.le)} : ${suite.motif}`
          : null,
        qui: suite ? `${suite.auteur}, ${suite.organisme_nom}` : undefined,
      },
    ],
    conseil:
      suite && !suite.annulation
        ? 'Remplacer corrige la ligne qui vient d’être enregistrée ; garder laisse ce qui est enregistré.'
        : 'La ligne n’existe plus : si la vôtre est juste, l’ajouter comme une nouvelle ligne.',
    garder: { href: adresseArgent(dossier), libelle: 'Garder ce qui est enregistré' },
    remplacer:
      suite && !suite.annulation
        ? {
            action: adresseArgent(dossier, `/lignes/${suite.id}`),
            libelle: 'Remplacer par ma saisie',
            champs: { ...ligne, motif, acte: annuler ? 'annuler' : 'remplacer', envoi: marqueEnvoi() },
          }
        : null,
  })
}
