/** The same answer for people and for programs: a page where a browser asks, else JSON. */
import type { Request, Response } from 'express'
import { messagePage, type NavigationItem } from './page.js'
import { type ProblemCode, problemHead, sendProblem } from './problem.js'

export function wantsPage(request: Request): boolean {
  return request.accepts(['json', 'html']) === 'html'
}

/** A problem that a person may meet. */
export function answerProblem(
  request: Request,
  response: Response,
  { code, detail }: Readonly<{ code: ProblemCode; detail: string }>,
  navigation: readonly NavigationItem[],
): void {
  if (!wantsPage(request)) {
    sendProblem(response, code, { detail })
    return
  }
  const { status, title } = problemHead(code)
  response
    .status(status)
    .type('html')
    .send(messagePage(title, detail, navigation))
}
