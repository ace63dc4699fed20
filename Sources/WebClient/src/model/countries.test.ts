import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { countries, countriesNamed, countryOf, flagOf, groupedPhone, isPlausiblePhone, plainPhone } from "./countries";

const all = countries("en");

test("the calling code tells the country, the longest code wins", () => {
  equal(countryOf("+49 151 1", all, ""), "DE");
  equal(countryOf("+1 212", all, ""), "US");
  equal(countryOf("+1 212", all, "CA"), "CA");
  equal(countryOf("+351 9", all, ""), "PT");
  equal(countryOf("+999", all, ""), "");
});

test("numbers are grouped for the eye and sent plain", () => {
  equal(groupedPhone("+491510001234", all), "+49 151 000 123 4");
  equal(groupedPhone("+", all), "+");
  equal(groupedPhone("", all), "");
  equal(plainPhone("+49 151 000 123 4"), "+491510001234");
});

test("a number is plausible with a known code and 8 to 15 digits", () => {
  equal(isPlausiblePhone("+49 15100", all), false);
  equal(isPlausiblePhone("+49 151000", all), true);
  equal(isPlausiblePhone("+49 151 000 000 0000", all), true);
  equal(isPlausiblePhone("+49 151 000 000 00000", all), false);
  equal(isPlausiblePhone("+999 151 000 000", all), false);
});

test("a country is found by the beginning of a word of its name, by its code, and without accents", () => {
  const ids = (wanted: string) => countriesNamed(all, wanted).map(({ id }) => id);
  deepEqual(ids("germ"), ["DE"]);
  deepEqual(ids("zealand"), ["NZ"]);
  deepEqual(ids("+351"), ["PT"]);
  deepEqual(ids("cote"), ["CI"]);
  deepEqual(ids("nowhere"), []);
  equal(ids("").length, all.length);
});

test("a flag is the two letters of the country", () => {
  equal(flagOf("DE"), "\u{1f1e9}\u{1f1ea}");
});
