import {
  calculerSolde,
  clorePlan,
  conclurePlan,
  type DemandePlan,
  direSurendettement,
  exigerTenue,
  ISSUES_PLAN,
  type IssuePlan,
  lireDisponible,
  listerEcritures,
  listerPlans,
  type PlanApurement,
  preparerPlan,
  suivrePlan,
} from '#apurements'
import {
  type ApurementSupportable,
  calculerApurementSupportable,
  ORIGINES_PLAN,
  type OriginePlan,
  type ResultatPlan,
} from '#calculs'
import type { Dossier } from '#dossiers'
import { Conflit, Introuvable } from '#socle/errors'
import { formatDate, formatInstant, formatMontant, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  Champ,
  ChampDate,
  ChampMontant,
  Formulaire,
  ListeDefinition,
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
  lireEntierSaisi,
  lireMontantSaisi,
  lireSoldeSaisi,
  marqueEnvoi,
  peutTenir,
} from './commun.tsx'
import { AvertissementVisale, Echeancier, EtatDePlan } from './parties.tsx'

const CHAMPS = [
  'origine',
  'conclu_le',
  'dette',
  'nombre',
  'mensualite',
  'premiere',
  'jour_du_mois',
  'arrondi',
  'disponible',
  'motif',
  'remplace',
] as const
type Saisie = Readonly<Record<(typeof CHAMPS)[number], string>>

const estOrigine = (texte: string): texte is OriginePlan => Object.hasOwn(ORIGINES_PLAN, texte)

/** What was typed → a plan to compute, or what is wrong. */
function comprendre(saisie: Saisie): DemandePlan | Erreur[] {
  const erreurs: Erreur[] = []
  const { origine } = saisie
  const concluLe = lireJourSaisi(saisie.conclu_le)
  const premiere = lireJourSaisi(saisie.premiere)
  const dette = lireMontantSaisi(saisie.dette)
  const nombre = lireEntierSaisi(saisie.nombre)
  const mensualite = lireMontantSaisi(saisie.mensualite)
  const jourDuMois = lireEntierSaisi(saisie.jour_du_mois)
  const disponible = lireSoldeSaisi(saisie.disponible)
  const illisible = (nom: keyof Saisie, lu: number | null, message: string) => {
    if (saisie[nom] !== '' && lu === null) erreurs.push({ nom, message })
  }
  if (!estOrigine(origine)) erreurs.push({ nom: 'origine', message: 'Choisir d’où vient le plan.' })
  if (!concluLe) erreurs.push({ nom: 'conclu_le', message: 'Donner la date du plan.' })
  if (!premiere) erreurs.push({ nom: 'premiere', message: 'Donner la date de la première mensualité.' })
  if (!dette) erreurs.push({ nom: 'dette', message: 'Donner la dette à apurer, par exemple 2 000,00.' })
  illisible('nombre', nombre, 'Donner un nombre entier de mensualités.')
  illisible('mensualite', mensualite, 'Donner un montant, par exemple 60,00.')
  illisible('disponible', disponible, 'Donner un montant, par exemple 120,00.')
  if (saisie.nombre === '' && saisie.mensualite === '')
    erreurs.push({ nom: 'nombre', message: 'Donner un nombre de mensualités, ou le montant d’une mensualité.' })
  if (saisie.jour_du_mois !== '' && (jourDuMois === null || jourDuMois < 1 || jourDuMois > 31))
    erreurs.push({ nom: 'jour_du_mois', message: 'Donner un jour du mois, de 1 à 31.' })
  if (concluLe && premiere && Temporal.PlainDate.compare(premiere, concluLe) < 0)
    erreurs.push({ nom: 'premiere', message: 'La première mensualité ne vient pas avant le plan.' })
  if (erreurs.length > 0 || !estOrigine(origine) || !concluLe || !premiere || !dette) return erreurs
  return {
    origine,
    concluLe,
    dette,
    nombre,
    mensualite,
    premiere,
    jourDuMois,
    arrondi: saisie.arrondi === 'premiere' ? 'premiere' : 'derniere',
    disponible,
  }
}

