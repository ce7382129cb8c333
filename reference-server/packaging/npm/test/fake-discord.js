// As much of Discord as a client needs: who joins a voice channel is told its session and server.

export const guild = "7";
export const bot = "1";

/** What Discord sends after a bot has asked (op 4) for a voice channel. */
export function voiceEvents({ guild_id, channel_id }) {
  if (!channel_id) return [];
  return [
    { t: "VOICE_STATE_UPDATE", d: { guild_id, channel_id, user_id: bot, session_id: "s" } },
    { t: "VOICE_SERVER_UPDATE", d: { guild_id, endpoint: "voice1.test:443", token: "t" } },
  ];
}
