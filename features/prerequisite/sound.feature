Feature: What everything about sound stands on
  The tracks are files of the runner's own media server on 127.0.0.1; the voice channels have the
  runner's gateway.

  @LL-PREREQUISITE-007 @must @needs-http-source
  Rule: A file of the runner's media server loads
    Sources: Lavalink docs, api/rest.md "Track Loading"; docs/observed/tracks.md#load-results

    @LL-PREREQUISITE-007.a
    Scenario: Seconds of a tone
      Then a loaded track "tone-30s.wav"

  @LL-PREREQUISITE-008 @must @needs-http-source
  Rule: A track that was loaded starts
    The player is in a voice channel of the runner, if the server joins it.
    Sources: Lavalink docs, api/rest.md "Update Player"; Lavalink docs, api/websocket.md "TrackStartEvent"; docs/observed/players.md#events

    @LL-PREREQUISITE-008.a
    Scenario: Seconds of a tone
      Given a connected client
      And a loaded track "tone-30s.wav"
      Then a playing track "tone-30s.wav"

  @LL-PREREQUISITE-009 @must @needs-voice
  Rule: The server joins the voice channel of which it is told
    Sources: Lavalink docs, api/rest.md "Voice State"; Lavalink docs, api/rest.md "Update Player"

    @LL-PREREQUISITE-009.a
    Scenario: A channel of the runner
      Given a connected client
      Then the player is in a voice channel

  @LL-PREREQUISITE-010 @must @needs-voice @needs-http-source
  Rule: What plays is heard in the voice channel
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/playback.md#packets

    @LL-PREREQUISITE-010.a
    Scenario: A tone
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the player is in a voice channel
      And the client updates the player with {"track": {"encoded": "${track}"}}
      Then the voice channel hears 25 to 1500 frames within 3 seconds

  @LL-PREREQUISITE-011 @must @profile-load-balance
  Rule: With ipBlocks there is a route planner
    Sources: Lavalink docs, api/rest.md "Get RoutePlanner status"; document §2.5

    @LL-PREREQUISITE-011.a
    Scenario: Its status can be asked for
      When the client requests "GET /v4/routeplanner/status"
      Then the answer is 200
