Feature: Fields that go together
  Bodies with several fields, and what their order of application shows.

  @LL-PLAYER-120 @observed
  Rule: A position and filters in one body give an update each
    Sources: docs/observed/players.md#playerupdates; fixtures/recordings/playback/15_which_patch_sends_playerUpdate.json

    @LL-PLAYER-120.a @needs-http-source
    Scenario: On a track: two
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When the client updates the player with {"position": 4000, "filters": {}}
      Then the client receives 2 "playerUpdate" messages with {"guildId": "${guild}"}
      And no "playerUpdate" follows

    @LL-PLAYER-120.b
    Scenario: On an idle player: one
      Given a connected client
      And a player
      When the client updates the player with {"position": 4000, "filters": {}}
      Then the client receives "playerUpdate" with {"guildId": "${guild}", "state": {"position": 0}}
      And no "playerUpdate" follows

  @LL-PLAYER-121 @observed
  Rule: A seek without voice is shown at first and then forgotten
    Nobody takes frames from there.
    Sources: docs/observed/players.md#without-a-voice-connection; fixtures/recordings/rest/player_play_without_voice.json

    @LL-PLAYER-121.a @needs-http-source @quirk
    Scenario: The position afterwards
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When the client updates the player with {"position": 10000}
      Then the client receives "playerUpdate" with {"state": {"position": "#in [0, 10000]"}}
      And the player contains {"state": {"position": "#in [0, 10000]"}}

  @LL-PLAYER-122 @observed
  Rule: Stopping an idle player with noReplace is no error
    Sources: docs/observed/players.md#stopping; docs/observed/players.md#noreplace; document §1.4

    @LL-PLAYER-122.a
    Scenario: Nothing to stop, nothing to keep
      Given a connected client
      And a player
      When the client updates the player with query "noReplace=true" and {"track": {"encoded": null}}
      Then the answer is 200
      And the answer at "/track" is null
      And no "event" follows

  @LL-PLAYER-123 @should
  Rule: noReplace holds for the older form of naming a track
    Sources: docs/observed/players.md#noreplace

    @LL-PLAYER-123.a @needs-http-source
    Scenario: encodedTrack
      Given a connected client
      And a loaded track "tone-5s.wav" remembered as "other"
      And a playing track "tone-30s.wav"
      When the client updates the player with query "noReplace=true" and {"encodedTrack": "${other}"}
      Then the answer contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}}
      And no "event" follows

  @LL-PLAYER-124 @observed
  Rule: A channel beyond 64 bits is an internal error like one of letters
    Sources: docs/observed/players.md#voice-data

    @LL-PLAYER-124.a @quirk
    Scenario: Twenty digits
      Given a connected client
      When the client updates the player with {"voice": {"token": "t", "endpoint": "e", "sessionId": "s", "channelId": "99999999999999999999"}}
      Then the answer is 500 "Request processing failed: java.lang.NumberFormatException: For input string: "99999999999999999999""
      And the answer's header "Lavalink-Api-Version" is "4" or absent (quirk)

  @LL-PLAYER-125 @observed
  Rule: A new track puts cleanup off
    The minute counts from the start of the track that is there.
    Sources: docs/observed/players.md#without-a-voice-connection

    @LL-PLAYER-125.a @needs-http-source @slow
    Scenario: Replaced after 40 seconds
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When 40 seconds pass
      And the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackEndEvent" with {"reason": "replaced"}
      And no "TrackEndEvent" follows within 50 seconds
