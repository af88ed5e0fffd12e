import type { ReactElement } from 'react'
import {
  accepterProposition,
  autoSaisirLibrement,
  compterPropositions,
  defaireDecision,
  type EtatProposition,
  ecarterProposition,
  etatsProposition,
  lireDossierPropose,
  listerPropositions,
  type Proposition,
  type RegleCql,
  regleCql,
  reporterProposition,
} from '#commission'
import { lireDossier } from '#dossiers'
import { exigerCles } from '#echanges'
import { libelleTerritoire } from '#referentiel'
import { Conflit } from '#socle/errors'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { etapeLongue } from '../accompagner/libelles.ts'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  ChampDate,
  EtatVide,
  Etiquette,
  Filtres,
  Formulaire,
  ListeSobre,
  Onglets,
  Pagination,
  Pile,
  Plus,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseSaisines } from './commun.tsx'
import { OngletsSaisines, optionsTerritoires } from './liste.tsx'

const PROPOSITIONS = '/saisines/propositions'
const ETATS = Object.keys(etatsProposition) as EtatProposition[]

/** A decision that was refused, shown again where it was typed. */
interface DecisionTypee {
  readonly id: string
  readonly motif: string
  readonly au: string
}

function Decider({
  requete,
  proposition,
  typee,
  erreurs,
}: {
  requete: Requete
  proposition: Proposition
  typee: DecisionTypee | null
  erreurs: readonly Erreur[]
}): ReactElement {
  const { id, version } = proposition
  const champs = { proposition: id, vu: String(version) }
  const jeton = requete.connecte.jetonFormulaire
  if (proposition.etat !== 'proposee') {
    return (
      <Actions>
        {proposition.formulaire !== null && (
          <Bouton href={`/dossiers/${proposition.reference}/saisine/${proposition.formulaire}`}>
            Ouvrir la saisine
          </Bouton>
        )}
        <BoutonPost action={`${PROPOSITIONS}/defaire`} champs={champs} jeton={jeton} icone="annuler">
          Défaire cette décision
        </BoutonPost>
      </Actions>
    )
  }
  return (
    <>
      <Actions>
        <BoutonPost genre="principal" action={`${PROPOSITIONS}/accepter`} champs={champs} jeton={jeton}>
          Saisir la commission
        </BoutonPost>
      </Actions>
      <Plus libelle="Reporter ou écarter, avec un motif" ouvert={typee !== null}>
        <Formulaire
          action={`${PROPOSITIONS}/ecarter`}
          jeton={jeton}
          champs={champs}
          libelle={`Reporter ou écarter ${proposition.titulaire}`}
        >
          <Champ
            nom="motif"
            id={`c-motif-${id}`}
            libelle="Motif"
            libre
            lignes={2}
            longueurMax={1000}
            valeur={typee?.motif}
            erreur={messageDe(erreurs, 'motif')}
          />
          <ChampDate
            nom="au"
            id={`c-au-${id}`}
            libelle="Attendre jusqu’au, pour un report"
            libre
            min={requete.session.jour}
            valeur={typee?.au || undefined}
            erreur={messageDe(erreurs, 'au')}
          />
          <Actions>
            <Bouton action={`${PROPOSITIONS}/reporter`}>Reporter</Bouton>
            <Bouton genre="destructeur">Écarter</Bouton>
          </Actions>
        </Formulaire>
      </Plus>
    </>
  )
}

/** Why an order to leave is proposed, with the text in force that asks it. */
function ligneCql(regle: RegleCql | null): { cle: string; titre: string; note?: string } {
  const titre = 'Commandement de quitter les lieux'
  if (regle === null) return { cle: 'cql', titre }
  const regard = regle.tous
    ? 'Toute situation à ce stade est proposée'
    : 'Toute situation à ce stade que la commission n’a pas encore examinée est proposée'
  return {
    cle: 'cql',
    titre: regle.tous ? titre : `${titre} jamais examiné par la commission`,
    note: [regard, regle.source, regle.reserve].filter(Boolean).join(' · '),
  }
}

