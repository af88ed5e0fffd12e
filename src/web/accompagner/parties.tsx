import type { ReactElement, ReactNode } from 'react'
import { nommerVersion } from '#charte'
import { type Bail, type Echeance, historiqueDette, type Logement, type Menage, type ResultatSeuil } from '#dossiers'
import { TYPES_FAMILLE } from '#procedure'
import { ecrireMots, ecrireValeur, GROUPES_CHAMPS, type GroupeChamps, VOCABULAIRE } from '#referentiel'
import type { Affectation } from '#repartition'
import { parisDay } from '#socle/time'
import { formatDate, formatMontant, formatNombre, pluriel } from '#socle/typography'
import {
  Bouton,
  BoutonPost,
  Carte,
  Etiquette,
  estRevolue,
  etatEcheance,
  type LigneDefinition,
  ListeDefinition,
  ListeSobre,
  Plus,
  PuceEcheance,
  Tableau,
  type Ton,
} from '../composants/index.ts'
import { affectationVivante, type DossierLu, type DroitsDossier } from './lecture.ts'
import {
  ecrireCode,
  etapeCourte,
  libellesEtatService,
  libellesIssue,
  libellesNatureBailleur,
  libellesParc,
  libellesSeuil,
  libellesSuivi,
} from './libelles.ts'
import { nommer } from './menage.ts'

const ouiNon = (valeur: boolean | undefined): string | null => (valeur === undefined ? null : valeur ? 'oui' : 'non')
const jour = (texte: string | undefined): string | null => (texte === undefined ? null : formatDate(texte))

const TONS_SEUIL: Readonly<Record<ResultatSeuil['etat'], Ton>> = {
  atteint: 'bientot',
  non_atteint: 'neutre',
  indetermine: 'reserve',
  sans_objet: 'neutre',
}

/** Stands for a part of the dossier that is not open to its reader: said in one line (interface §1.3). */
export function Reserve({ titre, id }: { titre: string; id: string }): ReactElement {
  return (
    <Carte titre={titre} id={id}>
      <p className="note">Réservé à d’autres services. Demander une transmission.</p>
    </Carte>
  )
}

/** Names, in one line, the groups of fields that the pages of this dossier leave out. */
export function Reserves({ masques }: { masques: readonly GroupeChamps[] }): ReactElement | null {
  if (masques.length === 0) return null
  const noms = masques.map((groupe) => GROUPES_CHAMPS[groupe].libelle.toLowerCase()).join(', ')
  return <p className="note">Réservé à d’autres services : {noms}. Demander une transmission.</p>
}

/** Rent and charges of a month, when both are known: what a debt is measured with. */
export function loyerCharges({ loyer, charges }: Bail): number | null {
  return loyer === undefined || charges === undefined || loyer + charges <= 0 ? null : loyer + charges
}

