@needs-voice @needs-http-source
Feature: playerUpdates of a track that is heard

  @LL-PLAYBACK-080 @observed
  Rule: A track that starts in a voice channel gives two playerUpdates with the position of its start
    One from the PATCH and one from the new timer; either may come before the event. One of them may be
    late enough to have counted frames, or fall between the seek to the position and the first frame, where
    the real server says 0. Once in thousands of starts the real server leaves it out.
    Sources: docs/observed/playback.md#starts; docs/observed/players.md#playerupdates; fixtures/recordings/unplayed/15_order_race_start.json; fixtures/recordings/playback/01_encoded_changes_with_position.json

    @LL-PLAYBACK-080.a @quirk
    Scenario Outline: From <position>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": <position>}
      Then the client receives in any order, the last row or not (quirk):
        | kind            | with                                                                                              |
        | TrackStartEvent | {"guildId": "${guild}", "track": {"info": {"position": <position>}}}                              |
        | playerUpdate    | {"guildId": "${guild}", "state": {"time": "#now", "connected": true, "position": "#range <range>"}} |
        | playerUpdate    | {"guildId": "${guild}", "state": {"time": "#now", "connected": true, "position": "#range <other>"}} |
      And no message follows within 2 seconds

      Examples:
        | position | range        | other              |
        | 0        | 0..600       | 0..600             |
        | 20000    | 20000..20600 | 0..0, 20000..20600 |

  @LL-PLAYBACK-081 @observed
  Rule: The interval counts from the start of the track, also when a voice channel comes later
    Sources: docs/observed/players.md#without-a-voice-connection; fixtures/recordings/playback/01_track_then_voice.json

    @LL-PLAYBACK-081.a
    Scenario: Two seconds later
      Given a connected client
      And player "2" is in a voice channel
      And a track that nobody hears "tone-30s.wav"
      And 2 seconds pass
      When the player is in a voice channel
      Then the client receives "playerUpdate" within 4 seconds with {"guildId": "${guild}", "state": {"connected": true, "position": "#range 1500..3500"}}

  @LL-PLAYBACK-082 @observed
  Rule: A voice channel and a track in one body give three playerUpdates
    Two of the start and one when the gateway is ready, in any order. Once in thousands of starts the real
    server leaves one out.
    Sources: docs/observed/players.md#playerupdates; fixtures/recordings/playback/01_voice_and_track_in_one_patch.json

    @LL-PLAYBACK-082.a @quirk
    Scenario: Three and no fourth
      Given a connected client
      And a voice channel
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"voice": ${voice}, "track": {"encoded": "${track}"}}
      Then the client receives in any order:
        | kind            | with                                                  |
        | TrackStartEvent | {"guildId": "${guild}"}                               |
        | playerUpdate    | {"guildId": "${guild}", "state": {"connected": true}} |
        | playerUpdate    | {"guildId": "${guild}", "state": {"connected": true}} |
      And one more "playerUpdate" follows, or none (quirk), with {"guildId": "${guild}", "state": {"connected": true}}
      And no message follows within 2 seconds

  @LL-PLAYBACK-083 @must
  Rule: In a voice channel too playerUpdates come every five seconds, and show how far the track is
    Sources: Lavalink docs, api/websocket.md "Player Update OP"; Lavalink docs, api/websocket.md "Player State"; docs/observed/players.md#playerupdates; fixtures/recordings/playback/01_play_cadence.json

    @LL-PLAYBACK-083.b @slow
    Scenario: Two of them
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      Then the client receives "playerUpdate" within 6.5 seconds with {"guildId": "${guild}", "state": {"time": "#now", "connected": true, "position": "#range 500..7500"}}
      And no "playerUpdate" follows within 3 seconds
      And the client receives "playerUpdate" within 3.5 seconds with {"guildId": "${guild}", "state": {"time": "#now", "connected": true, "position": "#range 4500..13500"}}

  @LL-PLAYBACK-095 @observed
  Rule: In a voice channel too a replaced track takes its interval with it
    Sources: docs/observed/players.md#playerupdates; fixtures/recordings/playback/01_play_cadence.json

    @LL-PLAYBACK-095.a
    Scenario: A track that is replaced after three seconds
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 3 seconds pass
      And the client updates the player with {"track": {"encoded": "${track}"}}
      And the client receives "playerUpdate"
      When 1 seconds pass
      Then at most 1 "playerUpdate" messages follow within 2 seconds
      And the client receives "playerUpdate" within 3.5 seconds with {"state": {"connected": true, "position": "#range 4200..6000"}}
