import { join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { ROOT } from './source-tree.js'

const options = await extractOptions(join(ROOT, '.dependency-cruiser.mjs'))
const tsConfig: unknown = extractTsConfig(join(ROOT, 'tsconfig.json'))

/** Applies the project's dependency rule to the folders of the tree that stands at `root`. */
export async function cruiseTree(root: string, folders: readonly string[]): Promise<ICruiseResult> {
  const { output } = await cruise(
    [...folders],
    // Links stay as written: the tree of canaries borrows node_modules through one.
    { ...options, validate: true, baseDir: root },
    { symlinks: false },
    { tsConfig },
  )
  if (typeof output === 'string') throw new TypeError('the cruiser answered with a report')
  return output
}

/** What the rule forbids in the tree, a line each: the rule, who imports, what. */
export function violationsIn(result: ICruiseResult): string[] {
  return result.summary.violations
    .map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)
    .sort()
}
