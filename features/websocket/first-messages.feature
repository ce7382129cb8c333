Feature: The first messages
  What a client is told when its socket opens.

  @LL-WEBSOCKET-020 @must
  Rule: A new session begins with ready, which gives the session's id
    The id is part of every REST path about players.
    Sources: Lavalink docs, api/websocket.md "Ready OP"; docs/observed/websocket.md#first-messages; fixtures/recordings/rest/ws_first_messages.json; document §3.4

    @LL-WEBSOCKET-020.a
    Scenario: ready of a new session
      When a client connects
      Then the client receives "ready" with {"op": "ready", "resumed": false, "sessionId": "#string"}

    @LL-WEBSOCKET-020.b
    Scenario: The id is good for requests at once
      Given a connected client
      When the client requests "GET /v4/sessions/${session}/players"
      Then the answer is 200
      And the answer is []

  @LL-WEBSOCKET-021 @observed
  Rule: A new session gets one stats at once
    ready and stats come in either order; a client must not rely on ready being first.
    The document says that the server sends ready first; the real server sends them in either order.
    Public documentation has stats once per minute.
    Sources: docs/observed/websocket.md#first-messages; fixtures/recordings/rest/ws_first_messages.json; fixtures/recordings/rest/session_ids.json; document §3.4, §4.1

    @LL-WEBSOCKET-021.a
    Scenario: ready and stats
      When a client connects
      Then the client receives in any order:
        | kind  | with               |
        | ready | {"resumed": false} |
        | stats |                    |

    @LL-WEBSOCKET-021.b
    Scenario: Nothing comes after them while nothing happens
      When a client connects
      Then the client receives in any order:
        | kind  | with |
        | ready |      |
        | stats |      |
      And no message follows

  @LL-WEBSOCKET-022 @observed
  Rule: A session id is 16 letters and digits
    Lower case only. Clients put it into paths as it is.
    Sources: docs/observed/websocket.md#session-ids; fixtures/recordings/rest/session_ids.json; document §5.6

    @LL-WEBSOCKET-022.a
    Scenario: The form of an id
      When a client connects
      Then the client receives "ready" with {"sessionId": "#/[a-z0-9]{16}/"}

  @LL-WEBSOCKET-023 @must
  Rule: Every connection has a session of its own
    Two connections of the same bot do not see each other's players.
    Sources: Lavalink docs, api/websocket.md "Ready OP"; docs/observed/websocket.md#session-ids; fixtures/recordings/rest/session_ids.json; document §5.6

    @LL-WEBSOCKET-023.a
    Scenario: Two connections of one user have different ids
      Given a connected client
      When client "B" connects
      Then client "B" receives "ready" with {"resumed": false, "sessionId": "#not \"${session}\""}

    @LL-WEBSOCKET-023.b
    Scenario: A player of one session is not in the other
      Given a connected client
      And a connected client "B"
      And the client updates the player with {"volume": 42}
      When client "B" fetches all players
      Then the answer is []

    @LL-WEBSOCKET-023.c
    Scenario: The same guild has a player in each
      Given a connected client
      And a connected client "B"
      And the client updates the player with {"volume": 42}
      And client "B" updates the player with {"volume": 43}
      When client "B" destroys the player
      Then the player contains {"volume": 42}

    @LL-WEBSOCKET-023.d
    Scenario: Closing one leaves the other as it is
      Given a connected client
      And a connected client "B"
      And the client drops the connection
      And the client's session ends
      When client "B" fetches all players
      Then the answer is []
      And client "B"'s ping is answered