type PlanPrepare = Awaited<ReturnType<typeof preparerPlan>>

function Verdict({ plan }: { plan: ResultatPlan }) {
  const ton = { possible: 'tenu', non_tenable: 'bientot', refuse: 'retard', bloque: 'retard' } as const
  const debut = {
    possible: 'Plan possible.',
    non_tenable: '',
    refuse: 'Plan refusé.',
    bloque: 'Plan bloqué.',
  } as const
  return (
    <Message ton={ton[plan.etat]}>
      <p>
        {[debut[plan.etat], ...plan.motifs].filter((phrase) => phrase !== '').join(' ')} {plan.cadre.texte}
      </p>
      {plan.reserves.length > 0 && <p className="note">{plan.reserves.join(' ')}</p>}
    </Message>
  )
}

/** What the household could repay by giving up all it has left: a ceiling, never called realistic (OUT-02). */
function AuPlus({ apurement: { etat, plan, resteACouvrir, motifs } }: { apurement: ApurementSupportable }) {
  if (etat === 'impossible') return <p>{motifs.join(' ')}</p>
  if (!plan || plan.echeances.length === 0) return null
  return (
    <p>
      Au plus, tout le disponible y passant : {pluriel(plan.nombre, 'mensualité', 'mensualités')} de{' '}
      {formatMontant(plan.mensualite)}
      {resteACouvrir > 0 ? `, et ${formatMontant(resteACouvrir)} à couvrir par le FSL ou une autre aide` : ''}. Un plan
      réaliste garde de quoi vivre : <a href="/outils/apurement">calculer ce que le ménage peut tenir</a>.
    </p>
  )
}

