// Joins class names; what is falsy falls away.
export function classes(...names: (string | false | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
