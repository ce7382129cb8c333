Feature: The voice data of a player
  What Discord told the bot, as far as it is checked before a connection is tried.

  @LL-PLAYER-090 @observed
  Rule: All four parts of the voice data have to be filled in
    A partial voice update of Discord has no endpoint. The documentation requires the parts, and says nothing
    of empty ones.
    Sources: docs/observed/players.md#voice-data; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-090.a
    Scenario Outline: Blank: <case>
      Given a connected client
      When the client updates the player with {"voice": {"token": <token>, "endpoint": <endpoint>, "sessionId": <session>, "channelId": <channel>}}
      Then the answer is an error 400

      Examples:
        | case     | token | endpoint      | session | channel |
        | token    | ""    | "localhost:1" | "s"     | "1"     |
        | endpoint | "t"   | ""            | "s"     | "1"     |
        | session  | "t"   | "localhost:1" | " "     | "1"     |
        | channel  | "t"   | "localhost:1" | "s"     | ""      |

  @LL-PLAYER-091 @should
  Rule: Voice data without token, endpoint or session are refused
    They are what a connection takes. That a body without is refused, and not ignored, the documentation does not say.
    Sources: Lavalink docs, api/rest.md "Voice State"; docs/observed/players.md#voice-data; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-091.b
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with {"voice": <voice>}
      Then the answer is a refusal

      Examples:
        | case        | voice                                                           |
        | empty       | {}                                                              |
        | no token    | {"endpoint": "localhost:1", "sessionId": "s", "channelId": "1"} |
        | no endpoint | {"token": "t", "sessionId": "s", "channelId": "1"}              |
        | no session  | {"token": "t", "endpoint": "localhost:1", "channelId": "1"}     |

  @LL-PLAYER-140 @observed
  Rule: The channel is required too, and no part can be null
    The documentation says that the channel is required, but its example of an update has none.
    Sources: docs/observed/players.md#voice-data; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-140.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with {"voice": <voice>}
      Then the answer is an error 400

      Examples:
        | case         | voice                                                                          |
        | null         | null                                                                           |
        | no channel   | {"token": "t", "endpoint": "localhost:1", "sessionId": "s"}                    |
        | null token   | {"token": null, "endpoint": "localhost:1", "sessionId": "s", "channelId": "1"} |
        | null channel | {"token": "t", "endpoint": "localhost:1", "sessionId": "s", "channelId": null} |

  @LL-PLAYER-092 @observed
  Rule: A channel that is no number is an internal error
    Sources: docs/observed/players.md#voice-data; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-092.a @quirk
    Scenario: Letters
      Given a connected client
      When the client updates the player with {"voice": {"token": "t", "endpoint": "e", "sessionId": "s", "channelId": "x"}}
      Then the answer is 500 "Request processing failed: java.lang.NumberFormatException: For input string: "x""
      And the answer's header "Lavalink-Api-Version" is "4" or absent (quirk)

  @LL-PLAYER-124 @observed
  Rule: A channel beyond 64 bits is an internal error like one of letters
    Sources: docs/observed/players.md#voice-data

    @LL-PLAYER-124.a @quirk
    Scenario: Twenty digits
      Given a connected client
      When the client updates the player with {"voice": {"token": "t", "endpoint": "e", "sessionId": "s", "channelId": "99999999999999999999"}}
      Then the answer is 500 "Request processing failed: java.lang.NumberFormatException: For input string: "99999999999999999999""
      And the answer's header "Lavalink-Api-Version" is "4" or absent (quirk)
