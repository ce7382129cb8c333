Feature: Statistics over the socket
  Every session is told how its server is, without asking.

  @LL-STATS-020 @observed
  Rule: A session gets stats at once when it begins
    A client can choose a server without waiting for a minute. The documentation has them once per minute.
    Sources: docs/observed/stats.md#messages; fixtures/recordings/rest/ws_first_messages.json; document §4.1

    @LL-STATS-020.a
    Scenario: The first stats
      When a client connects
      Then the client receives "stats" with:
        """
        {
          "op": "stats",
          "players": "#integer",
          "playingPlayers": "#integer",
          "uptime": "#integer",
          "memory": {"free": "#integer", "used": "#integer", "allocated": "#integer", "reservable": "#integer"},
          "cpu": {"cores": "#integer", "systemLoad": "#number", "lavalinkLoad": "#number"}
        }
        """

    @LL-STATS-020.b
    Scenario: Only one comes
      When a client connects
      Then the client receives "stats"
      And no "stats" follows

  @LL-STATS-021 @observed
  Rule: frameStats is null as long as there is nothing to tell, and the key is there
    No player of a session that just began has played for a minute. By the documentation it is null if the node has
    no players.
    Sources: Lavalink docs, api/websocket.md "Stats Object"; docs/observed/stats.md#messages; fixtures/recordings/rest/ws_first_messages.json

    @LL-STATS-021.a
    Scenario: frameStats when a session begins
      When a client connects
      Then the client receives "stats" within 65 seconds with {"frameStats": null}

  @LL-STATS-022 @must
  Rule: stats come every minute
    Sources: Lavalink docs, api/websocket.md "Stats OP"; docs/observed/stats.md#messages; fixtures/recordings/rest/stats_cadence.json; document §4.1

    @LL-STATS-022.a @slow
    Scenario: A minute after others
      Given a connected client
      And the client receives "stats" within 65 seconds
      Then no "stats" follows within 50 seconds
      And the client receives "stats" within 13 seconds

  @LL-STATS-023 @should
  Rule: Nothing that happens brings stats early
    They are periodic only.
    Sources: Lavalink docs, api/websocket.md "Stats OP"; docs/observed/stats.md#messages; document §4.1

    @LL-STATS-023.a
    Scenario: Players come and go
      Given a connected client
      And the client receives "stats" within 65 seconds
      When the client updates the player with {}
      And the client destroys the player
      Then no "stats" follows

    @LL-STATS-023.b
    Scenario: Somebody reads them over REST
      Given a connected client
      And the client receives "stats" within 65 seconds
      When the client requests "GET /v4/stats"
      Then no "stats" follows

    @LL-STATS-023.c
    Scenario: Another session begins
      Given a connected client
      And the client receives "stats" within 65 seconds
      When client "B" connects
      Then no "stats" follows

  @LL-STATS-024 @should
  Rule: REST and socket count the same
    A message is what a request at that moment would answer.
    Sources: Lavalink docs, api/rest.md "Get Lavalink stats"; docs/observed/stats.md#messages; docs/observed/stats.md#counts; fixtures/recordings/rest/player_lazy_creation.json; document §4.2

    @LL-STATS-024.a @alone
    Scenario: Players in both
      Given a connected client
      And a player
      And a player "2"
      When the client requests "GET /v4/stats"
      And the answer at "/players" is remembered as "players"
      And the answer at "/playingPlayers" is remembered as "playing"
      And client "B" connects
      Then client "B" receives "stats" within 65 seconds with {"players": ${players}, "playingPlayers": ${playing}}
