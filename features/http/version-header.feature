Feature: The version header
  Every answer of the server names the version of its API,
  so that a client can refuse a server that it does not understand.

  @LL-HTTP-001 @should
  Rule: Every answer carries Lavalink-Api-Version 4
    A client reads the header before anything else to learn whether it speaks the server's API.
    Sources: Lavalink docs, changelog/v3.md "v3.1.2"; docs/observed/http.md#version-header; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-001.a
    Scenario Outline: An answer of the kind "<case>" carries the header
      When the client requests "<request>"
      Then the answer's header "Lavalink-Api-Version" is "4"

      Examples:
        | case       | request                    |
        | json       | GET /v4/info               |
        | text       | GET /version               |
        | statistics | GET /v4/stats              |
        | head       | HEAD /v4/info              |
        | options    | OPTIONS /v4/info           |
        | parameter  | GET /v4/loadtracks         |
        | path       | GET /v4/nope               |
        | session    | GET /v4/sessions/x/players |
        | method     | POST /v4/info              |

    @LL-HTTP-001.b
    Scenario Outline: An answer to the password "<case>" carries the header
      Given the next request has headers:
        | header        | value   |
        | Authorization | <value> |
      When the client requests "GET /v4/info"
      Then the answer's header "Lavalink-Api-Version" is "4"

      Examples:
        | case    | value        |
        | right   | ${password}  |
        | missing | (absent)     |
        | wrong   | ${password}x |

    @LL-HTTP-001.c
    Scenario: An answer without a body carries the header
      Given a connected client
      When the client destroys the player
      Then the answer's header "Lavalink-Api-Version" is "4"

    @LL-HTTP-001.d
    Scenario: An answer to who accepts no JSON carries the header
      Given the next request has headers:
        | header | value           |
        | Accept | application/xml |
      When the client requests "GET /v4/info"
      Then the answer's header "Lavalink-Api-Version" is "4"

    @LL-HTTP-001.e
    Scenario: An answer to who sends no JSON carries the header
      Given a connected client
      And the next request has headers:
        | header       | value      |
        | Content-Type | text/plain |
      When the client requests "PATCH /v4/sessions/${session}" with {}
      Then the answer's header "Lavalink-Api-Version" is "4"

  @LL-HTTP-002 @observed
  Rule: The WebSocket handshake carries the version header too, accepted or refused
    A client that only opens a socket learns the version from the handshake.
    Sources: docs/observed/http.md#version-header; docs/observed/websocket.md#handshake; fixtures/recordings/rest/ws_handshake.json

    @LL-HTTP-002.a
    Scenario: An accepted handshake
      When a client connects
      Then the handshake is accepted
      And the handshake header "Lavalink-Api-Version" is "4"

    @LL-HTTP-002.b
    Scenario Outline: A handshake refused because of <case>
      When a client connects with headers:
        | header   | value   |
        | <header> | <value> |
      Then the handshake is refused with <status>
      And the handshake header "Lavalink-Api-Version" is "4"

      Examples:
        | case       | header        | value        | status |
        | nopassword | Authorization | (absent)     | 401    |
        | password   | Authorization | ${password}x | 401    |
        | nouser     | User-Id       | (absent)     | 400    |