/** Debt as each sender reported it, the lease's amounts, and the threshold test with its source (DOS-06). */
export function Argent({ lu }: { lu: DossierLu }): ReactElement {
  const { dossier, signaux } = lu
  if (dossier.masques.includes('dette')) return <Reserve titre="Argent" id="argent" />
  const { bail, menage, seuil, dette } = dossier
  const points = historiqueDette(signaux).toReversed()
  const mensuel = loyerCharges(bail)
  const montant = (centimes: number | undefined): string | null =>
    centimes === undefined ? null : formatMontant(centimes)
  return (
    <Carte titre="Argent" id="argent">
      <Tableau
        legende="Dette locative, telle que chaque émetteur l’a signalée"
        largeur="etroit"
        colonnes={[
          { cle: 'le', titre: 'Au', principale: true, rendre: ({ le }) => formatDate(le) },
          { cle: 'organisme', titre: 'Signalée par', rendre: ({ organisme }) => organisme },
          {
            cle: 'montant',
            titre: 'Dette',
            numerique: true,
            rendre: (point) => formatMontant(point.montant),
          },
        ]}
        lignes={points}
        cle={({ signalement }) => signalement}
        vide="Aucun montant de dette signalé."
      />
      <div className="mt4">
        <ListeDefinition
          lignes={[
            {
              terme: 'Dette retenue',
              valeur: dette === null ? 'non connue' : formatMontant(dette),
              numerique: true,
              note:
                dette !== null && dossier.dette_le
                  ? `dernière connue, au ${formatDate(dossier.dette_le)}${dossier.dette_en_hausse ? ', en hausse' : ''}`
                  : undefined,
            },
            { terme: 'Premier impayé', valeur: jour(bail.detteDepuis), numerique: true },
            { terme: 'Loyer', valeur: montant(bail.loyer), numerique: true },
            { terme: 'Charges', valeur: montant(bail.charges), numerique: true },
            {
              terme: 'Aide au logement',
              valeur: montant(menage.montantAide) ?? ouiNon(menage.aideLogement),
              numerique: true,
              note:
                menage.aideVerseeAuBailleur === undefined
                  ? undefined
                  : menage.aideVerseeAuBailleur
                    ? 'versée au bailleur'
                    : 'versée au ménage',
            },
            {
              terme: 'Mois de loyer et charges',
              valeur:
                dette === null || mensuel === null ? null : formatNombre(Math.round((dette / mensuel) * 10) / 10, 1),
              numerique: true,
              note:
                dette === null || mensuel === null ? undefined : `${formatMontant(dette)} / ${formatMontant(mensuel)}`,
            },
          ]}
        />
      </div>
      {seuil && (
        <div className="mt4">
          <h3>Seuil de signalement du commandement de payer</h3>
          <p className="mt2">
            <Etiquette ton={TONS_SEUIL[seuil.etat]}>{ecrireCode(libellesSeuil, seuil.etat)}</Etiquette> {seuil.motif}
          </p>
          <p className="note">
            {seuil.source !== '' && `Source : ${seuil.source}.`}
            {seuil.reserve !== undefined && ` Réserve : ${seuil.reserve}.`}
          </p>
        </div>
      )}
    </Carte>
  )
}

function Occupant({ lu }: { lu: DossierLu }): LigneDefinition[] {
  const { titulaire, conjoint } = lu.dossier.menage
  const naissance = (texte: string | undefined): ReactNode =>
    texte === undefined ? undefined : `naissance : ${formatDate(texte)}`
  const autre =
    titulaire.nomNaissance !== undefined && titulaire.nomNaissance !== titulaire.nomUsage
      ? `nom de naissance : ${titulaire.nomNaissance}`
      : undefined
  return [
    {
      terme: 'Titulaire',
      valeur: nommer(titulaire) || 'non connu',
      note: [naissance(titulaire.dateNaissance), autre].filter((un) => un !== undefined).join(', ') || undefined,
    },
    {
      terme: 'Conjoint ou cotitulaire',
      valeur: conjoint ? nommer(conjoint) : null,
      note: naissance(conjoint?.dateNaissance),
    },
  ]
}

/** What a person said of the family; else what the signalements let one tell. */
function nommerFamille({ typeFamille, situationFamiliale, enfantsACharge }: Menage): string | null {
  if (typeFamille !== undefined) return ecrireCode(TYPES_FAMILLE, typeFamille).toLowerCase()
  if (enfantsACharge === undefined) return null
  if (situationFamiliale === 'seul')
    return (enfantsACharge > 0 ? TYPES_FAMILLE.monoparentale : TYPES_FAMILLE.seul).toLowerCase()
  if (situationFamiliale === 'couple')
    return (enfantsACharge > 0 ? TYPES_FAMILLE.couple_enfants : TYPES_FAMILLE.couple).toLowerCase()
  return null
}