function CarteProposition({
  requete,
  proposition,
  regle,
  territoire,
  typee,
  erreurs,
}: {
  requete: Requete
  proposition: Proposition
  regle: RegleCql | null
  territoire: string
  typee: DecisionTypee | null
  erreurs: readonly Erreur[]
}): ReactElement {
  const { id, titulaire, reference, commune, stade, cql, criteres, motif, etat, reportee_au: au } = proposition
  return (
    <Carte
      titre={titulaire}
      id={`p-${id}`}
      aside={cql && <Etiquette ton="bientot">Commandement de quitter les lieux</Etiquette>}
    >
      <p>
        <a href={`/dossiers/${reference}`}>{reference}</a>, {commune}, {territoire}. {etapeLongue(stade)}. Proposée le{' '}
        {formatDate(proposition.proposee_le)}.
      </p>
      <ListeSobre
        lignes={[
          ...(cql ? [ligneCql(regle)] : []),
          ...criteres.map((critere) => ({
            cle: critere.id,
            titre: critere.libelle,
            note: [critere.motif, critere.source, critere.reserve].filter(Boolean).join(' · '),
          })),
        ]}
      />
      {criteres.length === 0 && !cql && <p className="note">Auto-saisine libre du secrétariat.</p>}
      {etat !== 'proposee' && (
        <p className="mt2">
          <b>{etatsProposition[etat]}</b>
          {au === null ? '' : ` jusqu’au ${formatDate(au)}`}
          {proposition.decidee_a === null
            ? ''
            : `, le ${formatInstant(proposition.decidee_a)} par ${proposition.decidee_nom ?? ''}`}
          {motif === null ? '.' : ` : ${motif}`}
        </p>
      )}
      {proposition.version_criteres !== null && <p className="note">Critères : {proposition.version_criteres}</p>}
      <Decider requete={requete} proposition={proposition} typee={typee} erreurs={erreurs} />
    </Carte>
  )
}

