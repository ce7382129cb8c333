Feature: What refusals say
  The documentation promises no sentence. That something is refused is what other rules are about.

  @LL-PLAYER-126 @observed
  Rule: Refusals have the sentences of the real server
    People find them in the logs of their bots, and look them up.
    Sources: docs/observed/players.md#refusals; docs/observed/players.md#creation-and-deletion; docs/observed/http.md#bodies; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-126.a
    Scenario Outline: An update with <case>
      Given a connected client
      When the client updates the player with <body>
      Then the answer is 400 "<message>"

      Examples:
        | case                         | body                                                   | message                                               |
        | an end time of 0             | {"endTime": 0}                                         | End time must be greater than 0                       |
        | a track named twice          | {"track": {"encoded": "QAAA", "identifier": "x"}}      | Cannot specify both encodedTrack and identifier       |
        | the older form named twice   | {"encodedTrack": "QAAA", "identifier": "x"}            | Cannot specify both encodedTrack and identifier       |
        | both forms                   | {"encodedTrack": "QAAA", "track": {"encoded": "QAAA"}} | Cannot specify both track and encodedTrack/identifier |
        | an identifier of nothing     | {"track": {"identifier": "no such thing"}}             | No matches found for identifier                       |
        | a channel that is null       | {"voice": {"token": "t", "endpoint": "localhost:1", "sessionId": "s", "channelId": null}} | token, endpoint, sessionId and channelId must be provided in voice state |
        | a volume that is no number   | {"volume": "loud"}                                     | Bad Request                                           |

    @LL-PLAYER-126.d @needs-http-source
    Scenario: Nothing at that address
      Given a connected client
      When the client updates the player with {"track": {"identifier": "${media}/missing.mp3"}}
      Then the answer is 400 "No matches found for identifier"

    @LL-PLAYER-126.b
    Scenario: A player that is not there
      Given a connected client
      When the client fetches the player
      Then the answer is 404 "Player not found"

    @LL-PLAYER-126.c
    Scenario: Players of a session that nobody has
      When the client requests "GET /v4/sessions/unknown0unknown0/players"
      Then the answer is 404 "Session not found"
