Feature: Closing a session
  What is left of a session that was not made resumable when its socket ends.

  @LL-SESSION-020 @must
  Rule: A session that is not resumable is gone when its socket closes
    A close frame and a lost connection are the same.
    Sources: Lavalink docs, api/index.md "Resuming"; docs/observed/sessions.md#sessions-that-end; fixtures/recordings/rest/resume_not_enabled.json; fixtures/recordings/rest/session_patch.json; document §3.2

    @LL-SESSION-020.a
    Scenario: The client closes the socket
      Given a connected client
      When the client closes the socket
      Then the client's session ends

    @LL-SESSION-020.b
    Scenario: The connection is lost
      Given a connected client
      When the client drops the connection
      Then the client's session ends

    @LL-SESSION-020.c
    Scenario: Resuming was on and is off again
      Given a connected client
      And the client updates the session with {"resuming": true}
      And the client updates the session with {"resuming": false}
      When the client drops the connection
      Then the client's session ends

  @LL-SESSION-021 @must
  Rule: Every request about a session that is gone is 404
    A client that did not notice the end learns of it here.
    Sources: Lavalink docs, api/rest.md "Error Responses"; docs/observed/sessions.md#sessions-that-end; fixtures/recordings/rest/resume_not_enabled.json; fixtures/recordings/rest/session_patch.json

    @LL-SESSION-021.a
    Scenario: The list of players
      Given a connected client
      And a player
      And the client drops the connection
      And the client's session ends
      When the client fetches all players
      Then the answer is an error 404

    @LL-SESSION-021.b
    Scenario: A player that was there
      Given a connected client
      And a player
      And the client drops the connection
      And the client's session ends
      When the client fetches the player
      Then the answer is an error 404

    @LL-SESSION-021.c
    Scenario: An update of a player
      Given a connected client
      And a player
      And the client drops the connection
      And the client's session ends
      When the client updates the player with {"volume": 42}
      Then the answer is an error 404

    @LL-SESSION-021.d
    Scenario: Destroying a player
      Given a connected client
      And a player
      And the client drops the connection
      And the client's session ends
      When the client destroys the player
      Then the answer is an error 404

    @LL-SESSION-021.e
    Scenario: An update of the session
      Given a connected client
      And the client drops the connection
      And the client's session ends
      When the client requests "PATCH /v4/sessions/${session}" with {"resuming": true}
      Then the answer is an error 404

    @LL-SESSION-021.f @twin
    Scenario: The same while the session is open
      Given a connected client
      And a player
      When the client fetches all players
      Then the answer is 200
      And the answer has 1 entries

  @LL-SESSION-022 @must
  Rule: A client that comes back after that begins anew
    With a session that has no players.
    Sources: Lavalink docs, api/index.md "Resuming"; docs/observed/sessions.md#sessions-that-end; fixtures/recordings/rest/resume_not_enabled.json; document §3.9

    @LL-SESSION-022.a
    Scenario: It names its old session
      Given a connected client
      And a player
      And the client drops the connection
      And the client's session ends
      When client "B" connects with headers:
        | header     | value      |
        | Session-Id | ${session} |
      Then the handshake is accepted
      And client "B" receives "ready" with {"resumed": false}
      When client "B" fetches all players
      Then the answer is []

  @LL-SESSION-052 @observed
  Rule: A client that comes back after that gets another id
    The documentation says that its session is a new one, not by which id.
    Sources: docs/observed/sessions.md#sessions-that-end; fixtures/recordings/rest/resume_not_enabled.json

    @LL-SESSION-052.a
    Scenario: It names its old session
      Given a connected client
      And the client drops the connection
      And the client's session ends
      When client "B" connects with headers:
        | header     | value      |
        | Session-Id | ${session} |
      Then client "B" receives "ready" with {"sessionId": "#not \"${session}\""}

    @LL-SESSION-052.b
    Scenario: It does not
      Given a connected client
      And the client drops the connection
      And the client's session ends
      When client "B" connects
      Then client "B" receives "ready" with {"sessionId": "#not \"${session}\""}
