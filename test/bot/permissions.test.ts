import { expect, test } from 'vitest';
import { INVITE_PERMISSION_BITS, inviteUrl } from '../../src/bot/permissions.ts';

test('the invite asks for what the bot uses and nothing else', () => {
  // View Channel, Send Messages, Embed Links, Connect, Speak, Use Voice Activity, Change Nickname, Request to Speak,
  // Set Voice Channel Status: as Discord's own calculator adds them up.
  expect(INVITE_PERMISSION_BITS).toBe(281_479_375_506_432n);
});

test('the invite link names application, scopes and permissions', () => {
  const { searchParams } = new URL(inviteUrl('1234'));
  expect(Object.fromEntries(searchParams)).toEqual({
    client_id: '1234',
    scope: 'bot applications.commands',
    permissions: '281479375506432',
  });
});
