/** The catalogue of problems as Markdown, from the explanations that the pages show. */
import {
  type ExplainedProblem,
  PROBLEM_GROUPS,
  PROBLEM_MEMBERS,
  statusRules,
} from '../src/http/problem-explanations.js'

const HEAD = `# Problems

Every "no" over HTTP is a problem document (RFC 9457), \`application/problem+json\`. Its \`type\` is the address of a page
of the server that says what stands here. This file is written by \`npm run problems:catalogue\` from
\`src/http/problem.ts\` and \`src/http/problems/\`; a test says when it is stale.
`

const STATUS_HEAD = `## How the status is chosen

What cannot be read as a request is 400 (413 and 415 where the body is to blame), and no rule of the ledger is asked.
What is understood and refused by the ledger is one of these:
`

const RETRY = `Where \`retryable\` is true, the very same request is sent again with the same \`Idempotency-Key\`, after as many seconds
as \`Retry-After\` says where it stands. Everything else gets the same answer again until something changes.
`

export function problemCatalogue(): string {
  const sections = PROBLEM_GROUPS.flatMap(({ title, summary, problems }) => [
    `## ${title}`,
    '',
    summary,
    '',
    ...problems.map(sectionOf),
  ])
  return [HEAD, statusRuleTable(), RETRY, memberTable(), overview(), ...sections].join('\n')
}

function statusRuleTable(): string {
  const rows = statusRules().map(([status, rule]) => `| ${status} | ${rule} |`)
  return [STATUS_HEAD, '| status | when |', '|---|---|', ...rows, ''].join('\n')
}

function memberTable(): string {
  const head = ['## What every problem has', '', '| member | says |', '|---|---|']
  return [...head, ...memberRows(PROBLEM_MEMBERS), ''].join('\n')
}

function overview(): string {
  const rows = PROBLEM_GROUPS.flatMap(({ problems }) => problems).map(
    ({ code, status, retryable, title }) =>
      `| [\`${code}\`](#${code}) | ${status} | ${retryable ? 'yes' : 'no'} | ${title} |`,
  )
  const head = ['## All of them', '', '| code | status | retryable | title |', '|---|---|---|---|']
  return [...head, ...rows, ''].join('\n')
}

function sectionOf({ code, status, title, rule, members, next, rows }: ExplainedProblem): string {
  const table = ['| member | says |', '|---|---|', ...memberRows(members), '']
  return [
    `### ${code}`,
    '',
    `**${title}.** Status ${status}; ${rows.join(', ')}.`,
    '',
    rule,
    '',
    ...(Object.keys(members).length === 0 ? [] : table),
    `*What to do:* ${next}`,
    '',
  ].join('\n')
}

function memberRows(members: Readonly<Record<string, string>>): string[] {
  return Object.entries(members).map(([member, says]) => `| \`${member}\` | ${says} |`)
}
