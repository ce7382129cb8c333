Feature: The version header
  Every answer of the server names the version of its API,
  so that a client can refuse a server that it does not understand.

  @LL-HTTP-001 @must
  Rule: Every answer carries Lavalink-Api-Version 4
    A client reads the header before anything else to learn whether it speaks the server's API.
    Sources: docs/observed/http.md#version-header; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-001.a
    Scenario Outline: An answer of the kind "<case>" carries the header
      When the client requests "<request>"
      Then the answer is <status>
      And the answer's header "Lavalink-Api-Version" is "4"

      Examples:
        | case       | request                    | status |
        | json       | GET /v4/info               | 200    |
        | text       | GET /version               | 200    |
        | statistics | GET /v4/stats              | 200    |
        | head       | HEAD /v4/info              | 200    |
        | options    | OPTIONS /v4/info           | 200    |
        | parameter  | GET /v4/loadtracks         | 400    |
        | path       | GET /v4/nope               | 404    |
        | session    | GET /v4/sessions/x/players | 404    |
        | method     | POST /v4/info              | 405    |

    @LL-HTTP-001.b
    Scenario Outline: A refusal for the password "<case>" carries the header
      Given the next request has headers:
        | header        | value   |
        | Authorization | <value> |
      When the client requests "GET /v4/info"
      Then the answer is <status>
      And the answer's header "Lavalink-Api-Version" is "4"

      Examples:
        | case    | value        | status |
        | right   | ${password}  | 200    |
        | missing | (absent)     | 401    |
        | wrong   | ${password}x | 403    |

    @LL-HTTP-001.c
    Scenario: An answer without a body carries the header
      Given a connected client
      When the client destroys the player
      Then the answer is 204
      And the answer is empty
      And the answer's header "Lavalink-Api-Version" is "4"

    @LL-HTTP-001.d
    Scenario: A refusal of what the client accepts carries the header
      Given the next request has headers:
        | header | value           |
        | Accept | application/xml |
      When the client requests "GET /v4/info"
      Then the answer is 406
      And the answer's header "Lavalink-Api-Version" is "4"

    @LL-HTTP-001.e
    Scenario: A refusal of what the client sends carries the header
      Given a connected client
      And the next request has headers:
        | header       | value      |
        | Content-Type | text/plain |
      When the client requests "PATCH /v4/sessions/${session}" with {}
      Then the answer is an error 415
      And the answer's header "Lavalink-Api-Version" is "4"

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
