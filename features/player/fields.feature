Feature: Fields of a player
  Volume, pause, position and end: how they are decoded, kept and refused.

  @LL-PLAYER-020 @must
  Rule: Volume is kept and shown
    It applies to idle players too and stays for later tracks.
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/players.md#volume; fixtures/recordings/rest/player_patch_validation.json

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
      Then the answer contains {"volume": 50}

    @LL-PLAYER-020.c
    Scenario Outline: Both ends of the range: <volume>
      Given a connected client
      When the client updates the player with {"volume": <volume>}
      Then the answer is 200
      And the answer at "/volume" is <volume>

      Examples:
        | volume |
        | 0      |
        | 1000   |

  @LL-PLAYER-021 @observed @odd-input
  Rule: Volume is clamped to 0..1000
    A volume out of range is no error. The documentation gives the range only.
    Sources: docs/observed/players.md#volume; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-021.a
    Scenario Outline: <given> becomes <kept>
      Given a connected client
      When the client updates the player with {"volume": <given>}
      Then the answer is 200
      And the answer at "/volume" is <kept>

      Examples:
        | given       | kept |
        | 1001        | 1000 |
        | -1          | 0    |
        | 2147483647  | 1000 |
        | -2147483648 | 0    |

  @LL-PLAYER-022 @observed @odd-input
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
      Then the answer is an error 400

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
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/players.md#idle-players; fixtures/recordings/rest/player_patch_validation.json; document §1.1

    @LL-PLAYER-023.a
    Scenario: Paused
      Given a connected client
      When the client updates the player with {"paused": true}
      Then the answer contains {"paused": true}
      And the player contains {"paused": true}

    @LL-PLAYER-023.c
    Scenario: And not paused again
      Given a connected client
      And the client updates the player with {"paused": true}
      When the client updates the player with {"paused": false}
      Then the answer contains {"paused": false}

  @LL-PLAYER-129 @observed
  Rule: A value of another type than the field has is refused
    The documentation gives the types, and does not say what becomes of other values.
    Sources: docs/observed/http.md#bodies; docs/observed/http.md#numbers-and-booleans; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-129.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with <body>
      Then the answer is an error 400

      Examples:
        | case             | body                               |
        | pause null       | {"paused": null}                   |
        | pause number     | {"paused": 1}                      |
        | pause word       | {"paused": "yes"}                  |
        | pause object     | {"paused": {}}                     |
        | end time word    | {"endTime": "x"}                   |
        | userData text    | {"track": {"userData": "x"}}       |
        | userData null    | {"track": {"userData": null}}      |
        | userData array   | {"track": {"userData": [1]}}       |
        | channel number   | {"voice": {"token": "t", "endpoint": "localhost:1", "sessionId": "s", "channelId": 1}} |

  @LL-PLAYER-131 @observed
  Rule: A body that is refused before anything is applied makes no player
    Sources: docs/observed/players.md#creation-and-deletion; docs/observed/players.md#the-order-of-one-update; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-131.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with <body>
      And the client fetches all players
      Then the answer is []

      Examples:
        | case        | body                                            |
        | not decoded | {"volume": "loud"}                              |
        | end time    | {"endTime": 0, "volume": 7}                     |
        | two tracks  | {"track": {"encoded": "QAAA", "identifier": "x"}} |

  @LL-PLAYER-024 @should
  Rule: Pausing twice is the same as once
    Sources: docs/observed/players.md#idle-players; document §1.3

    @LL-PLAYER-024.a @needs-http-source
    Scenario: A paused track stays paused, without an event
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with {"paused": true}
      And the client updates the player with {"paused": true}
      Then the answer contains {"paused": true, "track": {"info": {"uri": "${media}/tone-30s.wav"}}}
      And no "event" follows

  @LL-PLAYER-025 @observed @odd-input
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
      Then the answer is an error 400

      Examples:
        | case     | value |
        | null     | null  |
        | fraction | 1.5   |
        | word     | "x"   |

  @LL-PLAYER-026 @must @odd-input
  Rule: An end time has to be greater than 0
    The documentation says so, and has 0 in an example: either will do for 0 itself.
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/players.md#refusals; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-026.a
    Scenario Outline: Refused: <value>
      Given a connected client
      When the client updates the player with {"endTime": <value>}
      Then the answer is a refusal

      Examples:
        | value  |
        | -1     |
        | -50000 |

    @LL-PLAYER-026.b
    Scenario: The valid twin
      Given a connected client
      When the client updates the player with {"endTime": 1}
      Then the answer is 200

    @LL-PLAYER-026.c
    Scenario: Null is accepted
      Given a connected client
      When the client updates the player with {"endTime": null}
      Then the answer is 200

  @LL-PLAYER-139 @observed
  Rule: An end time of 0 is refused
    Sources: docs/observed/players.md#refusals; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-139.a
    Scenario: Zero
      Given a connected client
      When the client updates the player with {"endTime": 0}
      Then the answer is an error 400

  @LL-PLAYER-027 @must
  Rule: Unknown fields are ignored
    Newer clients can talk to older servers. Lavalink's own protocol module ignores them.
    Sources: https://github.com/lavalink-devs/Lavalink/blob/4.2.2/protocol/src/commonMain/kotlin/dev/arbjerg/lavalink/protocol/v4/mapper.kt; docs/observed/http.md#bodies; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-027.a
    Scenario: Fields that no server knows
      Given a connected client
      When the client updates the player with {"unknownField": {"deep": [1]}, "guildId": "1", "volume": 9}
      Then the answer is 200
      And the answer contains {"guildId": "${guild}", "volume": 9}

  @LL-PLAYER-028 @must
  Rule: A body that is no JSON is refused
    Sources: Lavalink docs, api/rest.md "Update Player"; Lavalink docs, api/rest.md "Error Responses"; docs/observed/http.md#bodies; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-028.c
    Scenario: It is cut off
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/${guild}" with {"volume": 50
      Then the answer is a refusal

    @LL-PLAYER-028.b @twin
    Scenario: The valid twin
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/${guild}" with {"volume": 50}
      Then the answer is 200

  @LL-PLAYER-138 @observed
  Rule: A body that is JSON but no object is refused
    The documentation does not say what becomes of it.
    Sources: docs/observed/http.md#bodies; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-138.a
    Scenario Outline: <case>
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/${guild}" with <body>
      Then the answer is an error 400

      Examples:
        | case   | body |
        | array  | []   |
        | number | 5    |
        | null   | null |
        | text   | "x"  |

  @LL-PLAYER-029 @observed
  Rule: Of a key that stands twice the last one counts
    Sources: docs/observed/http.md#bodies

    @LL-PLAYER-029.a
    Scenario: Two volumes
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/${guild}" with {"volume": 10, "volume": 20}
      Then the answer is 200
      And the answer at "/volume" is 20