async function composer(
  requete: Requete,
  typee: DecisionTypee | null = null,
  erreurs: readonly Erreur[] = [],
): Promise<ReactElement> {
  const { session, recherche } = requete
  const etat = ETATS.find((un) => un === recherche.etat) ?? 'proposee'
  const territoire = recherche.territoire || undefined
  const departement = session.referentiel.departements.get(session.dept)
  const nommer = (code: string | null) =>
    departement ? libelleTerritoire(departement.territoires, code) : (code ?? '')
  const regle = regleCql(session)
  const comptes = await compterPropositions(session, territoire)
  const { propositions, suite } = await listerPropositions(session, {
    etat,
    territoire,
    apres: recherche.apres,
  })
  const adresse = (changements: Readonly<Record<string, string | undefined>>) => {
    const params = new URLSearchParams()
    for (const [cle, valeur] of Object.entries({ etat, territoire, ...changements }))
      if (valeur) params.set(cle, valeur)
    return `${PROPOSITIONS}?${params}`
  }
  const nombre = comptes[etat]
  return (
    <Cadre
      requete={requete}
      titre={
        comptes.proposee === 0
          ? 'Auto-saisines : rien à décider'
          : `Auto-saisines : ${pluriel(comptes.proposee, 'dossier à décider', 'dossiers à décider')}`
      }
      chapo="Chaque semaine, Amont relit tous les dossiers ouverts avec les critères en vigueur. Il propose et dit pourquoi ; le secrétariat décide."
      courante="reunir"
      fil={[{ libelle: 'Saisines', href: '/saisines' }, { libelle: 'Auto-saisines proposées' }]}
      erreur={erreurs.length > 0}
      large
    >
      <OngletsSaisines courant="propositions" propositions={comptes.proposee} />
      <Pile>
        <ResumeErreurs
          titre="La décision n’a pas été enregistrée"
          erreurs={erreurs.map(({ nom, message }) => ({ id: `c-${nom}-${typee?.id ?? ''}`, message }))}
        />
        <Onglets
          libelle="Décisions"
          onglets={ETATS.map((un) => ({
            href: adresse({ etat: un }),
            libelle: etatsProposition[un],
            compte: formatNombre(comptes[un]),
            courant: un === etat,
          }))}
        />
        <Filtres
          action={PROPOSITIONS}
          libelle="Filtrer les propositions"
          resultat={pluriel(nombre, 'dossier', 'dossiers')}
          champs={{ etat }}
          actifs={territoire ? [{ libelle: nommer(territoire), retirer: adresse({ territoire: undefined }) }] : []}
        >
          <Selection
            nom="territoire"
            libelle="Territoire"
            libre
            vide="Tous"
            valeur={territoire}
            options={optionsTerritoires(requete)}
          />
        </Filtres>
        {propositions.length === 0 && (
          <EtatVide titre={etat === 'proposee' ? 'Rien à décider' : 'Aucun dossier'}>
            {etat === 'proposee'
              ? 'La prochaine relecture des dossiers se fait avec les tableaux de la semaine. Une auto-saisine libre se fait depuis un dossier.'
              : 'Aucune proposition dans cet état.'}
          </EtatVide>
        )}
        {propositions.map((proposition) => (
          <CarteProposition
            key={proposition.id}
            requete={requete}
            proposition={proposition}
            regle={regle}
            territoire={nommer(proposition.territoire)}
            typee={typee?.id === proposition.id ? typee : null}
            erreurs={typee?.id === proposition.id ? erreurs : []}
          />
        ))}
        {(suite !== null || recherche.apres !== undefined) && (
          <Pagination
            libelle="Pages des propositions"
            position={`${formatNombre(propositions.length)} sur ${formatNombre(nombre)}`}
            precedents={recherche.apres === undefined ? undefined : adresse({})}
            suivants={suite === null ? undefined : adresse({ apres: suite })}
          />
        )}
      </Pile>
    </Cadre>
  )
}

/** GET /saisines/propositions (AUT-11). */
export async function montrerPropositions(requete: Requete): Promise<Reponse> {
  return page(await composer(requete))
}

const CHAMPS: Readonly<Record<string, string>> = { 'proposition.date': 'au' }

/** Runs a decision; what is refused is shown again on the list, with what was typed. */
async function decider(
  requete: Requete,
  texte: string,
  acte: (decision: { readonly id: string; readonly vu: number }, typee: DecisionTypee) => Promise<unknown>,
  apres: (resultat: unknown) => string = () => PROPOSITIONS,
): Promise<Reponse> {
  const id = champ(requete, 'proposition')
  const typee: DecisionTypee = { id, motif: champ(requete, 'motif'), au: champ(requete, 'au') }
  let resultat: unknown
  try {
    const refusee = await tenter(
      requete.session,
      'saisines.decider',
      (code) => CHAMPS[code] ?? 'motif',
      async () => {
        resultat = await acte({ id, vu: Number(champ(requete, 'vu')) }, typee)
      },
    )
    if (refusee) return page(await composer(requete, typee, [refusee]), 422)
  } catch (erreur) {
    if (!(erreur instanceof Conflit)) throw erreur
    requete.session.consigner({ action: 'saisines.decider', resultat: 'refuse', details: { code: erreur.code } })
    return page(await composer(requete, typee, [{ nom: 'motif', message: erreur.message }]), 409)
  }
  return redirection(apres(resultat), {
    texte,
    defaire: {
      action: `${PROPOSITIONS}/defaire`,
      libelle: 'Défaire',
      champs: { proposition: id, vu: String(Number(champ(requete, 'vu')) + 1) },
    },
  })
}

