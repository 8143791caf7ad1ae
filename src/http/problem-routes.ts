/** `GET /problems` and `GET /problems/{code}`: where the `type` of a problem leads, and what it explains (H2). */
import { Router } from 'express'
import { type NavigationItem, textPage, type TextSection } from './page.js'
import { problemHead } from './problem.js'
import { answerProblem, wantsPage } from './problem-page.js'
import {
  explainedProblem,
  type ExplainedProblem,
  PROBLEM_GROUPS,
  PROBLEM_MEMBERS,
  statusRuleOf,
  statusRules,
} from './problem-explanations.js'

/** Asked without an API key: whoever was told no may read why. */
export function problemRoutes(navigation: readonly NavigationItem[]): Router {
  const router = Router()
  router.get('/problems', (request, response) => {
    if (wantsPage(request)) {
      response.type('html').send(indexPage(navigation))
      return
    }
    const problems = PROBLEM_GROUPS.flatMap((group) => group.problems)
    response.json({
      members: PROBLEM_MEMBERS,
      statusRule: Object.fromEntries(statusRules()),
      problems: problems.map(({ code }) => problemHead(code)),
    })
  })
  router.get('/problems/:code', (request, response) => {
    const problem = explainedProblem(request.params.code)
    if (problem === null) {
      const detail = 'There is no problem of this name. /problems lists all that there are.'
      answerProblem(request, response, { code: 'not_found', detail }, navigation)
    } else if (wantsPage(request)) response.type('html').send(problemPage(problem, navigation))
    else response.json(problem)
  })
  return router
}

function indexPage(navigation: readonly NavigationItem[]): string {
  const groups = PROBLEM_GROUPS.map(({ title, summary, problems }) => ({
    heading: title,
    text: summary,
    terms: problems.map(({ code, status, title: rule, type }) => ({
      term: code,
      text: `${status}: ${rule}`,
      href: type,
    })),
  }))
  const sections = [
    { heading: 'How the Status Is Chosen', terms: statusTerms() },
    { heading: 'What Every Problem Has', terms: termsOf(PROBLEM_MEMBERS) },
    ...groups,
  ]
  const summary = 'Every no is a problem document (RFC 9457); its type leads to one of these.'
  return textPage({ title: 'Problems', summary, sections }, navigation)
}

function problemPage(problem: ExplainedProblem, navigation: readonly NavigationItem[]): string {
  const { title, code, status, retryable, rule, members, next, rows } = problem
  const again = retryable
    ? 'the same request may be accepted later'
    : 'asking again unchanged is no remedy by itself'
  const statusRule = statusRuleOf(problem)
  const sections: TextSection[] = [
    { heading: 'The Rule', text: rule },
    ...(Object.keys(members).length === 0
      ? []
      : [{ heading: 'What the Answer Says Beside', terms: termsOf(members) }]),
    { heading: 'What to Do', text: next },
    ...(statusRule === null ? [] : [{ heading: `Why ${status}`, text: statusRule }]),
    { heading: 'Asked For By', text: `Features ${rows.join(', ')}.` },
  ]
  const summary = `\`${code}\`, status ${status}; ${again}.`
  return textPage({ title, summary, sections }, navigation)
}

function statusTerms() {
  return statusRules().map(([status, text]) => ({ term: status.toString(), text }))
}

function termsOf(members: Readonly<Record<string, string>>) {
  return Object.entries(members).map(([term, text]) => ({ term, text }))
}