/** Whether the household is an allocataire, and its number when it is known. */
function decrireAllocataire({ allocataire, numeroAllocataire }: Menage): Pick<LigneDefinition, 'valeur' | 'note'> {
  if (allocataire === 'non') return { valeur: 'non' }
  if (allocataire === undefined) return { valeur: numeroAllocataire ?? null }
  return {
    valeur: `oui, ${allocataire.toUpperCase()}`,
    note: numeroAllocataire === undefined ? undefined : `n° ${numeroAllocataire}`,
  }
}

export function CarteMenage({ lu }: { lu: DossierLu }): ReactElement {
  const { menage } = lu.dossier
  const liens = (prefixe: string, valeurs: readonly string[]): ReactNode =>
    valeurs.length === 0
      ? null
      : valeurs.map((valeur, rang) => (
          <span key={valeur} className="nb">
            {rang > 0 && ', '}
            <a href={`${prefixe}${prefixe === 'tel:' ? valeur.replace(/[^\d+]/g, '') : valeur}`}>{valeur}</a>
          </span>
        ))
  return (
    <Carte titre="Ménage" id="menage">
      <ListeDefinition
        lignes={[
          ...Occupant({ lu }),
          {
            terme: 'Situation',
            valeur:
              menage.situationFamiliale === undefined
                ? null
                : menage.situationFamiliale === 'seul'
                  ? 'adulte seul'
                  : menage.situationFamiliale,
          },
          {
            terme: 'Enfants à charge',
            valeur: menage.enfantsACharge === undefined ? null : String(menage.enfantsACharge),
            note: menage.anneesNaissanceEnfants
              ? `années de naissance : ${menage.anneesNaissanceEnfants.join(', ')}`
              : undefined,
          },
          { terme: 'Type de famille', valeur: nommerFamille(menage) },
          { terme: 'Allocataire', ...decrireAllocataire(menage) },
          { terme: 'Téléphone', valeur: liens('tel:', menage.telephones), numerique: true },
          { terme: 'Courriel', valeur: liens('mailto:', menage.courriels) },
          { terme: 'RSA', valeur: ouiNon(menage.rsa) },
          { terme: 'Situation de handicap', valeur: lu.sante ? ouiNon(menage.handicap) : null },
          { terme: 'Perte d’autonomie possible', valeur: lu.sante ? ouiNon(menage.perteAutonomie) : null },
          { terme: 'Garantie Visale', valeur: ouiNon(menage.garantieVisale) },
          ...(menage.garantieActionLogement && !menage.garantieVisale
            ? [{ terme: 'Autre garantie d’Action Logement', valeur: 'activée' }]
            : []),
          { terme: 'Accompagné', valeur: ouiNon(menage.accompagne) },
          {
            terme: 'Connu de',
            valeur:
              menage.suivis.length === 0 ? null : menage.suivis.map((un) => ecrireCode(libellesSuivi, un)).join(', '),
          },
        ]}
      />
    </Carte>
  )
}

function ecrireAdresse({ adresse, complement, codePostal, commune }: Logement): { valeur: string; note: string } {
  return {
    valeur: [adresse, complement].filter((un) => un !== undefined).join(', ') || 'non connue',
    note: [codePostal, commune].filter((un) => un !== undefined).join(' '),
  }
}

