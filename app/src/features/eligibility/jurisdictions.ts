// Where people are resident, by ISO 3166-1: the numeric codes that the registry keeps, with the letters that browsers know
// names by.
const CODES = `032AR 036AU 040AT 056BE 076BR 100BG 124CA 152CL 156CN 170CO 191HR 196CY 203CZ 208DK 233EE 246FI 250FR 276DE
300GR 344HK 348HU 352IS 356IN 360ID 372IE 376IL 380IT 392JP 410KR 428LV 438LI 440LT 442LU 458MY 470MT 484MX 528NL 554NZ
566NG 578NO 586PK 604PE 608PH 616PL 620PT 642RO 682SA 702SG 703SK 704VN 705SI 710ZA 724ES 752SE 756CH 764TH 784AE 792TR
804UA 818EG 826GB 840US`;

export type Jurisdiction = { code: number; name: string };

let names: Intl.DisplayNames | undefined;

/** Sorted by name. */
export const jurisdictions: readonly Jurisdiction[] = CODES.split(/\s+/)
  .map((each) => ({ code: Number(each.slice(0, 3)), name: nameOf(each.slice(3)) }))
  .sort((a, b) => a.name.localeCompare(b.name, "en"));

/** The name of a numeric code; the code itself where it is none of the listed ones. */
export function jurisdictionName(code: number): string {
  return jurisdictions.find((each) => each.code === code)?.name ?? String(code);
}

function nameOf(letters: string): string {
  names ??= new Intl.DisplayNames("en", { type: "region" });
  return names.of(letters) ?? letters;
}
