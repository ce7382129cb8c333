Feature: Players come into being and go
  A player belongs to one session and one guild. Nothing creates it but a PATCH, and nothing but a
  DELETE or the end of its session removes it.

  @LL-PLAYER-001 @must
  Rule: A session begins without players
    An empty list is an empty array, so that clients can iterate without a special case.
    Sources: Lavalink docs, api/rest.md "Get Players"; docs/observed/players.md#creation-and-deletion; fixtures/recordings/rest/player_lazy_creation.json; document §5.1

    @LL-PLAYER-001.a
    Scenario: The list of a new session is empty
      Given a connected client
      When the client fetches all players
      Then the answer is 200
      And the answer is []

  @LL-PLAYER-002 @should
  Rule: A player that was never created is not found
    Reading does not create. Lavalink-Client makes a player when it is refused one; the documentation says
    what makes one, and not what reading one that is not there gives.
    Sources: Lavalink docs, api/rest.md "Get Player"; https://github.com/lavalink-devs/lavalink-client/blob/main/src/main/kotlin/dev/arbjerg/lavalink/client/LavalinkNode.kt; docs/observed/players.md#creation-and-deletion; fixtures/recordings/rest/player_lazy_creation.json

    @LL-PLAYER-002.a
    Scenario: An unknown player answers 404
      Given a connected client
      When the client fetches the player
      Then the answer is an error 404

    @LL-PLAYER-002.b @twin
    Scenario: Its valid twin, a player that was created
      Given a connected client
      And a player
      When the client fetches the player
      Then the answer is 200

    @LL-PLAYER-002.c
    Scenario: Fetching leaves the list empty
      Given a connected client
      When the client fetches the player
      And the client fetches all players
      Then the answer is []

  @LL-PLAYER-003 @must
  Rule: The first accepted PATCH creates the player, an empty one included
    There is no other way to create one.
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/players.md#creation-and-deletion; fixtures/recordings/rest/player_lazy_creation.json; document §5.1

    @LL-PLAYER-003.a
    Scenario: An empty object creates a player
      Given a connected client
      When the client updates the player with {}
      Then the answer is 200
      And the player contains {"guildId": "${guild}"}

    @LL-PLAYER-003.b
    Scenario: Several players of a session are listed
      Given a connected client
      And a player
      And a player "2"
      When the client fetches all players
      Then the answer has 2 entries

  @LL-PLAYER-004 @must
  Rule: A new player is idle at volume 100 and connected to nothing
    Every field is there from the beginning, so that clients can rely on its shape.
    Sources: Lavalink docs, api/rest.md "Player"; Lavalink docs, api/websocket.md "Player State"; docs/observed/players.md#creation-and-deletion; fixtures/recordings/rest/player_lazy_creation.json

    @LL-PLAYER-004.a
    Scenario: The whole new player
      Given a connected client
      When the client updates the player with {}
      Then the answer contains:
        """
        {
          "guildId": "${guild}",
          "track": null,
          "volume": 100,
          "paused": false,
          "state": {"time": "#now", "position": 0, "connected": false, "ping": -1},
          "voice": {"token": "#string", "endpoint": "#string", "sessionId": "#string"},
          "filters": "#object"
        }
        """

    @LL-PLAYER-004.b
    Scenario: It looks the same when it is fetched and listed
      Given a connected client
      And a player
      When the client fetches all players
      Then the answer contains [{"guildId": "${guild}", "track": null, "volume": 100, "paused": false}]
      And the player contains {"track": null, "volume": 100, "paused": false}

  @LL-PLAYER-127 @observed
  Rule: A new player has no filters, empty voice data and no channel
    The documentation gives types only.
    Sources: docs/observed/players.md#creation-and-deletion; fixtures/recordings/rest/player_lazy_creation.json

    @LL-PLAYER-127.a
    Scenario: Made by an empty update
      Given a connected client
      When the client updates the player with {}
      Then the answer at "/voice" is {"token": "", "endpoint": "", "sessionId": "", "channelId": null}
      And the answer at "/filters" is {}

  @LL-PLAYER-005 @must
  Rule: DELETE answers 204, and the player is gone
    Sources: Lavalink docs, api/rest.md "Destroy Player"; docs/observed/players.md#creation-and-deletion; fixtures/recordings/rest/player_lazy_creation.json

    @LL-PLAYER-005.d
    Scenario: The answer
      Given a connected client
      And a player
      When the client destroys the player
      Then the answer is 204

    @LL-PLAYER-005.e
    Scenario: What is left
      Given a connected client
      And a player
      And the client destroys the player
      When the client fetches all players
      Then the answer is []

    @LL-PLAYER-005.c
    Scenario: Others stay
      Given a connected client
      And a player
      And a player "2"
      When the client destroys the player
      Then player "2" contains {"guildId": "${guild.2}"}

  @LL-PLAYER-128 @observed
  Rule: DELETE answers 204 where there is no player, too
    Clients may clean up without asking first.
    Sources: docs/observed/players.md#creation-and-deletion; fixtures/recordings/rest/player_lazy_creation.json

    @LL-PLAYER-128.a
    Scenario: One that never was
      Given a connected client
      When the client destroys the player
      Then the answer is 204
      And the answer is empty

    @LL-PLAYER-128.b
    Scenario: Twice
      Given a connected client
      And a player
      And the client destroys the player
      When the client destroys the player
      Then the answer is 204

  @LL-PLAYER-006 @must
  Rule: A destroyed player can be created again, with nothing of the old one left
    The document says filters on a destroyed player answer 404; the real server makes a new player.
    Sources: Lavalink docs, api/rest.md "Update Player"; Lavalink docs, api/rest.md "Destroy Player"; docs/observed/players.md#creation-and-deletion; document §1.7.5

    @LL-PLAYER-006.a @needs-filter-volume
    Scenario: PATCH after DELETE makes a fresh player
      Given a connected client
      And the client updates the player with {"volume": 5, "filters": {"volume": 0.5}, "paused": true}
      And the client destroys the player
      When the client updates the player with {}
      Then the answer is 200
      And the answer contains {"volume": 100, "paused": false}
      And the answer at "/filters" is {}

    @LL-PLAYER-006.b @needs-filter-tremolo
    Scenario: PATCH of filters after DELETE
      Given a connected client
      And a player
      And the client destroys the player
      When the client updates the player with {"filters": {"tremolo": {"depth": 0.25}}}
      Then the answer is 200
      And the player contains {"filters": {"tremolo": {"depth": 0.25}}}

  @LL-PLAYER-007 @observed
  Rule: A guild id in a path is a signed 64-bit integer
    Anything else is refused before the session is looked at: Spring converts the path first.
    Sources: docs/observed/http.md#guild-ids; fixtures/recordings/rest/player_lazy_creation.json

    @LL-PLAYER-007.a
    Scenario Outline: Accepted: <case>
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/<guild>" with {}
      Then the answer is 200
      And the answer at "/guildId" is "<guild>"

      Examples:
        | case     | guild               |
        | zero     | 0                   |
        | negative | -1                  |
        | greatest | 9223372036854775807 |

    @LL-PLAYER-007.b
    Scenario Outline: Refused on PATCH: <case>
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/<guild>" with {}
      Then the answer is an error 400

      Examples:
        | case     | guild                |
        | letters  | abc                  |
        | too big  | 99999999999999999999 |
        | fraction | 1.5                  |
        | space    | %20                  |

    @LL-PLAYER-007.c
    Scenario Outline: Refused on GET: <case>
      Given a connected client
      When the client requests "GET /v4/sessions/${session}/players/<guild>"
      Then the answer is an error 400

      Examples:
        | case    | guild                |
        | letters | abc                  |
        | too big | 99999999999999999999 |

    @LL-PLAYER-007.d
    Scenario: A refused guild id creates nothing
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/abc" with {}
      And the client fetches all players
      Then the answer is []

    @LL-PLAYER-007.e
    Scenario Outline: A <method> about a session that nobody has
      When the client requests "<method> /v4/sessions/unknown0unknown0/players/<guild>" with {}
      Then the answer is an error <status>

      Examples:
        | case           | method | guild | status |
        | fetch number   | GET    | 1     | 404    |
        | fetch letters  | GET    | abc   | 400    |
        | update letters | PATCH  | abc   | 400    |

  @LL-PLAYER-008 @must
  Rule: A player of an unknown session is refused, whatever the request
    Clients tell a lost session by this answer and connect anew.
    Sources: Lavalink docs, api/rest.md "Error Responses"; docs/observed/players.md#refusals; docs/observed/sessions.md#updating; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-008.a
    Scenario Outline: <case>
      When the client requests "<request>" with {}
      Then the answer is a refusal

      Examples:
        | case   | request                                              |
        | list   | GET /v4/sessions/unknown0unknown0/players            |
        | fetch  | GET /v4/sessions/unknown0unknown0/players/1          |
        | update | PATCH /v4/sessions/unknown0unknown0/players/1        |
        | delete | DELETE /v4/sessions/unknown0unknown0/players/1       |

  @LL-PLAYER-009 @must
  Rule: Sessions do not see each other's players
    Two bots may be in the same guild.
    Sources: Lavalink docs, api/rest.md "Get Players"; Lavalink docs, api/rest.md "Get Player"; docs/observed/players.md#creation-and-deletion; document §1.1, §3.10

    @LL-PLAYER-009.d
    Scenario: The same guild in another session
      Given a connected client
      And a connected client "B"
      And the client updates the player with {"volume": 11}
      When client "B" fetches the player
      Then the answer at "/volume" is "#none or 100"

    @LL-PLAYER-009.a
    Scenario: The same guild in both
      Given a connected client
      And a connected client "B"
      And the client updates the player with {"volume": 11}
      When client "B" updates the player with {"volume": 22}
      Then the player contains {"volume": 11}

    @LL-PLAYER-009.b
    Scenario: Destroying one leaves the other
      Given a connected client
      And a connected client "B"
      And a player
      And client "B" updates the player with {}
      When client "B" destroys the player
      Then the player contains {"guildId": "${guild}"}