export function CarteLogement({
  lu,
  annee,
  territoire,
  tientBailleurs = false,
}: {
  lu: DossierLu
  annee: number
  territoire: string
  /** May attach the dossier to a sheet of the register. */
  tientBailleurs?: boolean
}): ReactElement {
  const { logement, bail } = lu.dossier
  const nature = bail.bailleurNature === undefined ? null : ecrireCode(libellesNatureBailleur, bail.bailleurNature)
  const gestion =
    bail.bailleurGestionDirecte === undefined
      ? null
      : bail.bailleurGestionDirecte
        ? 'gère lui-même'
        : 'ne gère pas lui-même'
  return (
    <Carte titre="Logement et bailleur" id="logement">
      <ListeDefinition
        lignes={[
          { terme: 'Adresse', ...ecrireAdresse(logement) },
          { terme: 'Territoire', valeur: territoire },
          { terme: 'Parc', valeur: logement.parc === undefined ? null : ecrireCode(libellesParc, logement.parc) },
          { terme: 'Date du bail', valeur: jour(bail.dateBail), numerique: true },
          {
            terme: 'Bailleur',
            valeur: bail.bailleurNom ?? nature,
            note:
              [bail.bailleurNom === undefined ? null : nature, gestion].filter((un) => un !== null).join(', ') ||
              undefined,
          },
          {
            terme: 'Âge du bailleur dans l’année',
            valeur: bail.bailleurAnneeNaissance === undefined ? null : `${annee - bail.bailleurAnneeNaissance} ans`,
          },
          { terme: 'Conventionné avec l’ANAH', valeur: ouiNon(bail.conventionneAnah) },
          { terme: 'SIRET', valeur: bail.bailleurSiret ?? null, numerique: true },
          ...(lu.fiche === undefined ? [] : [{ terme: 'Fiche du bailleur', ...direFiche(lu, tientBailleurs) }]),
        ]}
      />
    </Carte>
  )
}

/** The sheet of the register, or the way to one. */
function direFiche({ fiche, dossier }: DossierLu, tient: boolean) {
  if (!fiche)
    return {
      valeur: tient ? <a href={`/dossiers/${dossier.reference}/bailleur`}>Rattacher à une fiche</a> : null,
    }
  return {
    valeur: <a href={`/bailleurs/${fiche.id}`}>{fiche.nom}</a>,
    note: [
      pluriel(fiche.logements, 'logement', 'logements'),
      fiche.gerant_nom === null ? null : `géré par ${fiche.gerant_nom}`,
      fiche.conventionne_anah
        ? `conventionné avec l’ANAH${fiche.conventionne_anah_le ? ` depuis le ${formatDate(fiche.conventionne_anah_le)}` : ''}`
        : null,
    ]
      .filter((un) => un !== null)
      .join(', '),
  }
}

/** Open tasks first, late ones at the top, then what is to come, then what was kept or is past. */
export function trierEcheances(echeances: readonly Echeance[], aujourdhui: Temporal.PlainDate): Echeance[] {
  const rang = (echeance: Echeance): number => {
    return estRevolue(etatEcheance(echeance, aujourdhui)) ? 1 : 0
  }
  return echeances.toSorted((a, b) => {
    const ecart = rang(a) - rang(b)
    if (ecart !== 0) return ecart
    return rang(a) === 0 ? a.le.localeCompare(b.le) : b.le.localeCompare(a.le)
  })
}

export function CarteEcheances({ lu, aujourdhui }: { lu: DossierLu; aujourdhui: Temporal.PlainDate }): ReactElement {
  const echeances = trierEcheances([...lu.dossier.echeances, ...lu.dossier.echeances_service], aujourdhui)
  return (
    <Carte titre="Échéances" id="echeances" aside={echeances.length > 0 ? 'Ouvrir une date pour sa source' : undefined}>
      {echeances.length === 0 ? (
        <p>Aucun délai ne court pour l’instant.</p>
      ) : (
        <ListeSobre
          lignes={echeances.map((echeance) => ({
            cle: `${echeance.cle} ${echeance.le}`,
            titre: echeance.libelle,
            note: echeance.depart,
            droite: <PuceEcheance echeance={echeance} aujourdhui={aujourdhui} />,
          }))}
        />
      )}
    </Carte>
  )
}

const SENS = new Map(VOCABULAIRE.map((entree) => [entree.nom, entree]))
const majuscule = (texte: string): string => texte.charAt(0).toLocaleUpperCase('fr') + texte.slice(1)

/** Values a rule or a criterion read, in French. Companions (« … est connu ») say nothing more. */
function ecrireValeurs(
  valeurs: Readonly<Record<string, unknown>>,
): readonly { mot: string; sens: string; valeur: string }[] {
  const lues = Object.entries(valeurs).filter(([mot]) => {
    const genre = SENS.get(mot)?.genre
    return genre === 'fait' || genre === 'parametre'
  })
  return lues.map(([mot, valeur]) => ({
    mot,
    sens: majuscule(SENS.get(mot)?.sens ?? mot),
    valeur:
      typeof valeur === 'boolean' || typeof valeur === 'number' || typeof valeur === 'string'
        ? ecrireValeur(mot, valeur)
        : 'non connu',
  }))
}