/** POST …/accepter: opens a referral for the secretariat to complete and file. */
export async function accepter(requete: Requete): Promise<Reponse> {
  const cles = exigerCles(requete.application)
  let reference = ''
  return decider(
    requete,
    'Auto-saisine ouverte : la compléter, puis la déposer.',
    async (decision) => {
      const dossier = await lireDossier(requete.session, await lireDossierPropose(requete.session, decision.id))
      reference = dossier.reference
      return accepterProposition(requete.session, cles, dossier, decision)
    },
    (formulaire) => `/dossiers/${reference}/saisine/${String(formulaire)}`,
  )
}

/** POST …/reporter. */
export const reporter = (requete: Requete): Promise<Reponse> =>
  decider(requete, 'Proposition reportée : elle reviendra d’elle-même à cette date.', (decision, { motif, au }) =>
    reporterProposition(requete.session, exigerCles(requete.application), {
      ...decision,
      motif,
      au: lireJourSaisi(au),
    }),
  )

/** POST …/ecarter. */
export const ecarter = (requete: Requete): Promise<Reponse> =>
  decider(requete, 'Proposition écartée : elle ne reviendra que pour un critère nouveau.', (decision, { motif }) =>
    ecarterProposition(requete.session, exigerCles(requete.application), { ...decision, motif }),
  )

/** POST …/defaire. */
export async function defaire(requete: Requete): Promise<Reponse> {
  const id = champ(requete, 'proposition')
  try {
    const refusee = await tenter(
      requete.session,
      'saisines.decider',
      () => 'motif',
      () => defaireDecision(requete.session, exigerCles(requete.application), { id, vu: Number(champ(requete, 'vu')) }),
    )
    if (refusee) return page(await composer(requete, { id, motif: '', au: '' }, [refusee]), 422)
  } catch (erreur) {
    if (!(erreur instanceof Conflit)) throw erreur
    requete.session.consigner({ action: 'saisines.decider', resultat: 'refuse', details: { code: erreur.code } })
    return page(await composer(requete, { id, motif: '', au: '' }, [{ nom: 'motif', message: erreur.message }]), 409)
  }
  return redirection(PROPOSITIONS, { texte: 'Décision défaite : la proposition attend de nouveau.' })
}

/** The form of a free self-referral, on the page of the referrals of a dossier (AUT-10). */
export function AutoSaisineLibre({
  action,
  jeton,
  motif,
  erreur,
}: {
  action: string
  jeton: string
  motif?: string | undefined
  erreur?: string | undefined
}): ReactElement {
  return (
    <Plus libelle="Se saisir de ce dossier sans qu’un critère le demande" ouvert={erreur !== undefined}>
      <Formulaire action={action} jeton={jeton} libelle="Auto-saisine libre">
        <Champ
          nom="motif"
          id="c-motif-libre"
          libelle="Pourquoi la commission se saisit"
          lignes={2}
          longueurMax={1000}
          valeur={motif}
          erreur={erreur}
        />
        <Actions>
          <Bouton>Ouvrir une auto-saisine</Bouton>
        </Actions>
      </Formulaire>
    </Plus>
  )
}

/** POST /dossiers/:reference/saisine/auto: the secretariat's own judgment. */
export async function seSaisir(
  requete: Requete,
  remontrer: (motif: string, message: string) => Promise<Reponse>,
): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const motif = champ(requete, 'motif')
  let formulaire = ''
  const refusee = await tenter(
    requete.session,
    'saisines.decider',
    () => 'motif',
    async () => {
      formulaire = await autoSaisirLibrement(requete.session, exigerCles(requete.application), dossier, motif)
    },
  )
  if (refusee) return remontrer(motif, refusee.message)
  return redirection(`${adresseSaisines(dossier)}/${formulaire}`, {
    texte: 'Auto-saisine ouverte : la compléter, puis la déposer.',
  })
}
