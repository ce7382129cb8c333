Feature: The voice data of a player
  What Discord told the bot, as far as it is checked before a connection is tried.

  @LL-PLAYER-090 @must
  Rule: All four parts of the voice data have to be filled in
    A partial voice update of Discord has no endpoint and must not be passed on.
    Sources: docs/observed/players.md#voice-data; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-090.a
    Scenario Outline: Blank: <case>
      Given a connected client
      When the client updates the player with {"voice": {"token": <token>, "endpoint": <endpoint>, "sessionId": <session>, "channelId": <channel>}}
      Then the answer is 400 "token, endpoint, sessionId and channelId must be provided in voice state"
      And the player does not exist

      Examples:
        | case         | token | endpoint | session | channel |
        | token        | ""    | "e"      | "s"     | "1"     |
        | endpoint     | "t"   | ""       | "s"     | "1"     |
        | session      | "t"   | "e"      | " "     | "1"     |
        | channel      | "t"   | "e"      | "s"     | ""      |
        | null channel | "t"   | "e"      | "s"     | null    |

  @LL-PLAYER-091 @must
  Rule: Voice data of another shape is refused
    Sources: docs/observed/players.md#voice-data; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-091.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with {"voice": <voice>}
      Then the answer is 400 "Bad Request"
      And the player does not exist

      Examples:
        | case           | voice                                                                   |
        | empty          | {}                                                                      |
        | null           | null                                                                    |
        | no session     | {"token": "t", "endpoint": "e", "channelId": "1"}                       |
        | no channel     | {"token": "t", "endpoint": "e", "sessionId": "s"}                       |
        | null token     | {"token": null, "endpoint": "e", "sessionId": "s", "channelId": "1"}    |
        | channel number | {"token": "t", "endpoint": "e", "sessionId": "s", "channelId": 1}       |

  @LL-PLAYER-092 @observed
  Rule: A channel that is no number is an internal error
    Sources: docs/observed/players.md#voice-data; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-092.a @quirk
    Scenario: Letters
      Given a connected client
      When the client updates the player with {"voice": {"token": "t", "endpoint": "e", "sessionId": "s", "channelId": "x"}}
      Then the answer is 500 "Request processing failed: java.lang.NumberFormatException: For input string: "x""
      And the answer's header "Lavalink-Api-Version" is "4" or absent (quirk)
