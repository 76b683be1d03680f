/** Texts of whatever characters there are, controls too, but of no halves of them. */
import fc from 'fast-check';

const SURROGATES_FIRST = 0xd800;
const SURROGATES = 0x800;

/** As the unit `binary` of fast-check, which takes seconds to be made. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 0x10_ffff - SURROGATES })
  .map((place) => String.fromCodePoint(place < SURROGATES_FIRST ? place : place + SURROGATES));

export const anyText: fc.Arbitrary<string> = fc.string({ unit: anyCharacter });
