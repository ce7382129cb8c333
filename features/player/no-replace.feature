Feature: noReplace
  Queue systems start a track only if nothing else is playing.

  @LL-PLAYER-070 @must
  Rule: With noReplace a loaded track stays
    The body's track is skipped and the answer shows the player as it is.
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/players.md#noreplace; fixtures/recordings/rest/player_replace_and_noreplace.json; document §1.4

    @LL-PLAYER-070.a @needs-http-source
    Scenario: The new track is skipped
      Given a connected client
      And a loaded track "tone-5s.wav" remembered as "other"
      And a playing track "tone-30s.wav"
      When the client updates the player with query "noReplace=true" and {"track": {"encoded": "${other}"}}
      Then the answer is 200
      And the answer contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}}
      And no "event" follows

    @LL-PLAYER-070.b @twin @needs-http-source
    Scenario: The twin without it replaces
      Given a connected client
      And a loaded track "tone-5s.wav" remembered as "other"
      And a playing track "tone-30s.wav"
      When the client updates the player with query "noReplace=false" and {"track": {"encoded": "${other}"}}
      Then the answer contains {"track": {"info": {"uri": "${media}/tone-5s.wav"}}}
      And the client receives "TrackEndEvent" with {"reason": "replaced"}

    @LL-PLAYER-070.c @needs-http-source
    Scenario: A paused track counts as loaded
      Given a connected client
      And a loaded track "tone-5s.wav" remembered as "other"
      And a playing track "tone-30s.wav"
      And the client updates the player with {"paused": true}
      When the client updates the player with query "noReplace=true" and {"track": {"encoded": "${other}"}}
      Then the answer contains {"paused": true, "track": {"info": {"uri": "${media}/tone-30s.wav"}}}

  @LL-PLAYER-071 @must
  Rule: With noReplace an idle player plays
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/players.md#noreplace; fixtures/recordings/playback/07_stop_replace_noreplace.json; document §1.4

    @LL-PLAYER-071.a @needs-http-source
    Scenario: Nothing is loaded
      Given a connected client
      And the player may be heard
      And a loaded track "tone-30s.wav"
      When the client updates the player with query "noReplace=true" and {"track": {"encoded": "${track}"}}
      Then the answer contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}}
      And the client receives "TrackStartEvent"

    @LL-PLAYER-071.b @needs-http-source @needs-voice
    Scenario: From the position of the body to its end time
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-30s.wav"
      When the client updates the player with query "noReplace=true" and {"track": {"encoded": "${track}"}, "position": 9000, "endTime": 9500}
      Then the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished"}
      And the voice channel hears 15 to 35 frames within 1.5 seconds

  @LL-PLAYER-072 @observed
  Rule: A skipped track is not even looked at
    Sources: docs/observed/players.md#noreplace

    @LL-PLAYER-072.a @needs-http-source
    Scenario Outline: <case>
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with query "noReplace=true" and {"track": <track>}
      Then the answer is 200
      And the answer contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}}

      Examples:
        | case       | track                       |
        | garbage    | {"encoded": "garbage!!"}    |
        | identifier | {"identifier": "no such"}   |

  @LL-PLAYER-073 @observed
  Rule: Stopping is skipped too
    Clients that always send noReplace cannot stop a player with it.
    Sources: docs/observed/players.md#noreplace; fixtures/recordings/rest/player_replace_and_noreplace.json

    @LL-PLAYER-073.a @needs-http-source
    Scenario: A null track with noReplace
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with query "noReplace=true" and {"track": {"encoded": null}}
      Then the answer contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}}
      And no "event" follows

  @LL-PLAYER-074 @observed
  Rule: Volume and filters of a skipped body apply; pause, position, end and userData do not
    The document calls the whole PATCH a no-op.
    Sources: docs/observed/players.md#noreplace; fixtures/recordings/rest/player_replace_and_noreplace.json; document §1.4

    @LL-PLAYER-074.a @needs-http-source @needs-filter-tremolo
    Scenario: What applies and what does not
      Given a connected client
      And a loaded track "tone-5s.wav" remembered as "other"
      And a track that nobody hears "tone-30s.wav"
      When the client updates the player with query "noReplace=true" and:
        """
        {
          "track": {"encoded": "${other}", "userData": {"a": 1}},
          "volume": 33, "filters": {"tremolo": {"depth": 0.3}},
          "paused": true, "position": 4000, "endTime": 5000
        }
        """
      Then the answer is 200
      And the answer contains {"volume": 33, "filters": {"tremolo": {"depth": 0.3}}, "paused": false, "state": {"position": 0}, "track": {"info": {"uri": "${media}/tone-30s.wav"}}}
      And the answer at "/track/userData" is {}
      And the client receives "playerUpdate" with {"guildId": "${guild}", "state": {"position": 0}}
      And no message follows

    @LL-PLAYER-074.b @needs-http-source @needs-voice
    Scenario: While the track is heard
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client updates the player with query "noReplace=true" and {"track": {"encoded": "${track}"}, "paused": true, "position": 20000, "endTime": 3000, "volume": 70}
      Then the answer is 200
      And the answer contains {"paused": false, "volume": 70, "state": {"position": "#range 500..2500"}}
      And no message follows
      And no "event" follows within 3 seconds
      And the player contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}, "state": {"position": "#range 3000..15000"}}

  @LL-PLAYER-075 @observed
  Rule: Without a track in the body noReplace has no effect
    Sources: docs/observed/players.md#noreplace

    @LL-PLAYER-075.a @needs-http-source
    Scenario: Pausing with noReplace
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with query "noReplace=true" and {"paused": true}
      Then the answer contains {"paused": true}

    @LL-PLAYER-075.b @needs-http-source
    Scenario: userData without a track, and a pause beside it
      Given a connected client
      And a playing track "tone-30s.wav"
      And the client updates the player with {"paused": true}
      When the client updates the player with query "noReplace=true" and {"track": {"userData": {"x": 2}}, "paused": false}
      Then the answer contains {"paused": false, "track": {"userData": {"x": 2}, "info": {"uri": "${media}/tone-30s.wav"}}}
      And no "event" follows

  @LL-PLAYER-076 @observed
  Rule: noReplace takes the spellings of a Spring boolean
    Client libraries send Python's and JavaScript's spellings.
    Sources: docs/observed/players.md#noreplace; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-076.a @needs-http-source
    Scenario Outline: <value> is <meaning>
      Given a connected client
      And a loaded track "tone-5s.wav" remembered as "other"
      And a playing track "tone-30s.wav"
      When the client updates the player with query "noReplace=<value>" and {"track": {"encoded": "${other}"}}
      Then the answer is 200
      And the answer at "/track/info/uri" is "${media}/<plays>"

      Examples:
        | value | meaning | plays        |
        | true  | yes     | tone-30s.wav |
        | True  | yes     | tone-30s.wav |
        | TRUE  | yes     | tone-30s.wav |
        | on    | yes     | tone-30s.wav |
        | yes   | yes     | tone-30s.wav |
        | 1     | yes     | tone-30s.wav |
        | false | no      | tone-5s.wav  |
        | False | no      | tone-5s.wav  |
        | off   | no      | tone-5s.wav  |
        | no    | no      | tone-5s.wav  |
        | 0     | no      | tone-5s.wav  |

    @LL-PLAYER-076.b
    Scenario Outline: Refused: <case>
      Given a connected client
      When the client updates the player with query "noReplace=<value>" and {}
      Then the answer is an error 400

      Examples:
        | case  | value |
        | word  | maybe |
        | two   | 2     |
        | empty |       |

  @LL-PLAYER-077 @observed
  Rule: Voice data of a skipped body apply
    Sources: docs/observed/players.md#noreplace

    @LL-PLAYER-077.a @needs-http-source @needs-voice
    Scenario: A track is loaded, then a voice channel is joined
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      And a voice channel
      When the client updates the player with query "noReplace=true" and {"track": {"encoded": null}, "voice": ${voice}}
      Then the answer is 200
      And the answer contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}, "state": {"connected": true}}
      And the voice gateway sees "identify"

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
