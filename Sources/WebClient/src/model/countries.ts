// Calling codes. The names come from the browser in the person's language.

export interface Country {
  /** ISO 3166 code of two letters. */
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

const table =
  "AF93 AL355 DZ213 AD376 AO244 AR54 AM374 AW297 AU61 AT43 AZ994 BH973 BD880 BY375 BE32 BZ501 BJ229 BT975 BO591 BA387 BW267 " +
  "BR55 BN673 BG359 BF226 BI257 KH855 CM237 CA1 CV238 CF236 TD235 CL56 CN86 CO57 KM269 CG242 CD243 CR506 CI225 HR385 CU53 CY357 " +
  "CZ420 DK45 DJ253 EC593 EG20 SV503 GQ240 ER291 EE372 SZ268 ET251 FO298 FJ679 FI358 FR33 GA241 GM220 GE995 DE49 GH233 GI350 " +
  "GR30 GL299 GT502 GN224 GW245 GY592 HT509 HN504 HK852 HU36 IS354 IN91 ID62 IR98 IQ964 IE353 IL972 IT39 JP81 JO962 KZ7 KE254 " +
  "KW965 KG996 LA856 LV371 LB961 LS266 LR231 LY218 LI423 LT370 LU352 MO853 MG261 MW265 MY60 MV960 ML223 MT356 MR222 MU230 MX52 " +
  "MD373 MC377 MN976 ME382 MA212 MZ258 MM95 NA264 NP977 NL31 NZ64 NI505 NE227 NG234 KP850 MK389 NO47 OM968 PK92 PS970 PA507 PG675 " +
  "PY595 PE51 PH63 PL48 PT351 QA974 RO40 RU7 RW250 WS685 SM378 ST239 SA966 SN221 RS381 SC248 SL232 SG65 SK421 SI386 SB677 SO252 " +
  "ZA27 KR82 SS211 ES34 LK94 SD249 SR597 SE46 CH41 SY963 TW886 TJ992 TZ255 TH66 TL670 TG228 TO676 TN216 TR90 TM993 UG256 UA380 " +
  "AE971 GB44 US1 UY598 UZ998 VU678 VE58 VN84 YE967 ZM260 ZW263";

/** Every country that we know, by name. */
export function countries(language: string): readonly Country[] {
  const names = displayNames(language);
  return table
    .split(" ")
    .map((item) => {
      const id = item.slice(0, 2);
      return { id, code: item.slice(2), name: names(id) };
    })
    .sort((a, b) => a.name.localeCompare(b.name, language));
}

/** Those of `all` of whose name a word begins with `wanted`, or whose code does; with accents or without. */
export function countriesNamed(all: readonly Country[], wanted: string): readonly Country[] {
  const plain = withoutAccents(wanted.trim());
  if (plain === "") return all;
  const digits = plain.replace(/^\+/, "");
  if (/^\d+$/.test(digits)) return all.filter(({ code }) => code.startsWith(digits));
  return all.filter(({ id, name }) => {
    const words = withoutAccents(name);
    return words.startsWith(plain) || words.includes(` ${plain}`) || id.toLowerCase() === plain;
  });
}

/** A flag as two letters of the country's id, which the system draws; some draw the letters. */
export function flagOf(id: string): string {
  const letterA = 0x1f1e6;
  return [...id].map((letter) => String.fromCodePoint(letterA + letter.charCodeAt(0) - 65)).join("");
}

function withoutAccents(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The country whose code a number in international form begins with; the longest code wins. */
export function countryOf(phone: string, all: readonly Country[], current: string): string {
  const digits = phone.replace(/\D/g, "");
  const fitting = all.filter((country) => digits.startsWith(country.code));
  const longest = Math.max(0, ...fitting.map((country) => country.code.length));
  const best = fitting.filter((country) => country.code.length === longest);
  const shared = [current, "US", "RU"].find((id) => best.some((country) => country.id === id));
  return shared ?? best[0]?.id ?? "";
}

/** The number as the cluster wants it: a plus and digits. */
export function plainPhone(phone: string): string {
  return `+${phone.replace(/\D/g, "")}`;
}

/** Whether a number may be one: a known calling code, 8 to 15 digits in all. */
export function isPlausiblePhone(phone: string, all: readonly Country[]): boolean {
  const digits = phone.replace(/\D/g, "");
  return digits.length >= 8 && digits.length <= 15 && countryOf(phone, all, "") !== "";
}

/** Digits in groups of three after the code, for the eye. */
export function groupedPhone(phone: string, all: readonly Country[]): string {
  const digits = phone.replace(/\D/g, "");
  if (digits === "") return phone.startsWith("+") ? "+" : "";
  const code = all.find((country) => country.id === countryOf(phone, all, ""))?.code ?? "";
  const rest = digits.slice(code.length).replace(/(\d{3})(?=\d)/g, "$1 ");
  return code === "" ? `+${digits}` : `+${code} ${rest}`.trimEnd();
}

function displayNames(language: string): (id: string) => string {
  try {
    const names = new Intl.DisplayNames([language, "en"], { type: "region" });
    return (id) => names.of(id) ?? id;
  } catch {
    return (id) => id;
  }
}
