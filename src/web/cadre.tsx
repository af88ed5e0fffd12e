import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { Page, type ProprietesPage } from './mise-en-page/index.tsx'
import { entreesPour } from './navigation.ts'
import type { Requete } from './route.ts'

/** A page for somebody signed in: banner, account, message of the last act. Screens give the rest. */
export function Cadre({
  requete,
  ...page
}: Omit<ProprietesPage, 'navigation' | 'compte' | 'jeton' | 'message'> & { readonly requete: Requete }): ReactElement {
  const { connecte, navigation, acteur } = requete
  const liens = [
    ...(aLeDroit(acteur, 'regle.consulter')
      ? [
          { libelle: 'Règles et critères', href: '/regles' },
          { libelle: 'Délais et seuils du droit', href: '/droit' },
        ]
      : []),
    ...(aLeDroit(acteur, 'dispositif.consulter')
      ? [{ libelle: 'Dispositifs d’accompagnement', href: '/dispositifs' }]
      : []),
    ...(aLeDroit(acteur, 'outil.employer') ? [{ libelle: 'Outils de calcul', href: '/outils' }] : []),
    ...(aLeDroit(acteur, 'matrice.consulter') ? [{ libelle: 'Ce que voit chaque rôle', href: '/acces' }] : []),
    { libelle: 'Mon compte', href: '/compte' },
    { libelle: 'Mes notifications', href: '/compte/notifications' },
    ...(aLeDroit(acteur, 'conservation.consulter')
      ? [{ libelle: 'Conservation des données', href: '/conservation' }]
      : []),
    ...(aLeDroit(acteur, 'courriel.suivre') ? [{ libelle: 'Adresses refusées', href: '/notifications/adresses' }] : []),
    { libelle: 'Aide et raccourcis', href: '/aide' },
  ]
  return (
    <Page
      navigation={entreesPour(acteur, navigation)}
      compte={{ nom: connecte.nom, fonction: connecte.fonction, liens, nonLues: navigation.notifications }}
      jeton={connecte.jetonFormulaire}
      message={navigation.message}
      recherche={
        aLeDroit(acteur, 'dossier.consulter')
          ? { action: '/dossiers', valeur: page.courante === 'accompagner' ? requete.recherche.q : undefined }
          : null
      }
      pied={{
        texte: 'Amont, prévention des expulsions',
        liens: [
          { libelle: 'Aide et raccourcis', href: '/aide' },
          { libelle: 'Accessibilité : non évaluée', href: '/aide#accessibilite' },
        ],
        mention: 'Importer ici ne vaut pas saisine : le canal légal reste EXPLOC.',
      }}
      {...page}
    />
  )
}