async function montrerPreparation(
  requete: Requete,
  dossier: Dossier,
  saisie: Saisie,
  { envoi, erreurs, plan }: { envoi: string; erreurs: readonly Erreur[]; plan: PlanPrepare | null },
): Promise<Reponse> {
  const { session } = requete
  const enCours = (await listerPlans(session, dossier)).filter(({ fin }) => fin === null)
  const effet = direSurendettement(session, dossier)
  const dette = lireMontantSaisi(saisie.dette)
  const disponible = plan?.disponible ?? null
  // All that is available, kept for nothing else: the most there is, said as such.
  const auPlus =
    plan && plan.etat !== 'possible' && plan.etat !== 'bloque' && disponible !== null && dette
      ? calculerApurementSupportable({
          dette,
          disponible,
          aGarder: 0,
          premiere: lireJourSaisi(saisie.premiere) ?? session.jour,
          arrondi: 'derniere',
          cadre: plan.cadre,
        })
      : null
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Préparer un plan d’apurement"
      acte="Préparer un plan"
      chapo="Calculer montre l’échéancier sans rien enregistrer. Conclure l’enregistre : un plan conclu ne change plus, il se remplace."
    >
      <ResumeErreurs erreurs={erreurs} titre="Le plan n’a pas été enregistré" />
      <Pile>
        {effet && (
          <Message ton="bientot">
            <p>
              {effet.texte}{' '}
              {effet.interditDepuis &&
                'Seuls le plan de la commission, les délais du juge et un plan plus ancien peuvent être notés.'}
            </p>
          </Message>
        )}
        {dossier.menage.garantieVisale && <AvertissementVisale />}
        <Carte titre="Le plan">
          <Formulaire
            action={adresseArgent(dossier, '/plan')}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ envoi }}
            libelle="Préparer un plan"
          >
            <div className="champs">
              <Selection
                nom="origine"
                libelle="D’où vient-il"
                vide="Choisir"
                valeur={saisie.origine}
                erreur={messageDe(erreurs, 'origine')}
                options={Object.entries(ORIGINES_PLAN).map(([valeur, libelle]) => ({ valeur, libelle }))}
              />
              <ChampDate
                nom="conclu_le"
                libelle="Conclu le"
                valeur={saisie.conclu_le || undefined}
                erreur={messageDe(erreurs, 'conclu_le')}
              />
              <ChampMontant
                nom="dette"
                libelle="Dette à apurer"
                valeur={saisie.dette}
                erreur={messageDe(erreurs, 'dette')}
              />
              <Champ
                nom="nombre"
                libelle="Nombre de mensualités"
                libre
                chiffres
                valeur={saisie.nombre}
                aide="Ou le montant d’une mensualité"
                erreur={messageDe(erreurs, 'nombre')}
              />
              <ChampMontant
                nom="mensualite"
                libelle="Montant d’une mensualité"
                libre
                valeur={saisie.mensualite}
                erreur={messageDe(erreurs, 'mensualite')}
              />
              <ChampDate
                nom="premiere"
                libelle="Première mensualité le"
                valeur={saisie.premiere || undefined}
                erreur={messageDe(erreurs, 'premiere')}
              />
              <Champ
                nom="jour_du_mois"
                libelle="Puis le (jour du mois)"
                facultatif
                chiffres
                valeur={saisie.jour_du_mois}
                aide="31 : le dernier jour des mois plus courts"
                erreur={messageDe(erreurs, 'jour_du_mois')}
              />
              <ChampMontant
                nom="disponible"
                libelle="Disponible du ménage, par mois"
                facultatif
                valeur={saisie.disponible}
                aide="Ressources moins toutes les charges, loyer courant compris"
                erreur={messageDe(erreurs, 'disponible')}
              />
              {enCours.length > 0 && (
                <Selection
                  nom="remplace"
                  libelle="Remplace"
                  libre
                  erreur={messageDe(erreurs, 'remplace')}
                  vide="Aucun plan"
                  valeur={saisie.remplace}
                  options={enCours.map(({ id, origine, conclu_le }) => ({
                    valeur: id,
                    libelle: `${ORIGINES_PLAN[origine]}, ${formatDate(conclu_le)}`,
                  }))}
                />
              )}
            </div>
            <BoutonsRadio
              nom="arrondi"
              libelle="Centimes d’arrondi"
              valeur={saisie.arrondi || 'derniere'}
              options={[
                { valeur: 'derniere', libelle: 'Sur la dernière mensualité' },
                { valeur: 'premiere', libelle: 'Sur la première mensualité' },
              ]}
            />
            <Champ
              nom="motif"
              libelle="Pourquoi conclure un plan au-dessus du disponible"
              facultatif
              lignes={2}
              longueurMax={500}
              valeur={saisie.motif}
              aide="Demandé seulement si le plan est dit non tenable"
              erreur={messageDe(erreurs, 'motif')}
            />
            <Actions>
              <Bouton genre="principal" nom="acte" valeur="calculer">
                Calculer
              </Bouton>
              {plan && (plan.etat === 'possible' || plan.etat === 'non_tenable') && (
                <Bouton nom="acte" valeur="conclure">
                  Conclure le plan
                </Bouton>
              )}
              <Bouton genre="tertiaire" href={adresseArgent(dossier)}>
                Revenir à la dette
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
        {plan && (
          <Carte titre="Ce que donne ce plan" id="resultat">
            <Verdict plan={plan} />
            {auPlus && <AuPlus apurement={auPlus} />}
            {plan.echeances.length > 0 && <Echeancier echeances={plan.echeances} legende="Échéancier du plan" />}
          </Carte>
        )}
      </Pile>
    </CadreDossier>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/argent/plan: prefilled with the balance and the latest budget. */
