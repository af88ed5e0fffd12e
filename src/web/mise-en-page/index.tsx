export {
  BandeauPoste,
  Boite,
  type Cle,
  type CompteAffiche,
  type EntreeNavigation,
  Page,
  PagePoste,
  PagePublique,
  type Pied,
  type ProprietesPage,
  type ProprietesPagePublique,
} from './page.tsx'
export { rendre } from './rendre.tsx'
