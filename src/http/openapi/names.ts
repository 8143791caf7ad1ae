/** `post-invoice` → `PostInvoice`; of an address, `/reports/trial-balance` → `ReportsTrialBalance`. */
export function pascalCase(name: string): string {
  return name
    .split(/[-/]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

/** `post-invoice` → `postInvoice` */
export function camelCase(name: string): string {
  const pascal = pascalCase(name)
  return pascal.charAt(0).toLowerCase() + pascal.slice(1)
}