export async function proposerPlan(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  exigerTenue(session, dossier)
  const ecritures = await listerEcritures(session, dossier.id)
  const solde = calculerSolde(ecritures, session.jour)
  const saisie: Saisie = {
    origine: '',
    conclu_le: session.jour.toString(),
    dette: ecrireMontantSaisi(solde > 0 ? solde : ecritures.length > 0 ? null : dossier.dette),
    nombre: '',
    mensualite: '',
    premiere: '',
    jour_du_mois: '',
    arrondi: 'derniere',
    disponible: ecrireMontantSaisi((await lireDisponible(session, dossier))?.centimes),
    motif: '',
    remplace: '',
  }
  return montrerPreparation(requete, dossier, saisie, { envoi: marqueEnvoi(), erreurs: [], plan: null })
}

/** Which field a refusal of the module is about. */
const CHAMPS_REFUSES: Readonly<Record<string, keyof Saisie>> = {
  'plan.motif': 'motif',
  'plan.conclu_le': 'conclu_le',
  'plan.premiere': 'premiere',
  'plan.remplace': 'remplace',
}

/** The plan to replace ended meanwhile: both are shown, and what was typed goes back to the form, replacing nothing. */
async function montrerConflit(requete: Requete, dossier: Dossier, saisie: Saisie, conflit: Conflit): Promise<Reponse> {
  const ancien = (await listerPlans(requete.session, dossier)).find(({ id }) => id === saisie.remplace)
  return pageConflit(requete, {
    message: conflit.message,
    quoi: 'Plan qui en remplace un autre',
    courante: 'accompagner',
    fil: [
      { libelle: 'Dossiers', href: '/dossiers' },
      { libelle: dossier.reference, href: adresseDossier(dossier) },
      { libelle: 'Préparer un plan' },
    ],
    versions: [
      {
        cle: saisie.remplace,
        libelle: ancien ? `Plan du ${formatDate(ancien.conclu_le)}` : 'Plan remplacé',
        saisie: `Remplacé par un plan de ${saisie.dette} € : ${saisie.nombre === '' ? `${saisie.mensualite} € par mois` : `${saisie.nombre} mensualités`}`,
        enregistree: ancien?.fin
          ? `${ISSUES_PLAN[ancien.fin.issue]}, le ${formatDate(ancien.fin.le)} : ${ancien.fin.motif}`
          : null,
        qui: ancien?.fin?.auteur,
      },
    ],
    conseil:
      'Reprendre la saisie ramène au formulaire, rempli, sans remplacer ce plan ; garder laisse ce qui est enregistré.',
    garder: { href: adresseArgent(dossier), libelle: 'Garder ce qui est enregistré' },
    remplacer: {
      action: adresseArgent(dossier, '/plan'),
      libelle: 'Reprendre ma saisie',
      champs: { ...saisie, remplace: '', acte: 'calculer', envoi: marqueEnvoi() },
    },
  })
}

/** POST /dossiers/:reference/argent/plan (DOS-08, OUT-01, OUT-02): computes, or makes the plan. */
export async function traiterPlan(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const envoi = champ(requete, 'envoi')
  const saisie = Object.fromEntries(CHAMPS.map((nom) => [nom, champ(requete, nom)])) as Saisie
  const demande = comprendre(saisie)
  if (Array.isArray(demande))
    return montrerPreparation(requete, dossier, saisie, { envoi: marqueEnvoi(envoi), erreurs: demande, plan: null })
  const plan = await preparerPlan(session, dossier, demande)
  const erreurs: Erreur[] = []
  if (champ(requete, 'acte') === 'conclure') {
    let conclu = ''
    const issue = await ouConflit(requete, 'plan.conclure', () =>
      tenter(
        session,
        'plan.conclure',
        (code) => CHAMPS_REFUSES[code] ?? 'origine',
        async () => {
          conclu = await conclurePlan(session, dossier, {
            ...demande,
            motif: saisie.motif,
            remplace: saisie.remplace === '' ? null : saisie.remplace,
            envoi,
          })
        },
      ),
    )
    if (issue instanceof Conflit) return montrerConflit(requete, dossier, saisie, issue)
    if (!issue) return redirection(adresseArgent(dossier, `/plans/${conclu}`), { texte: 'Plan enregistré.' })
    erreurs.push(issue)
  }
  return montrerPreparation(requete, dossier, saisie, { envoi: marqueEnvoi(envoi), erreurs, plan })
}

