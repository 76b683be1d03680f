/** Chooses the language of a page by what its reader's browser asks for (RFC 9110 §12.5.4). */
import { pageTextsFor, pageTextsIn, type PageTexts } from '../../texts/page-texts.ts';

/** The most wanted of the languages that we speak; English where none is. @param accepted the header Accept-Language */
export function textsWanted(accepted: string | undefined): PageTexts {
  const wanted = (accepted ?? '')
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
      const weight = parameters.find((parameter) => parameter.toLowerCase().startsWith('q='));
      return { tag, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { tag } of wanted) {
    const texts = pageTextsIn(tag);
    if (texts) return texts;
  }
  return pageTextsFor('en');
}
