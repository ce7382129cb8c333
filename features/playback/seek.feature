@needs-voice @needs-http-source
Feature: Seeking in what is heard

  @LL-PLAYBACK-020 @must
  Rule: A track goes on from the position that was sought
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/playback.md#seeks

    @LL-PLAYBACK-020.a
    Scenario Outline: To <position>
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 3 seconds pass
      When the client updates the player with {"position": <position>}
      And 1 seconds pass
      And the client fetches the player
      Then the answer at "/state/position" is "#range <range>"

      Examples:
        | position | range        |
        | 20000    | 20300..22700 |
        | 1000     | 1300..3600   |

  @LL-PLAYBACK-089 @observed
  Rule: A seek gives one playerUpdate at once, and one to before the beginning goes there
    For a moment the playerUpdate may still have the old position.
    Sources: docs/observed/playback.md#seeks; docs/observed/players.md#playerupdates

    @LL-PLAYBACK-089.a
    Scenario: One
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 2 seconds pass
      When the client updates the player with {"position": 20000}
      Then the client receives "playerUpdate" with {"guildId": "${guild}", "state": {"connected": true}}
      And no message follows

    @LL-PLAYBACK-089.b
    Scenario: To -1
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 3 seconds pass
      When the client updates the player with {"position": -1}
      And 1 seconds pass
      And the client fetches the player
      Then the answer at "/state/position" is "#range 600..2500"

    @LL-PLAYBACK-089.c
    Scenario: Where nobody hears the track it tells where the track would go on
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When the client updates the player with {"position": 20000}
      Then the client receives "playerUpdate" with {"state": {"position": 20000}}

  @LL-PLAYBACK-021 @observed
  Rule: A seek beyond the end ends the track
    Sources: docs/observed/playback.md#seeks

    @LL-PLAYBACK-021.a
    Scenario: With the reason finished
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client updates the player with {"position": 60000}
      Then the client receives "TrackEndEvent" within 6 seconds with {"reason": "finished"}
      And the player contains {"track": null}

    @LL-PLAYBACK-021.b
    Scenario: Where it was before
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client updates the player with {"position": 60000}
      Then the client receives "TrackEndEvent" within 6 seconds with {"track": {"info": {"position": "#range 500..3000"}}}

  @LL-PLAYBACK-022 @must
  Rule: A track can begin at a position
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/playback.md#starts

    @LL-PLAYBACK-022.a
    Scenario: The last second of three
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-3s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": 2000}
      Then the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished"}
      And the voice channel hears 40 to 60 frames within 1.5 seconds

  @LL-PLAYBACK-023 @observed
  Rule: Positions are multiples of 20 ms, ahead of what is heard by up to 400 ms
    Sources: docs/observed/playback.md#positions

    @LL-PLAYBACK-023.a
    Scenario: After two seconds
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When 2 seconds pass
      And the client fetches the player
      Then the answer at "/state/position" is "#range 1600..2800"
      And the answer at "/state/position" is "#multiple 20"
      And the answer at "/track/info/position" is "#multiple 20"

    @LL-PLAYBACK-023.b
    Scenario: In the first playerUpdate of the timer
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      Then the client receives "playerUpdate" within 6.5 seconds with {"state": {"connected": true, "position": "#range 4400..5800"}}
      And the message at "/state/position" is "#multiple 20"

  @LL-PLAYBACK-024 @observed
  Rule: A paused player keeps its position when it is sought, and goes on from the new one
    The playerUpdate of the seek may still say where it will be: the real server's threads race.
    Sources: docs/observed/playback.md#pause

    @LL-PLAYBACK-024.a
    Scenario: Unpaused it is there
      Given a connected client
      And the player plays in a voice channel "tone-60s.wav"
      And 1 seconds pass
      And the client updates the player with {"paused": true}
      And 1 seconds pass
      And the client fetches the player
      And the answer at "/state/position" is remembered as "before"
      When the client updates the player with {"position": 30000}
      Then the answer is 200
      And the client receives "playerUpdate" with {"state": {"position": "#in [${before}, 30000]"}}
      And no message follows
      And the player contains {"paused": true, "state": {"position": ${before}}}
      When the client updates the player with {"paused": false}
      And 1.5 seconds pass
      Then the player contains {"state": {"position": "#range 30000..33000"}}

  @LL-PLAYBACK-086 @observed
  Rule: A track of which all is decoded already goes on when it is sought
    The real server decodes five seconds ahead. Once it is through, a seek only changes the position that is
    shown, up to the end: what is heard goes on as before.
    Sources: docs/observed/playback.md#seeks

    @LL-PLAYBACK-086.a @quirk
    Scenario: Back to the beginning of four seconds
      Given a connected client
      And the player plays in a voice channel "tone-4s.wav"
      And 2 seconds pass
      When the client updates the player with {"position": 500}
      Then the answer is 200
      And the client receives "TrackEndEvent" within 6 seconds with {"reason": "finished", "track": {"info": {"position": "#in [3980, 500]"}}}

  @LL-PLAYBACK-025 @observed
  Rule: A track that would begin behind its end ends at once
    Sources: docs/observed/playback.md#starts

    @LL-PLAYBACK-025.a
    Scenario: At seventy seconds of three
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-3s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": 70000}
      Then the client receives "TrackStartEvent" with {"track": {"info": {"position": 70000}}}
      And the client receives "TrackEndEvent" within 2 seconds with {"reason": "finished", "track": {"info": {"position": 0}}}

  @LL-PLAYBACK-026 @observed
  Rule: An encoded track that carries a position begins there
    The encoded track that a server shows carries the position that it had then, so it can be used to go on.
    Sources: docs/observed/playback.md#starts; docs/observed/players.md#encoded-tracks-of-a-player; fixtures/recordings/playback/01_encoded_changes_with_position.json

    @LL-PLAYBACK-026.a
    Scenario: Written by another
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "later":
        """
        {"sourceName": "http", "identifier": "${media}/tone-3s.wav", "length": 3000, "probeInfo": "wav", "position": 2000}
        """
      When the client updates the player with {"track": {"encoded": "${later}"}}
      Then the client receives "TrackStartEvent" with {"track": {"info": {"position": 2000}}}
      And the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      And the voice channel hears every frame from 2000 up to 2980 ms within 1.5 seconds

    @LL-PLAYBACK-026.b
    Scenario: Shown by the server itself
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 2 seconds pass
      And the client fetches the player
      And the answer at "/track/encoded" is remembered as "shown"
      And the answer at "/track/info/position" is remembered as "position"
      When the client updates the player with {"track": {"encoded": "${shown}"}}
      Then the client receives "TrackStartEvent" with {"track": {"info": {"position": ${position}, "uri": "${media}/tone-30s.wav"}}}

    @LL-PLAYBACK-026.c
    Scenario: A position in the body counts instead
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "later":
        """
        {"sourceName": "http", "identifier": "${media}/tone-3s.wav", "length": 3000, "probeInfo": "wav", "position": 2000}
        """
      When the client updates the player with {"track": {"encoded": "${later}"}, "position": 1000}
      Then the client receives "TrackStartEvent" with {"track": {"info": {"position": 1000}}}
      And the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      And the voice channel hears every frame from 1000 up to 2980 ms within 1.5 seconds

  @LL-PLAYBACK-027 @observed
  Rule: A track that would begin before its beginning begins at 0
    The event of its start has the position that was asked for.
    Sources: docs/observed/playback.md#starts

    @LL-PLAYBACK-027.a @quirk
    Scenario: A second before
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-3s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": -1000}
      Then the answer is 200
      And the client receives "TrackStartEvent" with {"track": {"info": {"position": "#in [-1000, 0]"}}}
      And the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      And the voice channel hears every frame up to 2980 ms within 1.5 seconds

  @LL-PLAYBACK-028 @observed
  Rule: Any whole number of 64 bits is a position
    What is shown then need not make sense, but the player can still be stopped.
    Sources: docs/observed/playback.md#seeks

    @LL-PLAYBACK-028.a
    Scenario: The greatest
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client updates the player with {"position": 9223372036854775807}
      Then the answer is 200
      When the client updates the player with {"track": {"encoded": null}}
      Then the client receives "TrackEndEvent" with {"reason": "#/finished|stopped/"}
      And the player contains {"track": null}

    @LL-PLAYBACK-028.b
    Scenario Outline: Refused, and the track goes on: <case>
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client updates the player with {"position": <value>}
      Then the answer is an error 400
      And no message follows
      And the player contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}, "state": {"position": "#range 500..3000"}}

      Examples:
        | case     | value               |
        | null     | null                |
        | fraction | 20000.5             |
        | 65 bits  | 9223372036854775808 |

  @LL-PLAYBACK-029 @observed
  Rule: A position in quotes is a position
    Sources: docs/observed/playback.md#seeks

    @LL-PLAYBACK-029.a
    Scenario: Twenty seconds
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client updates the player with {"position": "20000"}
      And 1 seconds pass
      Then the player contains {"state": {"position": "#range 20600..22500"}}

  @LL-PLAYBACK-106 @observed
  Rule: An Ogg file can begin elsewhere than at its beginning, or breaks on the real server
    The exception is about the seek, and the track ends with loadFailed.
    Sources: docs/observed/defects.md#ogg-files-that-begin-elsewhere

    @LL-PLAYBACK-106.a @quirk
    Scenario: Half a second before its end
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone.ogg"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": 2500}
      And 1 seconds pass
      Then the client receives "TrackStartEvent" with {"track": {"info": {"position": 2500}}}
      And the track ends with "finished", or with "loadFailed" (quirk)
