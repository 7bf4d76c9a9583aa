/** `loan-terms-1-year` as people read it: `Loan terms 1 year`. */
export function documentTitle(name: string): string {
  const spaced = name.replaceAll("-", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
