/** Which text of the commitment is in force. Changing the text changes this, and everyone accepts it anew. */
export const ENGAGEMENT_VERSION = '2026-11'
