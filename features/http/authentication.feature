Feature: Authentication over REST
  The password is sent bare in the Authorization header. It is the only
  protection of a server, so every endpoint that does something asks for it.

  @LL-HTTP-010 @must
  Rule: The bare password in Authorization opens an endpoint
    No scheme such as Bearer stands before it.
    Sources: Lavalink docs, api/rest.md "REST API"; docs/observed/http.md#passwords; fixtures/recordings/rest/rest_auth.json

    @LL-HTTP-010.a
    Scenario Outline: "<case>" answers with the password
      When the client requests "<request>"
      Then the answer is 200

      Examples:
        | case    | request       |
        | version | GET /version  |
        | info    | GET /v4/info  |
        | stats   | GET /v4/stats |

    @LL-HTTP-010.b
    Scenario: A session's players
      Given a connected client
      And the next request has headers:
        | header        | value       |
        | Authorization | ${password} |
      When the client requests "GET /v4/sessions/${session}/players"
      Then the answer is 200

  @LL-HTTP-011 @must
  Rule: Without Authorization an endpoint stays closed
    It is the only protection of a server. Which status says so is another matter (LL-HTTP-014).
    Sources: Lavalink docs, api/rest.md "REST API"; docs/observed/http.md#passwords; fixtures/recordings/rest/rest_auth.json

    @LL-HTTP-011.a
    Scenario Outline: "<case>" without the header
      Given the next request has headers:
        | header        | value    |
        | Authorization | (absent) |
      When the client requests "<request>"
      Then the answer is 401 or 403

      Examples:
        | case       | request                         |
        | info       | GET /v4/info                    |
        | stats      | GET /v4/stats                   |
        | loadtracks | GET /v4/loadtracks?identifier=x |

    @LL-HTTP-011.b
    Scenario: A session cannot be changed without the header
      Given a connected client
      And the client updates the session with {"timeout": 9}
      And the next request has headers:
        | header        | value    |
        | Authorization | (absent) |
      When the client requests "PATCH /v4/sessions/${session}" with {"timeout": 7}
      Then the answer is 401 or 403
      When the client updates the session with {}
      Then the answer contains {"timeout": 9}

    @LL-HTTP-011.c
    Scenario: The password in the query does not count
      Given the next request has headers:
        | header        | value    |
        | Authorization | (absent) |
      When the client requests "GET /v4/info?Authorization=${password}"
      Then the answer is 401 or 403

    @LL-HTTP-011.d
    Scenario Outline: A session's players, <request>
      Given a connected client
      And a player
      And the next request has headers:
        | header        | value    |
        | Authorization | (absent) |
      When the client requests "<request>"
      Then the answer is 401 or 403

      Examples:
        | case    | request                                         |
        | players | GET /v4/sessions/${session}/players             |
        | player  | GET /v4/sessions/${session}/players/${guild}    |
        | destroy | DELETE /v4/sessions/${session}/players/${guild} |

    @LL-HTTP-011.e @needs-http-source
    Scenario: Tracks are not decoded without the header
      Given a loaded track "tone-30s.wav"
      And the next request has headers:
        | header        | value    |
        | Authorization | (absent) |
      When the client requests "POST /v4/decodetracks" with ["${track}"]
      Then the answer is 401 or 403

  @LL-HTTP-012 @must
  Rule: Any other password than the right one opens nothing
    Empty and nearly right are simply wrong. Which status says so is another matter (LL-HTTP-015).
    Sources: Lavalink docs, api/rest.md "REST API"; docs/observed/http.md#passwords; fixtures/recordings/rest/rest_auth.json

    @LL-HTTP-012.a
    Scenario Outline: The Authorization "<case>" is wrong
      Given the next request has headers:
        | header        | value   |
        | Authorization | <value> |
      When the client requests "GET /v4/info"
      Then the answer is 401 or 403

      Examples:
        | case    | value                |
        | empty   |                      |
        | other   | wrong                |
        | case    | YOUSHALLNOTPASS      |
        | longer  | ${password}x         |
        | before  | x${password}         |

    @LL-HTTP-012.b
    Scenario Outline: "<case>" with a wrong password
      Given a connected client
      And the next request has headers:
        | header        | value        |
        | Authorization | ${password}x |
      When the client requests "<request>"
      Then the answer is 401 or 403

      Examples:
        | case         | request                             |
        | stats        | GET /v4/stats                       |
        | players      | GET /v4/sessions/${session}/players |

    @LL-HTTP-012.c
    Scenario: A session cannot be changed with a wrong password
      Given a connected client
      And the client updates the session with {"timeout": 9}
      And the next request has headers:
        | header        | value        |
        | Authorization | ${password}x |
      When the client requests "PATCH /v4/sessions/${session}" with {"timeout": 7}
      Then the answer is 401 or 403
      When the client updates the session with {}
      Then the answer contains {"timeout": 9}

  @LL-HTTP-014 @observed
  Rule: Without Authorization the answer is 401 with an empty body
    So a client tells a forgotten password from a wrong one by the status. The documentation promises an error
    object for every error; here there is none. The version and what is left of version 3 are closed as well.
    Sources: docs/observed/http.md#passwords; fixtures/recordings/rest/rest_auth.json

    @LL-HTTP-014.a
    Scenario Outline: "<case>" without the header
      Given the next request has headers:
        | header        | value    |
        | Authorization | (absent) |
      When the client requests "<request>"
      Then the answer is 401
      And the answer is empty

      Examples:
        | case         | request                      |
        | version      | GET /version                 |
        | info         | GET /v4/info                 |
        | stats        | GET /v4/stats                |
        | players      | GET /v4/sessions/x/players   |
        | player       | GET /v4/sessions/x/players/1 |
        | destroy      | DELETE /v4/sessions/x/players/1 |
        | loadtracks   | GET /v4/loadtracks?identifier=x |
        | decodetrack  | GET /v4/decodetrack?encodedTrack=x |
        | decodetracks | POST /v4/decodetracks        |
        | routeplanner | GET /v4/routeplanner/status  |
        | free         | POST /v4/routeplanner/free/all |
        | root         | GET /                        |
        | v3           | GET /v3/websocket            |

  @LL-HTTP-015 @observed
  Rule: Any other Authorization is answered with 403 and an empty body
    A scheme before the password makes it a wrong one.
    Sources: docs/observed/http.md#passwords; fixtures/recordings/rest/rest_auth.json

    @LL-HTTP-015.a
    Scenario Outline: The Authorization "<case>"
      Given the next request has headers:
        | header        | value   |
        | Authorization | <value> |
      When the client requests "GET /v4/info"
      Then the answer is 403
      And the answer is empty

      Examples:
        | case    | value                |
        | empty   |                      |
        | other   | wrong                |
        | bearer  | Bearer ${password}   |
        | basic   | Basic ${password}    |
        | quoted  | "${password}"        |

    @LL-HTTP-015.b
    Scenario Outline: "<case>" with a wrong password
      Given the next request has headers:
        | header        | value        |
        | Authorization | ${password}x |
      When the client requests "<request>"
      Then the answer is 403
      And the answer is empty

      Examples:
        | case         | request                     |
        | version      | GET /version                |
        | stats        | GET /v4/stats               |
        | players      | GET /v4/sessions/x/players  |
        | routeplanner | GET /v4/routeplanner/status |
        | root         | GET /                       |

  @LL-HTTP-013 @observed
  Rule: The password is checked only where there is an endpoint
    An unknown path says 404 to everyone, so a wrong URL is not mistaken for a wrong password.
    Sources: docs/observed/http.md#passwords; fixtures/recordings/rest/rest_auth.json

    @LL-HTTP-013.a
    Scenario Outline: An unknown path with the password <case>
      Given the next request has headers:
        | header        | value   |
        | Authorization | <value> |
      When the client requests "GET /v4/nope"
      Then the answer is 404 "No endpoint GET /v4/nope."

      Examples:
        | case    | value        |
        | right   | ${password}  |
        | missing | (absent)     |
        | wrong   | ${password}x |
