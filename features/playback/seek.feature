@needs-voice @needs-http-source
Feature: Seeking in what is heard

  @LL-PLAYBACK-020 @must
  Rule: A track goes on from the position that was sought
    Forward and back. A playerUpdate comes at once.
    Sources: truth.md 5; voice.md 6

    @LL-PLAYBACK-020.a
    Scenario Outline: To <position>
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 3 seconds pass
      When the client updates the player with {"position": <position>}
      Then the answer is 200
      And the client receives "playerUpdate"
      When 1 seconds pass
      And the client fetches the player
      Then the answer at "/state/position" is "#range <range>"

      Examples:
        | position | range        |
        | 20000    | 20600..22000 |
        | 1000     | 1600..3000   |
        | -1       | 600..2000    |

  @LL-PLAYBACK-021 @should
  Rule: A seek beyond the end ends the track
    Sources: truth.md 5; voice.md 6

    @LL-PLAYBACK-021.a
    Scenario: With the reason finished
      Given a connected client
      And the player plays in a voice channel "tone.flac"
      And 0.5 seconds pass
      When the client updates the player with {"position": 60000}
      Then the client receives "TrackEndEvent" within 1.5 seconds with {"reason": "finished"}

  @LL-PLAYBACK-022 @should
  Rule: A track can begin at a position
    Sources: voice.md 1, 6

    @LL-PLAYBACK-022.a
    Scenario: The last second of three
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-3s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": 2000}
      Then the client receives "TrackStartEvent" with {"track": {"info": {"position": 2000}}}
      And the client receives "TrackEndEvent" within 3 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      And the voice channel hears 48 to 50 frames within 1.5 seconds

  @LL-PLAYBACK-023 @observed
  Rule: Positions are multiples of 20 ms, ahead of what is heard by up to 400 ms
    Sources: truth.md 5; voice.md 1

    @LL-PLAYBACK-023.a
    Scenario: After two seconds
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      When 2 seconds pass
      And the client fetches the player
      Then the answer at "/state/position" is "#range 1600..2800"

  @LL-PLAYBACK-024 @observed
  Rule: A paused player keeps its position when it is sought, and goes on from the new one
    Sources: voice.md 5

    @LL-PLAYBACK-024.a
    Scenario: Unpaused it is there
      Given a connected client
      And the player plays in a voice channel "tone-60s.wav"
      And 1 seconds pass
      And the client updates the player with {"paused": true}
      And 1 seconds pass
      When the client updates the player with {"position": 30000}
      Then the answer is 200
      And the client receives "playerUpdate" with {"state": {"position": "#range ..2000"}}
      And the player contains {"paused": true, "state": {"position": "#range ..2000"}}
      When the client updates the player with {"paused": false}
      And 1.5 seconds pass
      Then the player contains {"state": {"position": "#range 30000..33000"}}

  @LL-PLAYBACK-025 @observed
  Rule: A track that would begin behind its end ends at once
    Sources: voice.md 6

    @LL-PLAYBACK-025.a
    Scenario: At seventy seconds of three
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-3s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": 70000}
      Then the client receives "TrackStartEvent" with {"track": {"info": {"position": 70000}}}
      And the client receives "TrackEndEvent" within 2 seconds with {"reason": "finished", "track": {"info": {"position": 0}}}

  @LL-PLAYBACK-026 @observed
  Rule: A new track at a negative position begins at its beginning
    Its event tells the position that was asked for.
    Sources: voice.md 6

    @LL-PLAYBACK-026.a @quirk
    Scenario: A second before
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-3s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": -1000}
      Then the answer is 200
      And the client receives "TrackStartEvent" with {"track": {"info": {"position": "#in [-1000, 0]"}}}
      And the client receives "TrackEndEvent" within 5 seconds with {"reason": "finished", "track": {"info": {"position": 2980}}}
      And the voice channel hears 149 to 150 frames within 1.5 seconds
