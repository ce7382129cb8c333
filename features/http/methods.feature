Feature: Methods
  Which methods an endpoint has, and how a client that uses another one
  learns of it.

  @LL-HTTP-030 @observed
  Rule: A method that an endpoint does not have is 405, and Allow lists those it has
    The message names the method.
    Sources: docs/observed/http.md#methods; fixtures/recordings/rest/rest_basics.json; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-030.a
    Scenario Outline: <method> on "<case>"
      When the client requests "<method> <path>"
      Then the answer is 405 "Method '<method>' is not supported."
      And the answer's header "Allow" lists "<allowed>"

      Examples:
        | case                | method | path                                 | allowed            |
        | info-post           | POST   | /v4/info                             | GET                |
        | info-put            | PUT    | /v4/info                             | GET                |
        | info-delete         | DELETE | /v4/info                             | GET                |
        | info-patch          | PATCH  | /v4/info                             | GET                |
        | stats-post          | POST   | /v4/stats                            | GET                |
        | version-post        | POST   | /version                             | GET                |
        | loadtracks-post     | POST   | /v4/loadtracks                       | GET                |
        | decodetracks-get    | GET    | /v4/decodetracks                     | POST               |
        | session-get         | GET    | /v4/sessions/x                       | PATCH              |
        | session-post        | POST   | /v4/sessions/x                       | PATCH              |
        | session-delete      | DELETE | /v4/sessions/x                       | PATCH              |
        | players-post        | POST   | /v4/sessions/x/players               | GET                |
        | player-post         | POST   | /v4/sessions/x/players/1             | GET, PATCH, DELETE |
        | player-put          | PUT    | /v4/sessions/x/players/1             | GET, PATCH, DELETE |

    @LL-HTTP-030.b @twin
    Scenario: The right method on the same endpoint
      When the client requests "GET /v4/info"
      Then the answer is 200

  @LL-HTTP-031 @observed
  Rule: HEAD works wherever GET does, without a body
    Monitors use it to see whether a server is alive.
    Sources: docs/observed/http.md#methods; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-031.a
    Scenario Outline: HEAD of "<case>"
      When the client requests "HEAD <path>"
      Then the answer is 200
      And the answer is empty
      And the answer's header "Lavalink-Api-Version" is "4"

      Examples:
        | case    | path      |
        | info    | /v4/info  |
        | stats   | /v4/stats |
        | version | /version  |

  @LL-HTTP-032 @observed
  Rule: OPTIONS is 200 without a body, and Allow lists the methods, HEAD and OPTIONS among them
    HEAD is listed where GET is.
    Sources: docs/observed/http.md#methods; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-032.a
    Scenario Outline: OPTIONS of "<case>"
      When the client requests "OPTIONS <path>"
      Then the answer is 200
      And the answer is empty
      And the answer's header "Allow" lists "<allowed>"

      Examples:
        | case    | path           | allowed            |
        | info    | /v4/info       | GET, HEAD, OPTIONS |
        | session | /v4/sessions/x | PATCH, OPTIONS     |

  @LL-HTTP-033 @observed
  Rule: A CORS preflight is refused with 403
    Nothing of the server is meant for scripts in browsers. The answer is a text and no error object, and
    says nothing of its kind.
    Sources: docs/observed/http.md#cors

    @LL-HTTP-033.a
    Scenario: A preflight for a GET
      Given the next request has headers:
        | header                        | value                |
        | Origin                        | http://origin.example |
        | Access-Control-Request-Method | GET                  |
      When the client requests "OPTIONS /v4/info"
      Then the answer is 403
      And the answer is the text "Invalid CORS request"
      And the answer's header "Content-Type" is absent
      And the answer's header "Allow" is absent
      And the answer's header "Access-Control-Allow-Origin" is absent

    @LL-HTTP-033.b
    Scenario: A GET is none, whatever its headers
      Given the next request has headers:
        | header                        | value                 |
        | Origin                        | http://origin.example |
        | Access-Control-Request-Method | GET                   |
      When the client requests "GET /v4/info"
      Then the answer is 200

  @LL-HTTP-034 @observed
  Rule: The root and the socket of version 3 answer 200 with an empty body
    Clients of version 3 and health checks look there.
    Sources: docs/observed/http.md#root-and-older-paths; fixtures/recordings/rest/rest_basics.json; fixtures/recordings/rest/rest_auth.json

    @LL-HTTP-034.a
    Scenario Outline: GET <path> is empty
      When the client requests "GET <path>"
      Then the answer is 200
      And the answer is empty

      Examples:
        | case | path          |
        | root | /             |
        | v3   | /v3/websocket |

    @LL-HTTP-034.b
    Scenario: The root asks for the password
      Given the next request has headers:
        | header        | value    |
        | Authorization | (absent) |
      When the client requests "GET /"
      Then the answer is 401
      And the answer is empty

  @LL-HTTP-334 @observed
  Rule: OPTIONS of an unknown path is 404 and names every method that there is
    Sources: docs/observed/http.md#methods

    @LL-HTTP-334.a
    Scenario: An unknown path
      When the client requests "OPTIONS /v4/nope"
      Then the answer is 404 "No endpoint OPTIONS /v4/nope."
      And the answer's header "Allow" lists "GET, HEAD, POST, PUT, DELETE, TRACE, OPTIONS, PATCH"
