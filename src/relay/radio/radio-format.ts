/** The two streams of a podcast as radio: MP3, which everything plays, and Ogg Opus, which sounds better for less. */
export const RADIO_FORMATS = ['mp3', 'opus'] as const;
export type RadioFormat = (typeof RADIO_FORMATS)[number];

export const CONTENT_TYPES: Readonly<Record<RadioFormat, string>> = { mp3: 'audio/mpeg', opus: 'audio/ogg' };
/** What `icy-br` says, in kbit/s. */
export const KILOBITS: Readonly<Record<RadioFormat, number>> = { mp3: 128, opus: 64 };
export const GENRE = 'Talk';
