Feature: Requests that are no handshake
  What a client is told that has a User-Id and the password, but does not
  ask for a WebSocket as it should.

  @LL-WEBSOCKET-300 @observed
  Rule: A request that does not upgrade is told why, and that nothing was resumed
    The reason is a text without a Content-Type.
    Sources: docs/observed/compared.md#handshakes

    @LL-WEBSOCKET-300.a
    Scenario Outline: <case>
      Given the next request has headers:
        | header  | value     |
        | User-Id | ${user}   |
        | Upgrade | <upgrade> |
      When the client requests "GET /v4/websocket"
      Then the answer is 400
      And the answer is the text "<text>"
      And the answer's header "Session-Resumed" is "false"
      And the answer's header "Content-Type" is absent

      Examples:
        | case       | upgrade   | text                                 |
        | upgrade    | (absent)  | Can "Upgrade" only to "WebSocket".   |
        | other      | nonsense  | Can "Upgrade" only to "WebSocket".   |
        | connection | websocket | "Connection" must be "upgrade".      |

  @LL-WEBSOCKET-302 @observed
  Rule: Another method than GET is 405 without a body, once the User-Id is there
    The User-Id is looked at first.
    Sources: docs/observed/compared.md#handshakes

    @LL-WEBSOCKET-302.a
    Scenario Outline: <method> with a User-Id
      Given the next request has headers:
        | header  | value   |
        | User-Id | ${user} |
      When the client requests "<method> /v4/websocket"
      Then the answer is 405
      And the answer is empty
      And the answer's header "Allow" is "GET"
      And the answer's header "Session-Resumed" is "false"

      Examples:
        | case   | method |
        | post   | POST   |
        | put    | PUT    |
        | delete | DELETE |
        | head   | HEAD   |
        | ask    | OPTIONS |

    @LL-WEBSOCKET-302.b
    Scenario: POST without one
      When the client requests "POST /v4/websocket"
      Then the answer is 400
      And the answer is empty

  @LL-WEBSOCKET-312 @observed
  Rule: A User-Id of 0 is refused however it is spelled
    Sources: docs/observed/websocket.md#handshake

    @LL-WEBSOCKET-312.a
    Scenario Outline: <case>
      When a client connects with headers:
        | header  | value  |
        | User-Id | <user> |
      Then the handshake is refused with 400

      Examples:
        | case  | user |
        | two   | 00   |
        | minus | -0   |
        | plus  | +0   |

    @LL-WEBSOCKET-312.b
    Scenario Outline: <case> is another
      When a client connects with headers:
        | header  | value  |
        | User-Id | <user> |
      Then the handshake is accepted

      Examples:
        | case          | user |
        | plus          | +5   |
        | leading zeros | 007  |
