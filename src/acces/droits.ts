export { type Droit, droits, type Role, roles } from '#referentiel'
