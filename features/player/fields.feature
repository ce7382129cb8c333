Feature: Fields of a player
  Volume, pause, position and end: how they are decoded, kept and refused.

  @LL-PLAYER-020 @must
  Rule: Volume is kept and shown
    It applies to idle players too and stays for later tracks.
    Sources: docs/observed/players.md#volume; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-020.a
    Scenario: A volume is answered and kept
      Given a connected client
      When the client updates the player with {"volume": 50}
      Then the answer contains {"volume": 50}
      And the player contains {"volume": 50}

    @LL-PLAYER-020.b
    Scenario: What is left out stays
      Given a connected client
      And the client updates the player with {"volume": 50}
      When the client updates the player with {"paused": true}
      Then the answer contains {"volume": 50, "paused": true}

  @LL-PLAYER-021 @must
  Rule: Volume is clamped to 0..1000
    A volume out of range is no error.
    Sources: docs/observed/players.md#volume; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-021.a
    Scenario Outline: <given> becomes <kept>
      Given a connected client
      When the client updates the player with {"volume": <given>}
      Then the answer is 200
      And the answer at "/volume" is <kept>

      Examples:
        | given       | kept |
        | 0           | 0    |
        | 1000        | 1000 |
        | 1001        | 1000 |
        | -1          | 0    |
        | 2147483647  | 1000 |
        | -2147483648 | 0    |

  @LL-PLAYER-022 @observed
  Rule: A number or boolean may stand in quotes; an integer has no fraction and at most 32 bits
    Some client libraries send everything as text.
    Sources: docs/observed/http.md#numbers-and-booleans; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-022.a
    Scenario: A quoted volume is taken as its number
      Given a connected client
      When the client updates the player with {"volume": "50"}
      Then the answer is 200
      And the answer at "/volume" is 50

    @LL-PLAYER-022.b
    Scenario Outline: Refused: <case>
      Given a connected client
      When the client updates the player with {"volume": <value>}
      Then the answer is 400 "Bad Request"
      And the player does not exist

      Examples:
        | case     | value      |
        | fraction | 1.5        |
        | 33 bits  | 2147483648 |
        | null     | null       |
        | object   | {}         |
        | boolean  | true       |
        | word     | "loud"     |

    @LL-PLAYER-022.c
    Scenario: A quoted boolean is taken as its value
      Given a connected client
      When the client updates the player with {"paused": "true"}
      Then the answer is 200
      And the answer at "/paused" is true

  @LL-PLAYER-023 @must
  Rule: An idle player can be paused and keeps it
    The document says that an idle player is not paused; the real server keeps the flag.
    Sources: docs/observed/players.md#idle-players; fixtures/recordings/rest/player_patch_validation.json; document §1.1

    @LL-PLAYER-023.a
    Scenario: Paused and not paused
      Given a connected client
      When the client updates the player with {"paused": true}
      Then the answer contains {"track": null, "paused": true}
      When the client updates the player with {"paused": false}
      Then the answer contains {"track": null, "paused": false}

    @LL-PLAYER-023.b
    Scenario Outline: Refused: <case>
      Given a connected client
      When the client updates the player with {"paused": <value>}
      Then the answer is 400 "Bad Request"
      And the player does not exist

      Examples:
        | case   | value |
        | null   | null  |
        | number | 1     |
        | word   | "yes" |
        | object | {}    |

  @LL-PLAYER-024 @should
  Rule: Pausing twice is the same as once
    Sources: docs/observed/players.md#idle-players; document §1.3

    @LL-PLAYER-024.a @needs-http-source
    Scenario: A paused track stays paused, without an event
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with {"paused": true}
      And the client updates the player with {"paused": true}
      Then the answer contains {"paused": true, "track": {"info": {"length": 30000}}}
      And no "event" follows

  @LL-PLAYER-025 @observed
  Rule: A position without a track is ignored
    Sources: docs/observed/players.md#idle-players; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-025.a
    Scenario Outline: Position <position> on an idle player
      Given a connected client
      When the client updates the player with {"position": <position>}
      Then the answer is 200
      And the answer at "/state/position" is 0
      And no "playerUpdate" follows

      Examples:
        | position |
        | 1000     |
        | -1       |
        | "7000"   |

    @LL-PLAYER-025.b
    Scenario Outline: Refused: <case>
      Given a connected client
      When the client updates the player with {"position": <value>}
      Then the answer is 400 "Bad Request"

      Examples:
        | case     | value |
        | null     | null  |
        | fraction | 1.5   |
        | word     | "x"   |

  @LL-PLAYER-026 @must
  Rule: An end time has to be greater than 0
    It is checked before anything of the body is applied.
    Sources: docs/observed/players.md#refusals; docs/observed/players.md#the-order-of-one-update; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-026.a
    Scenario Outline: Refused: <value>
      Given a connected client
      When the client updates the player with {"endTime": <value>, "volume": 7}
      Then the answer is 400 "End time must be greater than 0"
      And the player does not exist

      Examples:
        | value |
        | 0     |
        | -5    |

    @LL-PLAYER-026.b
    Scenario: The valid twin
      Given a connected client
      When the client updates the player with {"endTime": 1, "volume": 7}
      Then the answer is 200
      And the player contains {"volume": 7}

    @LL-PLAYER-026.c
    Scenario: Null is accepted
      Given a connected client
      When the client updates the player with {"endTime": null}
      Then the answer is 200

    @LL-PLAYER-026.d
    Scenario: Text that is no number is refused
      Given a connected client
      When the client updates the player with {"endTime": "x"}
      Then the answer is 400 "Bad Request"

  @LL-PLAYER-027 @must
  Rule: Unknown fields are ignored
    Newer clients can talk to older servers.
    Sources: docs/observed/http.md#bodies; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-027.a
    Scenario: Fields that no server knows
      Given a connected client
      When the client updates the player with {"unknownField": {"deep": [1]}, "guildId": "1", "volume": 9}
      Then the answer is 200
      And the answer contains {"guildId": "${guild}", "volume": 9}

  @LL-PLAYER-028 @must
  Rule: A body that is not a JSON object is refused
    Sources: docs/observed/http.md#bodies; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-028.a
    Scenario Outline: <case>
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/${guild}" with <body>
      Then the answer is 400 "Bad Request"
      And the player does not exist

      Examples:
        | case           | body             |
        | array          | []               |
        | number         | 5                |
        | null           | null             |
        | text           | "x"              |
        | cut off        | {"volume": 50    |
        | trailing comma | {"volume": 50,}  |
        | single quotes  | {'volume': 50}   |
        | no quotes      | {volume: 50}     |
        | more after it  | {"volume": 50} x |

    @LL-PLAYER-028.b @twin
    Scenario: The valid twin
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/${guild}" with {"volume": 50}
      Then the answer is 200

  @LL-PLAYER-029 @observed
  Rule: Of a key that stands twice the last one counts
    Sources: docs/observed/http.md#bodies

    @LL-PLAYER-029.a
    Scenario: Two volumes
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/${guild}" with {"volume": 10, "volume": 20}
      Then the answer is 200
      And the answer at "/volume" is 20
