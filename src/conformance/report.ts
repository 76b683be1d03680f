/** The findings as a table for a terminal. */
import type { Finding, Outcome } from './run.ts';

const GAP = '  ';

/** One line a demand: section, what is demanded, `ok` or what was seen instead; last how many are which. */
export function report(findings: readonly Finding[]): string[] {
  const sectionWidth = Math.max(...findings.map(({ section }) => section.length));
  const demandWidth = Math.max(...findings.map(({ demand }) => demand.length));
  const rows = findings.map((finding) =>
    [finding.section.padEnd(sectionWidth), finding.demand.padEnd(demandWidth), resultOf(finding)].join(GAP),
  );
  const count = (result: Outcome['result']): number =>
    findings.filter((finding) => finding.result === result).length;
  return [...rows, `${count('kept')} kept, ${count('broken')} broken, ${count('not tried')} not tried`];
}

/** 0 only when every demand was tried and kept. */
export function exitStatusOf(findings: readonly Finding[]): 0 | 1 {
  return findings.length > 0 && findings.every(({ result }) => result === 'kept') ? 0 : 1;
}

function resultOf(outcome: Outcome): string {
  if (outcome.result === 'kept') return 'ok';
  const what = outcome.result === 'broken' ? 'BROKEN' : 'not tried';
  return `${what}: ${oneLine(outcome.sentence)}`;
}

/** What a relay sent is quoted in these sentences: nothing of it may move the terminal's cursor. */
function oneLine(sentence: string): string {
  return sentence.replaceAll(/\p{Cc}+/gu, ' ');
}
