/** A6: who was forgotten, a page at a time. */
import type { ForgottenSubjectRow } from '../read-model/schema.js'
import { listPage, type Page, type PageRequest, type ReadDatabase } from './list-page.js'

export function forgottenSubjects(
  db: ReadDatabase,
  page: PageRequest,
): Promise<Page<ForgottenSubjectRow>> {
  return listPage(db, { projection: 'forgotten_subjects', order: 'asc', filter: {} }, page)
}
