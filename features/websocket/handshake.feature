Feature: The WebSocket handshake
  A client opens /v4/websocket with its password, the id of its bot
  and, if it likes, its name.

  @LL-WEBSOCKET-001 @must
  Rule: A handshake with Authorization and User-Id is accepted
    The socket brings everything that a client does not ask for.
    Sources: Lavalink docs, api/websocket.md "Opening a connection"; docs/observed/websocket.md#handshake; fixtures/recordings/rest/ws_handshake.json; fixtures/recordings/rest/ws_first_messages.json

    @LL-WEBSOCKET-001.a
    Scenario: The usual headers
      When a client connects
      Then the handshake is accepted

  @LL-WEBSOCKET-002 @must
  Rule: Without the right password the handshake is refused
    Which status says so is another matter (LL-WEBSOCKET-034).
    Sources: Lavalink docs, api/websocket.md "Opening a connection"; docs/observed/websocket.md#handshake; fixtures/recordings/rest/ws_handshake.json

    @LL-WEBSOCKET-002.a @twin
    Scenario: The right password
      When a client connects with headers:
        | header        | value       |
        | Authorization | ${password} |
      Then the handshake is accepted

    @LL-WEBSOCKET-002.b
    Scenario Outline: The Authorization "<case>"
      When a client connects with headers:
        | header        | value   |
        | Authorization | <value> |
      Then the handshake is refused

      Examples:
        | case    | value              |
        | missing | (absent)           |
        | empty   |                    |
        | wrong   | wrong              |
        | longer  | ${password}x       |

  @LL-WEBSOCKET-034 @should
  Rule: A handshake without the right password is refused with 401
    Missing and wrong are the same here, unlike over REST. Only a changelog says so.
    Sources: Lavalink docs, changelog/v3.md "v3.2.1.1"; docs/observed/websocket.md#handshake; fixtures/recordings/rest/ws_handshake.json

    @LL-WEBSOCKET-034.a
    Scenario Outline: The Authorization "<case>"
      When a client connects with headers:
        | header        | value   |
        | Authorization | <value> |
      Then the handshake is refused with 401

      Examples:
        | case    | value              |
        | missing | (absent)           |
        | empty   |                    |
        | wrong   | wrong              |
        | longer  | ${password}x       |

  @LL-WEBSOCKET-003 @should
  Rule: Without a User-Id the handshake is refused
    The server needs the bot's id to connect to voice. Clients have to send it, by the documentation, which does not
    say what becomes of those that do not. Which status says so is another matter (LL-WEBSOCKET-012).
    Sources: Lavalink docs, api/websocket.md "Opening a connection"; docs/observed/websocket.md#handshake; fixtures/recordings/rest/ws_handshake.json

    @LL-WEBSOCKET-003.a @twin
    Scenario: A snowflake
      When a client connects with headers:
        | header  | value   |
        | User-Id | ${user} |
      Then the handshake is accepted

    @LL-WEBSOCKET-003.b
    Scenario Outline: The User-Id "<case>"
      When a client connects with headers:
        | header  | value   |
        | User-Id | <value> |
      Then the handshake is refused

      Examples:
        | case    | value    |
        | missing | (absent) |

  @LL-WEBSOCKET-004 @observed
  Rule: A User-Id that is no 64-bit integer gets no session
    The real server accepts the handshake and then closes with 1011; refusing it with 400 is as good.
    Sources: docs/observed/websocket.md#handshake; fixtures/recordings/rest/ws_handshake.json

    @LL-WEBSOCKET-004.a @quirk
    Scenario Outline: The User-Id "<case>"
      When a client connects with headers:
        | header  | value   |
        | User-Id | <value> |
      Then the connection is turned away: closed with 1011 (quirk) or refused with 400

      Examples:
        | case     | value                   |
        | word     | abc                     |
        | fraction | 1.5                     |
        | big      | 99999999999999999999999 |

  @LL-WEBSOCKET-005 @observed
  Rule: A negative User-Id is accepted
    The id is a signed integer and not looked at until voice is connected.
    Sources: docs/observed/websocket.md#handshake; fixtures/recordings/rest/ws_handshake.json

    @LL-WEBSOCKET-005.a
    Scenario: The User-Id -5
      When a client connects with headers:
        | header  | value |
        | User-Id | -5    |
      Then the handshake is accepted
      And the client receives "ready" with {"resumed": false}

  @LL-WEBSOCKET-006 @observed
  Rule: Client-Name is optional and may be any text
    It is for the server's log only. The documentation has it among the required headers, as NAME/VERSION.
    Sources: docs/observed/websocket.md#handshake; fixtures/recordings/rest/ws_handshake.json

    @LL-WEBSOCKET-006.a
    Scenario Outline: The Client-Name "<case>"
      When a client connects with headers:
        | header      | value   |
        | Client-Name | <value> |
      Then the handshake is accepted

      Examples:
        | case    | value            |
        | missing | (absent)         |
        | name    | some-client/1.0.0 |
        | words   | just some words  |

  @LL-WEBSOCKET-007 @must
  Rule: The answer says with Session-Resumed whether a session was resumed
    A client that does not get its session back has to make its players again.
    Sources: Lavalink docs, api/index.md "Resuming"; docs/observed/websocket.md#handshake; docs/observed/sessions.md#coming-back; fixtures/recordings/rest/ws_handshake.json

    @LL-WEBSOCKET-007.a
    Scenario: A new session
      When a client connects
      Then the handshake header "Session-Resumed" is "false"

    @LL-WEBSOCKET-007.b
    Scenario: A session that is resumed
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      When a client connects with session "${session}"
      Then the handshake header "Session-Resumed" is "true"

  @LL-WEBSOCKET-008 @must @odd-input
  Rule: A Session-Id that cannot be resumed gives a new session
    It is never an error; ready says that it is new.
    Sources: Lavalink docs, api/index.md "Resuming"; docs/observed/websocket.md#handshake; docs/observed/sessions.md#ids-that-are-still-open; fixtures/recordings/rest/ws_handshake.json; document §3.9

    @LL-WEBSOCKET-008.a
    Scenario Outline: The Session-Id "<case>"
      When a client connects with headers:
        | header     | value   |
        | Session-Id | <value> |
      Then the handshake is accepted
      And the client receives "ready" with {"resumed": false}

      Examples:
        | case    | value            |
        | unknown | ${nosession} |
        | empty   |                  |
        | zero    | 0                |

    @LL-WEBSOCKET-008.b
    Scenario: The id of a session that was never resumable and is closed
      Given a connected client
      And the client drops the connection
      And the client's session ends
      When client "B" connects with headers:
        | header     | value      |
        | Session-Id | ${session} |
      Then the handshake is accepted
      And client "B" receives "ready" with {"resumed": false}

  @LL-WEBSOCKET-009 @observed
  Rule: The id of a session that is still open gives a new session, and both live
    Nobody can take a session away from a client that is connected.
    Sources: docs/observed/sessions.md#ids-that-are-still-open; fixtures/recordings/rest/resume_while_open.json

    @LL-WEBSOCKET-009.a
    Scenario Outline: The session is open, and resuming is <case>
      Given a connected client
      And the client updates the session with {"resuming": <resuming>}
      When client "B" connects with headers:
        | header     | value      |
        | Session-Id | ${session} |
      Then the handshake is accepted
      And the handshake header "Session-Resumed" is "false"
      And client "B" receives "ready" with {"resumed": false, "sessionId": "#not \"${session}\""}
      When the client fetches all players
      Then the answer is []
      When client "B" fetches all players
      Then the answer is []
      And the client's ping is answered
      And client "B"'s ping is answered

      Examples:
        | case | resuming |
        | off  | false    |
        | on   | true     |

  @LL-WEBSOCKET-010 @observed
  Rule: A request to the socket's path that is no handshake is 400
    A client that uses the wrong library learns of it at once.
    Sources: docs/observed/http.md#root-and-older-paths; fixtures/recordings/rest/rest_basics.json

    @LL-WEBSOCKET-010.a
    Scenario: A plain GET
      When the client requests "GET /v4/websocket"
      Then the answer is 400

    @LL-WEBSOCKET-010.b @twin
    Scenario: A handshake
      When a client connects
      Then the handshake is accepted

  @LL-WEBSOCKET-011 @observed
  Rule: No compression is negotiated
    A client may offer permessage-deflate; messages come plain all the same.
    Sources: docs/observed/websocket.md#handshake

    @LL-WEBSOCKET-011.a
    Scenario: A client offers permessage-deflate
      When a client connects with headers:
        | header                   | value              |
        | Sec-WebSocket-Extensions | permessage-deflate |
      Then the handshake is accepted
      And the handshake header "Sec-WebSocket-Extensions" is absent
      And the client's ping is answered

  @LL-WEBSOCKET-012 @observed
  Rule: A handshake without a User-Id is refused with 400, and 0 is no id
    A client tells it from a wrong password.
    Sources: docs/observed/websocket.md#handshake; fixtures/recordings/rest/ws_handshake.json

    @LL-WEBSOCKET-012.a
    Scenario Outline: The User-Id "<case>"
      When a client connects with headers:
        | header  | value   |
        | User-Id | <value> |
      Then the handshake is refused with 400

      Examples:
        | case    | value    |
        | missing | (absent) |
        | empty   |          |
        | zero    | 0        |

  @LL-WEBSOCKET-200 @observed
  Rule: A handshake whose Origin is another than the server's is 403
    So no page of a browser can use a server from elsewhere. Compared are scheme, host and port, as
    they are written, with what the Host header says.
    Sources: docs/observed/wire.md#origin-at-the-handshake

    @LL-WEBSOCKET-200.a
    Scenario Outline: The Origin <origin>
      When the client sends the raw request:
        """
        GET /v4/websocket HTTP/1.1
        Host: <host>
        Origin: <origin>
        Authorization: ${password}
        User-Id: ${user}
        Client-Name: lavalink-conformance/1
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        """
      Then the answer is <status>
      And the answer is empty

      Examples:
        | case         | host         | origin                   | status |
        | own          | 127.0.0.1:9  | http://127.0.0.1:9       | 101    |
        | path         | 127.0.0.1:9  | http://127.0.0.1:9/a?b=c | 101    |
        | user         | 127.0.0.1:9  | http://a@127.0.0.1:9     | 101    |
        | six-port     | [::1]:9      | http://[::1]:8           | 403    |
        | usual-port   | example.com  | http://example.com:80    | 101    |
        | no-port      | localhost:80 | http://localhost         | 101    |
        | other        | 127.0.0.1:9  | http://example.com       | 403    |
        | null         | 127.0.0.1:9  | null                     | 403    |
        | empty        | 127.0.0.1:9  |                          | 403    |
        | other-port   | 127.0.0.1:9  | http://127.0.0.1:8       | 403    |
        | without-port | 127.0.0.1:9  | http://127.0.0.1         | 403    |
        | https        | 127.0.0.1:9  | https://127.0.0.1:9      | 403    |
        | ws           | 127.0.0.1:9  | ws://127.0.0.1:9         | 403    |
        | scheme-case  | 127.0.0.1:9  | HTTP://127.0.0.1:9       | 403    |
        | host-case    | localhost:9  | http://LOCALHOST:9       | 403    |
        | other-name   | 127.0.0.1:9  | http://localhost:9       | 403    |
        | no-scheme    | 127.0.0.1:9  | 127.0.0.1:9              | 403    |
        | extension    | 127.0.0.1:9  | chrome-extension://abc   | 403    |
        | no-port-ws   | 127.0.0.1:9  | ws://127.0.0.1:x         | 403    |
        | nothing-ws   | 127.0.0.1:9  | ws://                    | 403    |

    @LL-WEBSOCKET-200.b
    Scenario: The refusal tells whether a session would have been resumed
      When a client connects with headers:
        | header | value              |
        | Origin | http://example.com |
      Then the handshake is refused with 403
      And the handshake header "Lavalink-Api-Version" is "4"
      And the handshake header "Session-Resumed" is "false"

    @LL-WEBSOCKET-200.c @twin
    Scenario: A client whose Origin is the server's
      When a client connects with headers:
        | header | value          |
        | Origin | http://${host} |
      Then the handshake is accepted

  @LL-WEBSOCKET-201 @observed
  Rule: Password and user are looked at before the Origin
    Sources: docs/observed/wire.md#origin-at-the-handshake

    @LL-WEBSOCKET-201.a
    Scenario Outline: Another Origin, and the <header> "<case>"
      When a client connects with headers:
        | header   | value              |
        | Origin   | http://example.com |
        | <header> | <value>            |
      Then the handshake is refused with <status>

      Examples:
        | case           | header        | value    | status |
        | none           | Authorization | (absent) | 401    |
        | wrong          | Authorization | nope     | 401    |
        | nobody         | User-Id       | (absent) | 400    |

  @LL-WEBSOCKET-202 @observed
  Rule: An Origin that begins like a URL and is none is a 500
    Sources: docs/observed/wire.md#origin-at-the-handshake

    @LL-WEBSOCKET-202.a
    Scenario Outline: The Origin <origin>
      When the client sends the raw request:
        """
        GET /v4/websocket HTTP/1.1
        Host: a
        Origin: <origin>
        Authorization: ${password}
        User-Id: ${user}
        Client-Name: lavalink-conformance/1
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        """
      Then the answer is 500 "Request processing failed: org.springframework.web.socket.server.HandshakeFailureException: Uncaught failure for request http://a/v4/websocket - <why>"

      Examples:
        | case    | origin            | why                                   |
        | no-host | http://           | [http://] is not a valid HTTP URL     |
        | port    | http://a:b        | The port must be an integer: b        |
        | two     | http://a:1 http:x | The port must be an integer: 1 http:x |

  @LL-WEBSOCKET-203 @observed
  Rule: Versions 13, 8 and 7 of the handshake are spoken; another is 426 with these
    Sources: docs/observed/wire.md#versions-of-the-handshake

    @LL-WEBSOCKET-203.a
    Scenario Outline: The version <version>
      When the client sends the raw request:
        """
        GET /v4/websocket HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        User-Id: ${user}
        Client-Name: lavalink-conformance/1
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: <version>
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        """
      Then the answer is <status>
      And the answer is empty

      Examples:
        | case  | version | status |
        | 13    | 13      | 101    |
        | 8     | 8       | 101    |
        | 7     | 7       | 101    |
        | 0     | 0       | 426    |
        | 14    | 14      | 426    |
        | list  | 13, 8   | 426    |
        | zero  | 013     | 426    |

    @LL-WEBSOCKET-203.b
    Scenario: The versions that there are
      When the client sends the raw request:
        """
        GET /v4/websocket HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        User-Id: ${user}
        Client-Name: lavalink-conformance/1
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        """
      Then the answer is 426
      And the answer's header "Sec-WebSocket-Version" is "13,8,7"
