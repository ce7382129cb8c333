Feature: Players come into being and go
  A player belongs to one session and one guild. Nothing creates it but a PATCH, and nothing but a
  DELETE or the end of its session removes it.

  @LL-PLAYER-001 @must
  Rule: A session begins without players
    An empty list is an empty array, so that clients can iterate without a special case.
    Sources: docs/observed/players.md#creation-and-deletion; fixtures/recordings/rest/player_lazy_creation.json; document §5.1

    @LL-PLAYER-001.a
    Scenario: The list of a new session is empty
      Given a connected client
      When the client fetches all players
      Then the answer is 200
      And the answer is []

  @LL-PLAYER-002 @must
  Rule: A player that was never created is not found
    Reading does not create.
    Sources: docs/observed/players.md#creation-and-deletion; fixtures/recordings/rest/player_lazy_creation.json

    @LL-PLAYER-002.a
    Scenario: An unknown player answers 404
      Given a connected client
      When the client fetches the player
      Then the answer is 404 "Player not found"

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
    Sources: docs/observed/players.md#creation-and-deletion; fixtures/recordings/rest/player_lazy_creation.json; document §5.1

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
  Rule: A new player is idle at volume 100, connected to nothing and without filters
    Every field is there from the beginning, so that clients can rely on its shape.
    Sources: docs/observed/players.md#creation-and-deletion; fixtures/recordings/rest/player_lazy_creation.json

    @LL-PLAYER-004.a
    Scenario: The whole new player
      Given a connected client
      When the client updates the player with {}
      Then the answer is:
        """
        {
          "guildId": "${guild}",
          "track": null,
          "volume": 100,
          "paused": false,
          "state": {"time": "#now", "position": 0, "connected": false, "ping": -1},
          "voice": {"token": "", "endpoint": "", "sessionId": "", "channelId": null},
          "filters": {}
        }
        """

    @LL-PLAYER-004.b
    Scenario: It looks the same when it is fetched and listed
      Given a connected client
      And a player
      When the client fetches all players
      Then the answer contains [{"guildId": "${guild}", "track": null, "volume": 100, "paused": false, "filters": {}}]
      And the player contains {"track": null, "volume": 100, "paused": false, "filters": {}}

  @LL-PLAYER-005 @must
  Rule: DELETE answers 204, whether there was a player or not
    Clients may clean up without asking first.
    Sources: docs/observed/players.md#creation-and-deletion; fixtures/recordings/rest/player_lazy_creation.json

    @LL-PLAYER-005.a
    Scenario: An unknown player
      Given a connected client
      When the client destroys the player
      Then the answer is 204
      And the answer is empty

    @LL-PLAYER-005.b
    Scenario: A known player, twice
      Given a connected client
      And a player
      When the client destroys the player
      Then the answer is 204
      And the player does not exist
      When the client destroys the player
      Then the answer is 204

    @LL-PLAYER-005.c
    Scenario: Others stay
      Given a connected client
      And a player
      And a player "2"
      When the client destroys the player
      Then player "2" contains {"guildId": "${guild.2}"}

  @LL-PLAYER-006 @must
  Rule: A destroyed player can be created again, with nothing of the old one left
    The document says filters on a destroyed player answer 404; the real server makes a new player.
    Sources: docs/observed/players.md#creation-and-deletion; document §1.7.5

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
      When the client updates the player with {"filters": {"tremolo": {}}}
      Then the answer is 200
      And the player contains {"filters": {"tremolo": {"depth": 0.5}}}

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
      Then the answer is 400 "Bad Request"

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
      Then the answer is 400 "Bad Request"

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
      Then the answer is <status> "<message>"

      Examples:
        | case           | method | guild | status | message           |
        | fetch number   | GET    | 1     | 404    | Session not found |
        | fetch letters  | GET    | abc   | 400    | Bad Request       |
        | update letters | PATCH  | abc   | 400    | Bad Request       |

  @LL-PLAYER-008 @must
  Rule: A player of an unknown session is not found, whatever the request
    Clients tell a lost session by this answer and connect anew.
    Sources: docs/observed/players.md#refusals; docs/observed/sessions.md#updating; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-008.a
    Scenario Outline: <case>
      When the client requests "<request>" with {}
      Then the answer is 404 "Session not found"

      Examples:
        | case   | request                                              |
        | list   | GET /v4/sessions/unknown0unknown0/players            |
        | fetch  | GET /v4/sessions/unknown0unknown0/players/1          |
        | update | PATCH /v4/sessions/unknown0unknown0/players/1        |
        | delete | DELETE /v4/sessions/unknown0unknown0/players/1       |

  @LL-PLAYER-009 @must
  Rule: Sessions do not see each other's players
    Two bots may be in the same guild.
    Sources: docs/observed/players.md#creation-and-deletion; document §1.1, §3.10

    @LL-PLAYER-009.a
    Scenario: The same guild in two sessions
      Given a connected client
      And a connected client "B"
      And the client updates the player with {"volume": 11}
      When client "B" fetches the player
      Then the answer is 404 "Player not found"
      When client "B" updates the player with {"volume": 22}
      Then the player contains {"volume": 11}

    @LL-PLAYER-009.b
    Scenario: Destroying one leaves the other
      Given a connected client
      And a connected client "B"
      And a player
      And client "B" updates the player with {}
      When client "B" destroys the player
      Then the answer is 204
      And the player contains {"guildId": "${guild}"}
