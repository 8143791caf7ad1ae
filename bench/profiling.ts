/** `FOLIO_BENCH_PROFILE=folder` writes a CPU profile of every measured process there: options of Node for it. */
export function profilingOf(name: string): string[] {
  const folder = process.env['FOLIO_BENCH_PROFILE']
  if (folder === undefined || folder === '') return []
  const file = `${name}-${Date.now()}.cpuprofile`
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${file}`]
}
