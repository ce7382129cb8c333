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

  @LL-WEBSOCKET-310 @observed
  Rule: Text that is no UTF-8 closes the socket with 1007
    The client learns what was wrong. A letter may be cut in two by the end of a frame, but not by
    the end of a message.
    Sources: RFC 6455 §8.1; docs/observed/websocket.md#frames-that-break-the-protocol

    @LL-WEBSOCKET-310.a
    Scenario Outline: <case>
      Given a connected client
      When the client sends the bytes "<bytes>"
      Then the socket is closed with 1007

      Examples:
        | case      | bytes                                     |
        | no letter | 81 81 00 00 00 00 ff                      |
        | surrogate | 81 83 00 00 00 00 ed a0 80                |
        | overlong  | 81 82 00 00 00 00 c0 80                   |
        | cut off   | 81 81 00 00 00 00 c3                      |
        | frames    | 01 81 00 00 00 00 c3 80 81 00 00 00 00 78 |
        | reason    | 88 83 00 00 00 00 03 e8 ff                |

    @LL-WEBSOCKET-310.b @twin
    Scenario: A letter in two frames
      Given a connected client
      When the client sends the bytes "01 81 00 00 00 00 c3 80 81 00 00 00 00 a9"
      Then the client's ping is answered

  @LL-WEBSOCKET-311 @observed
  Rule: A frame that breaks the protocol closes the socket with 1002
    Sources: RFC 6455 §5; RFC 6455 §7.4; docs/observed/websocket.md#frames-that-break-the-protocol

    @LL-WEBSOCKET-311.a
    Scenario Outline: <case>
      Given a connected client
      When the client sends the bytes "<bytes>"
      Then the socket is closed with 1002

      Examples:
        | case           | bytes                                     |
        | unmasked       | 81 01 78                                  |
        | reserved bit   | c1 81 00 00 00 00 78                      |
        | unknown kind   | 83 81 00 00 00 00 78                      |
        | unknown order  | 8b 80 00 00 00 00                         |
        | no beginning   | 80 81 00 00 00 00 78                      |
        | two beginnings | 01 81 00 00 00 00 78 81 81 00 00 00 00 78 |
        | ping in parts  | 09 80 00 00 00 00                         |
        | half a code    | 88 81 00 00 00 00 03                      |
        | low code       | 88 82 00 00 00 00 03 e7                   |
        | reserved code  | 88 82 00 00 00 00 03 ed                   |
        | high code      | 88 82 00 00 00 00 13 88                   |

    @LL-WEBSOCKET-311.b @twin
    Scenario: The same as it should be
      Given a connected client
      When the client sends the bytes "01 81 00 00 00 00 78 89 80 00 00 00 00 80 81 00 00 00 00 78"
      Then the client's ping is answered
