// Makes a sentence of what a library gives as a clause: `votes are taken from … on`. Pure.
export function sentence(clause: string): string {
  const text = clause.trim();
  const first = text.startsWith("0x") ? "0x" : text.slice(0, 1).toUpperCase();
  return `${first}${text.slice(first.length)}${/[.!?]$/.test(text) ? "" : "."}`;
}
