Feature: What everything else stands on
  These rules run first. What stands on one that does not hold is not tried: it would fail for a
  reason that has nothing to do with it.

  @LL-PREREQUISITE-001 @must
  Rule: The server answers GET /version
    Sources: Lavalink docs, api/rest.md "Get Lavalink version"; document §4.6

    @LL-PREREQUISITE-001.a
    Scenario: With any success
      When the client requests "GET /version"
      Then the answer is a success

  @LL-PREREQUISITE-002 @must
  Rule: The password opens GET /v4/info
    Sources: Lavalink docs, api/rest.md "Get Lavalink info"; Lavalink docs, api/rest.md "REST API"; document §4.5

    @LL-PREREQUISITE-002.a
    Scenario: With any success
      When the client requests "GET /v4/info"
      Then the answer is a success

  @LL-PREREQUISITE-003 @must
  Rule: A WebSocket opens at /v4/websocket
    Sources: Lavalink docs, api/websocket.md "Opening a connection"; document §3.4

    @LL-PREREQUISITE-003.a
    Scenario: With password, user and client name
      When a client connects
      Then the handshake is answered with 101

  @LL-PREREQUISITE-004 @must
  Rule: ready comes on the socket, with the id of a session
    Every request about players needs the id.
    Sources: Lavalink docs, api/websocket.md "Ready OP"; document §3.4

    @LL-PREREQUISITE-004.a
    Scenario: A connected client
      When a client connects
      Then the handshake is accepted

  @LL-PREREQUISITE-005 @must
  Rule: REST knows the session that ready told
    Sources: Lavalink docs, api/rest.md "Get Players"; docs/observed/players.md#creation-and-deletion

    @LL-PREREQUISITE-005.a
    Scenario: Its players can be asked for
      Given a connected client
      When the client fetches all players
      Then the answer is a success

  @LL-PREREQUISITE-006 @must
  Rule: A PATCH makes a player
    Sources: Lavalink docs, api/rest.md "Update Player"; document §5.1

    @LL-PREREQUISITE-006.a
    Scenario: With a volume
      Given a connected client
      When the client updates the player with {"volume": 100}
      Then the answer is a success

  @LL-PREREQUISITE-012 @must
  Rule: A PATCH of a session is taken
    Sources: Lavalink docs, api/rest.md "Update Session"; document §3.3

    @LL-PREREQUISITE-012.a
    Scenario: With a timeout
      Given a connected client
      When the client updates the session with {"timeout": 30}
      Then the answer is a success