/** The plan an address names, in this dossier. */
export async function lirePlan(requete: Requete, dossier: Dossier): Promise<PlanApurement> {
  const plan = (await listerPlans(requete.session, dossier)).find(({ id }) => id === requete.parametres.plan)
  if (!plan) throw new Introuvable()
  return plan
}

async function montrer(
  requete: Requete,
  dossier: Dossier,
  saisie: { issue: string; le: string; motif: string },
  erreurs: readonly Erreur[],
): Promise<Reponse> {
  const { session } = requete
  const plan = await lirePlan(requete, dossier)
  const suivi = suivrePlan(plan, await listerEcritures(session, dossier.id), session.jour)
  session.consigner({ action: 'argent.lire', objet: 'plan', objetId: plan.id, dossiers: [dossier.id] })
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre={ORIGINES_PLAN[plan.origine]}
      acte={`Plan du ${formatDate(plan.conclu_le)}`}
      actions={
        <>
          {plan.fin === null && peutTenir(requete, dossier) && (
            <Bouton genre="principal" href={adresseArgent(dossier, '/lignes')}>
              Saisir un versement
            </Bouton>
          )}
          <Bouton href={adresseArgent(dossier, `/plans/${plan.id}/echeancier.pdf`)} fichier icone="impr">
            Échéancier en PDF
          </Bouton>
        </>
      }
    >
      <ResumeErreurs erreurs={erreurs} titre="Le plan n’a pas été clos" />
      <Pile>
        <Carte titre="Le plan" aside={<EtatDePlan plan={plan} suivi={suivi} />}>
          <ListeDefinition
            lignes={[
              { terme: 'Conclu le', valeur: formatDate(plan.conclu_le) },
              { terme: 'Dette apurée', valeur: formatMontant(plan.dette), numerique: true },
              {
                terme: 'Mensualités',
                valeur: `${plan.nombre} de ${formatMontant(plan.mensualite)}`,
              },
              { terme: 'Versé', valeur: formatMontant(suivi.verse), numerique: true },
              { terme: 'En retard', valeur: formatMontant(suivi.retard), numerique: true },
              { terme: 'Reste à payer', valeur: formatMontant(suivi.restant), numerique: true },
              { terme: 'Cadre', valeur: plan.cadre.texte, note: plan.cadre.reserves.join(' ') || undefined },
              {
                terme: 'Disponible ce jour-là',
                valeur: plan.reserve
                  ? 'Réservé à qui lit les ressources'
                  : plan.disponible === null
                    ? null
                    : formatMontant(plan.disponible),
                note: plan.motif || undefined,
              },
              {
                terme: 'Noté par',
                valeur: `${plan.auteur}, ${plan.organisme_nom}, le ${formatInstant(plan.a)}`,
              },
              ...(plan.fin
                ? [
                    {
                      terme: 'Fin',
                      valeur: `${ISSUES_PLAN[plan.fin.issue]}, le ${formatDate(plan.fin.le)}`,
                      note: `${plan.fin.motif} (${plan.fin.auteur})`,
                    },
                  ]
                : []),
            ]}
          />
          {suivi.enTrop > 0 && <p className="note">{formatMontant(suivi.enTrop)} versés au-delà du plan.</p>}
        </Carte>
        <Echeancier echeances={suivi.echeances} legende="Échéances du plan et leur suivi" />
        {plan.fin === null && peutTenir(requete, dossier) && (
          <Carte titre="Mettre fin au plan">
            <Formulaire
              action={adresseArgent(dossier, `/plans/${plan.id}`)}
              jeton={requete.connecte.jetonFormulaire}
              libelle="Mettre fin au plan"
            >
              <div className="champs">
                <Selection
                  nom="issue"
                  libelle="Comment il se termine"
                  vide="Choisir"
                  valeur={saisie.issue}
                  erreur={messageDe(erreurs, 'issue')}
                  options={Object.entries(ISSUES_PLAN)
                    .filter(([code]) => code !== 'remplace')
                    .map(([valeur, libelle]) => ({ valeur, libelle }))}
                />
                <ChampDate
                  nom="le"
                  libelle="Le"
                  valeur={saisie.le || undefined}
                  max={session.jour}
                  erreur={messageDe(erreurs, 'le')}
                />
              </div>
              <Champ
                nom="motif"
                libelle="Pourquoi"
                lignes={2}
                longueurMax={500}
                valeur={saisie.motif}
                erreur={messageDe(erreurs, 'motif')}
              />
              <p className="note">Pour le remplacer, préparer le nouveau plan et y indiquer celui-ci.</p>
              <Actions>
                <Bouton>Mettre fin au plan</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
      </Pile>
    </CadreDossier>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/argent/plans/:plan. */
export async function montrerPlan(requete: Requete): Promise<Reponse> {
  return montrer(requete, await ouvrirDossier(requete), { issue: '', le: '', motif: '' }, [])
}

const estIssue = (texte: string): texte is IssuePlan => Object.hasOwn(ISSUES_PLAN, texte)

/** POST /dossiers/:reference/argent/plans/:plan: ends it, once. */
export async function cloreUnPlan(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const plan = await lirePlan(requete, dossier)
  const saisie = { issue: champ(requete, 'issue'), le: champ(requete, 'le'), motif: champ(requete, 'motif') }
  const le = lireJourSaisi(saisie.le)
  const { issue } = saisie
  const erreurs: Erreur[] = []
  if (!estIssue(issue)) erreurs.push({ nom: 'issue', message: 'Dire comment le plan se termine.' })
  if (!le) erreurs.push({ nom: 'le', message: 'Donner la date de la fin.' })
  if (saisie.motif === '') erreurs.push({ nom: 'motif', message: 'Dire en une phrase pourquoi le plan se termine.' })
  if (erreurs.length === 0 && le && estIssue(issue)) {
    const issueDite = await ouConflit(requete, 'plan.clore', () =>
      tenter(
        session,
        'plan.clore',
        (code) => (code === 'fin.le' ? 'le' : code === 'fin.issue' ? 'issue' : 'motif'),
        () => clorePlan(session, dossier, plan.id, { issue, le, motif: saisie.motif }),
      ),
    )
    if (issueDite instanceof Conflit)
      return pageConflit(requete, {
        message: issueDite.message,
        quoi: 'Fin d’un plan',
        courante: 'accompagner',
        fil: [
          { libelle: 'Dossiers', href: '/dossiers' },
          { libelle: dossier.reference, href: adresseDossier(dossier) },
          { libelle: 'Fin du plan' },
        ],
        versions: [
          {
            cle: plan.id,
            libelle: `Plan du ${formatDate(plan.conclu_le)}`,
            saisie: `${ISSUES_PLAN[issue]}, le ${formatDate(le)} : ${saisie.motif}`,
            enregistree: plan.fin
              ? `${ISSUES_PLAN[plan.fin.issue]}, le ${formatDate(plan.fin.le)} : ${plan.fin.motif}`
              : null,
            qui: plan.fin?.auteur,
          },
        ],
        conseil: 'Un plan se termine une fois. Si la fin enregistrée est fausse, conclure un nouveau plan.',
        garder: { href: adresseArgent(dossier, `/plans/${plan.id}`), libelle: 'Garder ce qui est enregistré' },
        remplacer: null,
      })
    if (!issueDite)
      return redirection(adresseArgent(dossier, `/plans/${plan.id}`), {
        texte: `Plan clos : ${ISSUES_PLAN[issue].toLowerCase()}.`,
      })
    erreurs.push(issueDite)
  }
  return montrer(requete, dossier, saisie, erreurs)
}
