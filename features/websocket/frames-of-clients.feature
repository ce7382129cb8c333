Feature: What a client may send
  The socket carries messages of the server only; a client asks over REST.

  @LL-WEBSOCKET-030 @should
  Rule: Text from a client does nothing, and the socket stays open
    Old clients sent their commands here. Version 4 takes none.
    Sources: Lavalink docs, changelog/v4.md "v4.0.0"; docs/observed/websocket.md#what-clients-send; document §5.9

    @LL-WEBSOCKET-030.a
    Scenario Outline: The text "<case>"
      Given a connected client
      When the client sends the text "<text>"
      Then the client's ping is answered

      Examples:
        | case    | text                |
        | word    | hello               |
        | object  | {}                  |
        | unclear | {"op":              |
        | unknown | {"op": "nonsense"}  |

    @LL-WEBSOCKET-030.b
    Scenario: A command of version 3 does nothing
      Given a connected client
      And the client updates the player with {"volume": 42}
      When the client sends the text "{"op": "volume", "guildId": "${guild}", "volume": 50}"
      Then the client's ping is answered
      And the player contains {"volume": 42}

    @LL-WEBSOCKET-030.c
    Scenario: The player that a command of version 3 names stays
      Given a connected client
      And the client updates the player with {"volume": 42}
      When the client sends the text "{"op": "destroy", "guildId": "${guild}"}"
      Then the client's ping is answered
      And the player contains {"volume": 42}

  @LL-WEBSOCKET-031 @observed
  Rule: A long text is swallowed as well
    200 kB do no harm to the socket.
    Sources: docs/observed/websocket.md#what-clients-send

    @LL-WEBSOCKET-031.a
    Scenario Outline: <bytes> bytes of text
      Given a connected client
      When the client sends <bytes> bytes of text
      Then the client's ping is answered
      When the client fetches all players
      Then the answer is []

      Examples:
        | bytes  |
        | 5000   |
        | 200000 |

  @LL-WEBSOCKET-032 @observed
  Rule: Binary from a client closes the socket with 1003
    1003 stands for data that cannot be accepted.
    Sources: docs/observed/websocket.md#what-clients-send

    @LL-WEBSOCKET-032.a @twin
    Scenario: The same as text is accepted
      Given a connected client
      When the client sends the text "hello"
      Then the client's ping is answered

    @LL-WEBSOCKET-032.b
    Scenario: Binary is not
      Given a connected client
      When the client sends the binary "hello"
      Then the socket is closed with 1003

    @LL-WEBSOCKET-032.c
    Scenario: The session is gone then
      Given a connected client
      When the client sends the binary "hello"
      Then the socket is closed with 1003
      And the client's session ends

  @LL-WEBSOCKET-033 @must
  Rule: A ping is answered with a pong
    Clients and proxies find out so that the other side is alive.
    Sources: RFC 6455 §5.5.2; docs/observed/websocket.md#what-clients-send; document §5.8

    @LL-WEBSOCKET-033.a
    Scenario: Two pings
      Given a connected client
      Then the client's ping is answered
      And the client's ping is answered

  @LL-WEBSOCKET-014 @observed
  Rule: Text from a client is not answered
    The server logs it.
    Sources: docs/observed/websocket.md#what-clients-send; document §5.9

    @LL-WEBSOCKET-014.a
    Scenario Outline: The text "<case>"
      Given a connected client
      And the client receives in any order:
        | kind  | with |
        | ready |      |
        | stats |      |
      And the client sends the text "<text>"
      When the client's ping is answered
      Then no message follows

      Examples:
        | case    | text                |
        | word    | hello               |
        | object  | {}                  |
        | unclear | {"op":              |
        | unknown | {"op": "nonsense"}  |
