// A table as comma-separated values after RFC 4180. What a spreadsheet would take for a formula is kept from being one.

export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows
    .map((row) => row.map(field).join(","))
    .join("\r\n")
    .concat("\r\n");
}

function field(text: string): string {
  const plain = /^-?\d/.test(text) ? text : text.replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