function ecrireSource(source: { titre?: string; reference?: string | null; lien?: string | null }): ReactNode {
  const texte = [source.titre, source.reference].filter((un) => un !== undefined && un !== null && un !== '').join(', ')
  if (texte === '') return null
  return source.lien ? <a href={source.lien}>{texte}</a> : texte
}

/** Why a service was asked. A person's reason is read by the secretariat and by the service it names. */
function expliquer(lu: DossierLu, affectation: Affectation): string {
  if (affectation.origine !== 'personne' || lu.peutLireTexteDe(affectation.organisme_nom)) return affectation.libelle
  return 'choisi par une personne'
}

/** A past decision: from when to when, for all; what the service answered, for those who may read it (REP-11, ACC-06). */
function raconter(lu: DossierLu, affectation: Affectation): string {
  const { depuis, terminee_a, origine, motif, organisme_nom } = affectation
  const fin = terminee_a ? ` au ${formatDate(parisDay(terminee_a))}` : ''
  const reponse = origine !== 'personne' && motif && lu.peutLireTexteDe(organisme_nom) ? `. Motif : ${motif}` : ''
  return `Du ${formatDate(depuis)}${fin}. ${majuscule(expliquer(lu, affectation))}${reponse}.`
}

/** The rule that chose the service, the values it read, its source, and what was decided before (REP-11). */
export function PourquoiCeService({
  lu,
  droits,
  jeton,
  tout,
}: {
  lu: DossierLu
  droits: DroitsDossier
  jeton: string
  /** Past decisions open: on paper. */
  tout?: boolean
}): ReactElement {
  const { dossier, affectations } = lu
  if (dossier.masques.includes('service')) return <Reserve titre="Pourquoi ce service" id="service" />
  const vivante = affectationVivante(affectations)
  const anciennes = affectations.filter((une) => une !== vivante)
  const valeurs = ecrireValeurs(vivante?.valeurs ?? {})
  const aVerifier = Array.isArray(vivante?.valeurs.a_verifier)
    ? vivante.valeurs.a_verifier.filter((mot): mot is string => typeof mot === 'string')
    : []
  const sansService = lu.faits.find(({ type }) => type === 'dossier.non_reparti')
  const retour = `/dossiers/${dossier.reference}`
  return (
    <Carte titre="Pourquoi ce service" id="service">
      {vivante ? (
        <>
          <p>
            <b>{vivante.organisme_nom ?? 'Service inconnu'}</b>
            {vivante.rang > 0 && `, rang ${vivante.rang} de la cascade`} : {expliquer(lu, vivante)}.
          </p>
          <div className="mt2">
            <ListeSobre
              lignes={valeurs.map(({ mot, sens, valeur }) => ({
                cle: mot,
                titre: <span className="note">{sens}</span>,
                droite: <span className="fort">{valeur}</span>,
              }))}
            />
          </div>
          {(vivante.valeurs_reservees ?? 0) > 0 && (
            <p className="note">Cette règle lit aussi une donnée réservée : elle n’est pas affichée.</p>
          )}
          {aVerifier.length > 0 && (
            <p className="mt2">
              <Etiquette ton="reserve">À vérifier</Etiquette> Il manque : {ecrireMots(aVerifier)}.
            </p>
          )}
          <div className="mt2">
            <ListeDefinition
              lignes={[
                { terme: 'État', valeur: ecrireCode(libellesEtatService, vivante.etat) },
                { terme: 'Depuis le', valeur: formatDate(vivante.depuis), numerique: true },
                {
                  terme: 'Réponse avant le',
                  valeur: vivante.repondre_avant ? formatDate(vivante.repondre_avant) : null,
                  numerique: true,
                },
                {
                  terme: 'Source',
                  valeur: ecrireSource(vivante.source),
                  note: vivante.source.reserve === undefined ? undefined : `Réserve : ${vivante.source.reserve}`,
                },
                {
                  terme: 'Règles',
                  valeur:
                    vivante.version_regles === null ? null : (
                      <a href={`/regles/versions/lire?${new URLSearchParams({ v: vivante.version_regles })}`}>
                        {nommerVersion(vivante.version_regles).replace(/^la /, '')}
                      </a>
                    ),
                },
              ]}
            />
          </div>
        </>
      ) : (
        <p>
          {dossier.etat_service === 'sans_objet'
            ? 'La règle ne prévoit aucun service pour cette situation.'
            : 'Aucun service n’est désigné.'}
          {typeof sansService?.donnees.motif === 'string' && ` ${sansService.donnees.motif}`}
        </p>
      )}
      <div className="actions mt2">
        {droits.confier && (
          <Bouton petit href={`/dossiers/confier?${new URLSearchParams({ dossiers: dossier.id, retour })}`}>
            Confier à un autre service
          </Bouton>
        )}
        {droits.defaireConfier && (
          <BoutonPost
            petit
            icone="annuler"
            action="/dossiers/confier/defaire"
            jeton={jeton}
            champs={{ dossiers: dossier.id, retour }}
          >
            Défaire ce choix
          </BoutonPost>
        )}
      </div>
      {anciennes.length > 0 && (
        <div className="mt2">
          <Plus libelle={`Avant : ${pluriel(anciennes.length, 'autre décision', 'autres décisions')}`} ouvert={tout}>
            <ListeSobre
              lignes={anciennes.map((une) => ({
                cle: une.id,
                titre: `${une.organisme_nom ?? 'Aucun service'}, ${etapeCourte(une.stade)}`,
                note: raconter(lu, une),
                droite:
                  une.issue && lu.peutLireTexteDe(une.organisme_nom) ? (
                    <Etiquette>{ecrireCode(libellesIssue, une.issue)}</Etiquette>
                  ) : undefined,
              }))}
            />
          </Plus>
        </div>
      )}
    </Carte>
  )
}

