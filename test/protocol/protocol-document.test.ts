import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CLOSE } from '../../src/protocol/close-codes.ts';
import { DESCRIPTION_MAX_CHARACTERS, LIMITS, TITLE_MAX_CHARACTERS } from '../../src/protocol/limits.ts';
import { AUDIO_PACKET_MAX_BYTES, AUDIO_PACKET_MIN_BYTES } from '../../src/protocol/packet.ts';
import { REST_ERRORS, VISIBILITIES } from '../../src/protocol/rest.ts';

const document = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');

/** The rows below the table's head, each a list of its cells without code marks. */
function tableUnder(head: string): string[][] {
  const [, after = ''] = document.split(`\n| ${head} |\n`);
  const [rows = ''] = after.split('\n\n');
  return rows
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => {
      const cells = row.split('|').slice(1, -1);
      return cells.map((cell) => cell.trim().replaceAll('`', ''));
    });
}

describe('PROTOCOL.md', () => {
  test('has the close codes of the code', () => {
    const rows = Object.values(CLOSE).map(({ code, name, reconnect, sentence }) => {
      return [String(code), name, reconnect === 'at-once' ? 'at once' : reconnect, sentence];
    });
    expect(tableUnder('code | name | come back | sentence')).toEqual(rows);
  });

  test('has the REST errors of the code', () => {
    const rows = Object.entries(REST_ERRORS).map(([code, { status, sentence }]) => [
      code,
      String(status),
      sentence,
    ]);
    expect(tableUnder('code | status | sentence')).toEqual(rows);
  });

  test('has the limits of the code', () => {
    const rows = Object.entries(LIMITS).map(([name, { defaultValue, unit, reason }]) => {
      return [name, String(defaultValue), unit, reason];
    });
    expect(tableUnder('setting | default | unit | reason')).toEqual(rows);
  });

  test('has the sizes and visibilities of the code', () => {
    expect(document).toContain(`${AUDIO_PACKET_MIN_BYTES} to ${AUDIO_PACKET_MAX_BYTES} bytes`);
    const fields = new Map(
      tableUnder('field | type | meaning').map(([field = '', , text = '']) => [field, text]),
    );
    expect(fields.get('title')).toContain(`at most ${TITLE_MAX_CHARACTERS} characters`);
    expect(fields.get('description')).toContain(`at most ${DESCRIPTION_MAX_CHARACTERS} characters`);
    for (const visibility of VISIBILITIES) expect(fields.get('visibility')).toContain(visibility);
  });
});
