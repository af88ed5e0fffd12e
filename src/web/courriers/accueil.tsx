import type { ReactElement } from 'react'
import { acteurSysteme, aLeDroit, ouvrirSession } from '#acces'
import { proposerCourriersDus } from '#commission'
import {
  compterCourriers,
  type EtatCourrier,
  type LotCourrier,
  lireEntete,
  listerLots,
  modelesDe,
  tientUneEntete,
} from '#courriers'
import { type ModeleCourrier, STADES_REGLES } from '#referentiel'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Bouton,
  BoutonPost,
  EtatVide,
  Etiquette,
  Message,
  Pile,
  Section,
  Tableau,
  type Ton,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseLot, adresseModele, situerModele, trierModeles } from './libelles.ts'

type Compte = Awaited<ReturnType<typeof compterCourriers>>[number]

/** Where a batch stands: what was told to have left is no longer merely ready. */
function direEtatLot({ etat, restants, envoye_le }: LotCourrier): { readonly ton: Ton; readonly texte: string } {
  if (etat === 'en_cours') return { ton: 'info', texte: 'En production' }
  if (envoye_le === null) return { ton: 'info', texte: 'Prêt à envoyer' }
  if (restants > 0) return { ton: 'bientot', texte: 'Envoyé en partie' }
  return { ton: 'tenu', texte: `Envoyé le ${formatDate(envoye_le)}` }
}

/** GET /courriers: every kind of letter the organisme sends with what waits, and the last batches. */
export async function montrerCourriers(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  const [comptes, lots, entete] = await Promise.all([
    compterCourriers(session),
    listerLots(session),
    lireEntete(session),
  ])
  const modeles = trierModeles(modelesDe(session), STADES_REGLES)
  const envoyer = aLeDroit(acteur, 'courrier.envoyer')
  const trouver = (modele: string, etat: EtatCourrier): Compte | undefined =>
    comptes.find((compte) => compte.modele === modele && compte.etat === etat)
  const lien = (modele: ModeleCourrier, etat: EtatCourrier) => {
    const n = trouver(modele.code, etat)?.n ?? 0
    return n === 0 ? '0' : <a href={adresseModele(modele.code, etat)}>{formatNombre(n)}</a>
  }
  const aRelire = comptes.filter(({ etat }) => etat === 'propose').reduce((somme, { n }) => somme + n, 0)
  return page(
    <Cadre
      requete={requete}
      titre="Courriers"
      courante="courriers"
      large
      chapo="Chaque courrier est proposé quand son événement arrive. Rien ne part sans qu’une personne le produise et le dise envoyé."
      actions={
        <>
          {envoyer && (
            <BoutonPost petit action="/courriers/preparer" jeton={requete.connecte.jetonFormulaire}>
              Chercher les nouveaux courriers
            </BoutonPost>
          )}
          <Bouton petit href="/courriers/registre">
            Registre
          </Bouton>
          {tientUneEntete(session) && envoyer && (
            <Bouton petit href="/courriers/en-tete">
              En-tête
            </Bouton>
          )}
          <Bouton petit href="/courriers/catalogue">
            Lire les modèles
          </Bouton>
          {aLeDroit(acteur, 'modele.consulter') && (
            <Bouton petit href="/modeles">
              Adapter les modèles
            </Bouton>
          )}
        </>
      }
    >
      <Pile>
        {tientUneEntete(session) && entete === null && envoyer && (
          <Message
            ton="bientot"
            action={
              <Bouton petit href="/courriers/en-tete">
                Écrire l’en-tête
              </Bouton>
            }
          >
            <p>
              <b>Votre organisme n’a pas encore d’en-tête.</b> Sans lui, aucun courrier ne peut être imprimé : nom,
              adresse, téléphone où le destinataire peut répondre.
            </p>
          </Message>
        )}
        <Section titre="À relire et à envoyer" compte={pluriel(aRelire, 'courrier à relire', 'courriers à relire')}>
          <Tableau
            legende="Courriers par modèle et par état"
            largeur="moyen"
            lignes={modeles}
            cle={({ code }) => code}
            vide="Aucun modèle de courrier n’est prévu pour votre organisme."
            colonnes={[
              {
                cle: 'modele',
                titre: 'Courrier',
                principale: true,
                large: true,
                rendre: (modele) => (
                  <>
                    <a href={adresseModele(modele.code)}>{modele.libelle}</a>
                    <small>{situerModele(modele)}</small>
                  </>
                ),
              },
              { cle: 'propose', titre: 'À relire', numerique: true, rendre: (modele) => lien(modele, 'propose') },
              {
                cle: 'attente',
                titre: 'Incomplets',
                note: 'adresse ou condition',
                numerique: true,
                rendre: ({ code }) => formatNombre(trouver(code, 'propose')?.incomplets ?? 0),
              },
              { cle: 'produit', titre: 'Prêts', numerique: true, rendre: (modele) => lien(modele, 'produit') },
              { cle: 'envoye', titre: 'Envoyés', numerique: true, rendre: (modele) => lien(modele, 'envoye') },
              { cle: 'revenu', titre: 'Revenus', numerique: true, rendre: (modele) => lien(modele, 'revenu') },
            ]}
          />
        </Section>
        <Section titre="Derniers lots">
          {lots.length === 0 ? (
            <EtatVide titre="Aucun lot produit" niveau={3}>
              Un lot naît quand on produit les courriers relus d’un modèle.
            </EtatVide>
          ) : (
            <Lots lots={lots} modeles={session.referentiel.courriers} />
          )}
        </Section>
        <Message ton="neutre">
          <p>Ces courriers préviennent et orientent. Ils ne remplacent aucun acte, et aucune démarche dans EXPLOC.</p>
        </Message>
      </Pile>
    </Cadre>,
  )
}

function Lots({
  lots,
  modeles,
}: {
  lots: readonly LotCourrier[]
  modeles: ReadonlyMap<string, ModeleCourrier>
}): ReactElement {
  return (
    <Tableau
      legende="Lots produits, du plus récent au plus ancien"
      largeur="moyen"
      lignes={lots}
      cle={({ id }) => id}
      colonnes={[
        {
          cle: 'lot',
          titre: 'Lot',
          principale: true,
          rendre: (lot) => <a href={adresseLot(lot.id)}>{modeles.get(lot.modele)?.libelle ?? lot.modele}</a>,
        },
        { cle: 'a', titre: 'Lancé', rendre: ({ a }) => formatInstant(a) },
        { cle: 'total', titre: 'Courriers', numerique: true, rendre: ({ total }) => formatNombre(total) },
        {
          cle: 'etat',
          titre: 'État',
          rendre: (lot) => {
            const { ton, texte } = direEtatLot(lot)
            return <Etiquette ton={ton}>{texte}</Etiquette>
          },
        },
      ]}
    />
  )
}

/** POST /courriers/preparer: what the morning does, now. It is the work of the system: each organisme gets the letters of its own dossiers. */
export async function preparer({ application, session: { dept } }: Requete): Promise<Reponse> {
  return {
    genre: 'redirection',
    vers: '/courriers',
    message: { texte: 'Recherche faite : les courriers dus sont proposés ci-dessous.', ton: 'tenu' },
    apres: async () => {
      await ouvrirSession(
        application,
        acteurSysteme(dept, 'proposer-courriers'),
        'courrier.envoyer',
        proposerCourriersDus,
      )
    },
  }
}