const GENRES = { auto_saisine: 'Auto-saisine de la commission', vulnerabilite: 'Vulnérabilité' } as const

/** Criteria of the charter met by this dossier, each with its source and the values read. */
export function CarteCriteres({ lu }: { lu: DossierLu }): ReactElement {
  const { dossier, criteres } = lu
  if (dossier.masques.includes('criteres')) return <Reserve titre="Critères de la charte" id="criteres" />
  return (
    <Carte titre="Critères de la charte" id="criteres">
      {dossier.en_serie && (
        <p>
          <Etiquette ton="bientot">Signaux en série</Etiquette>{' '}
          {dossier.sources_6_mois > 1
            ? `${pluriel(dossier.sources_6_mois, 'organisme a signalé', 'organismes ont signalé')} ce ménage depuis six mois.`
            : 'La dette signalée augmente.'}
        </p>
      )}
      {criteres.length === 0 ? (
        <p className={dossier.en_serie ? 'mt2' : undefined}>Aucun critère n’est rempli avec ce qui est connu.</p>
      ) : (
        <div className={dossier.en_serie ? 'mt4' : undefined}>
          <ListeSobre
            lignes={criteres.map((critere) => {
              const lignes = ecrireValeurs(critere.valeurs)
              return {
                cle: `${critere.genre} ${critere.id}`,
                titre: critere.libelle,
                note: (
                  <>
                    {GENRES[critere.genre]}. {lignes.map(({ sens, valeur }) => `${sens} : ${valeur}`).join(' ; ')}
                    {lignes.length > 0 && '. '}Source : {critere.source}.
                  </>
                ),
              }
            })}
          />
        </div>
      )}
    </Carte>
  )
}
