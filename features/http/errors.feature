Feature: Errors
  Every error that says something says it in one JSON object,
  which clients turn into exceptions of their own.

  @LL-HTTP-020 @must
  Rule: An error is a JSON object with timestamp, status, error, message and path
    The timestamp is in epoch milliseconds, the status is the answer's own, and the path may have a prefix
    under which the server is. Which status an unknown path has, and how error words it, is said by
    other rules.
    Sources: Lavalink docs, api/rest.md "Error Responses"; docs/observed/http.md#error-objects; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-020.b
    Scenario: The error of a path that nobody has
      When the client requests "GET /v4/nope"
      Then the answer is a refusal
      And the answer contains {"timestamp": "#now", "status": "#integer", "error": "#string", "message": "#string", "path": "#/.*/v4/nope/"}

  @LL-HTTP-021 @should
  Rule: An error is application/json
    HTTP libraries look at the type before they parse what they are given.
    Sources: Lavalink docs, api/rest.md "Error Responses"; docs/observed/http.md#error-objects; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-021.a
    Scenario Outline: The media type of the error "<case>"
      When the client requests "<request>"
      Then the answer's header "Content-Type" starts with "application/json"

      Examples:
        | case       | request                    |
        | path       | GET /v4/nope               |
        | session    | GET /v4/sessions/x/players |
        | parameter  | GET /v4/loadtracks         |

  @LL-HTTP-022 @should
  Rule: The path of an error has no query
    It names the endpoint, not what was asked of it.
    Sources: Lavalink docs, api/rest.md "Error Responses"; docs/observed/http.md#error-objects; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-022.a
    Scenario Outline: The query "<case>" is left out
      When the client requests "GET /v4/sessions/x/players?<query>"
      Then the answer at "/path" is "#/.*/v4/sessions/x/players/"

      Examples:
        | case    | query         |
        | false   | trace=false   |
        | other   | a=b&c=d       |
        | true    | trace=true    |

  @LL-HTTP-023 @should
  Rule: With trace=true an error has a trace as well
    The trace is a text for people who report a bug.
    Sources: Lavalink docs, api/rest.md "Error Responses"; docs/observed/http.md#error-objects; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-023.a
    Scenario Outline: The error "<case>" with a trace
      When the client requests "<request>?trace=true"
      Then the answer at "/trace" is "#string"

      Examples:
        | case    | request                    |
        | path    | GET /v4/nope               |
        | session | GET /v4/sessions/x/players |
        | method  | DELETE /v4/info            |

    @LL-HTTP-023.b
    Scenario Outline: Without trace=true there is no trace
      When the client requests "GET /v4/sessions/x/players<query>"
      Then the answer at "/trace" is "#none"

      Examples:
        | case    | query        |
        | none    |              |
        | false   | ?trace=false |

    @LL-HTTP-023.c
    Scenario: A body that cannot be decoded
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}?trace=true" with {"timeout":
      Then the answer at "/trace" is "#string"

  @LL-HTTP-024 @should
  Rule: trace=true changes nothing when there is no error
    Client libraries send it with every request.
    Sources: Lavalink docs, api/rest.md "Error Responses"; docs/observed/http.md#error-objects

    @LL-HTTP-024.a
    Scenario Outline: "<case>" with trace=true
      When the client requests "GET <path>?trace=true"
      Then the answer is 200
      And the answer contains <part>

      Examples:
        | case  | path      | part                              |
        | info  | /v4/info  | {"version": {"semver": "#string"}} |
        | stats | /v4/stats | {"players": "#integer"}           |

    @LL-HTTP-024.b
    Scenario: A session is updated with trace=true
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}?trace=true" with {"timeout": 7}
      Then the answer is 200
      And the answer contains {"timeout": 7}

    @LL-HTTP-024.c
    Scenario: A player is updated with trace=true
      Given a connected client
      When the client updates the player with query "trace=true" and {"volume": 42}
      Then the answer is 200
      And the answer contains {"guildId": "${guild}", "volume": 42}

  @LL-HTTP-025 @should
  Rule: An unknown path is 404
    Whatever the method is.
    Sources: RFC 9110 §15.5.5; Lavalink docs, api/rest.md "Error Responses"; docs/observed/http.md#unknown-paths; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-025.a
    Scenario Outline: A <method> of an unknown path
      When the client requests "<method> /v4/nope"
      Then the answer is an error 404

      Examples:
        | method |
        | GET    |
        | POST   |
        | DELETE |

    @LL-HTTP-025.b @twin
    Scenario: A path that is known
      When the client requests "GET /v4/info"
      Then the answer is 200

  @LL-HTTP-026 @must
  Rule: A session that nobody has is refused on each of its endpoints
    A client learns from it that it has to connect again.
    Sources: Lavalink docs, api/rest.md "Error Responses"; docs/observed/http.md#unknown-paths; docs/observed/sessions.md#updating; fixtures/recordings/rest/rest_basics.json; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-026.a
    Scenario Outline: "<case>" of an unknown session
      When the client requests "<request>"
      Then the answer is a refusal

      Examples:
        | case    | request                                                |
        | list    | GET /v4/sessions/${nosession}/players              |
        | fetch   | GET /v4/sessions/${nosession}/players/${guild}     |
        | destroy | DELETE /v4/sessions/${nosession}/players/${guild}  |

    @LL-HTTP-026.b
    Scenario Outline: An update of "<case>" of an unknown session
      When the client requests "PATCH /v4/sessions/<path>" with {}
      Then the answer is a refusal

      Examples:
        | case    | path                              |
        | session | ${nosession}                  |
        | player  | ${nosession}/players/${guild} |

    @LL-HTTP-026.c @twin
    Scenario: The same request for a session that is open
      Given a connected client
      When the client fetches all players
      Then the answer is 200

  @LL-HTTP-027 @observed
  Rule: An error has these fields and no others, the reason phrase, and a sentence for its message
    There is no trace unless it is asked for, not even a null, and no name of an exception. A 405 and an error of the version, which is a
    text, are such objects as well.
    Sources: docs/observed/http.md#error-objects; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-027.a
    Scenario Outline: The error "<case>"
      When the client requests "<request>"
      Then the answer is <status>
      And the answer's header "Content-Type" starts with "application/json"
      And the answer is {"timestamp": "#now", "status": <status>, "error": "<error>", "message": "<message>", "path": "<path>", "trace": "#absent", "exception": "#absent"}

      Examples:
        | case    | request                    | status | error              | message                                         | path                   |
        | 400     | GET /v4/loadtracks         | 400    | Bad Request        | Required parameter 'identifier' is not present. | /v4/loadtracks         |
        | 404     | GET /v4/nope               | 404    | Not Found          | No endpoint GET /v4/nope.                       | /v4/nope               |
        | 405     | POST /v4/info              | 405    | Method Not Allowed | Method 'POST' is not supported.                 | /v4/info               |
        | version | POST /version              | 405    | Method Not Allowed | Method 'POST' is not supported.                 | /version               |
        | session | GET /v4/sessions/x/players | 404    | Not Found          | Session not found                               | /v4/sessions/x/players |

  @LL-HTTP-028 @observed
  Rule: Paths are compared exactly, and the message about an unknown one names method and path as they were sent
    A slash at the end or another case makes another path.
    Sources: docs/observed/http.md#unknown-paths; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-028.a
    Scenario Outline: The path "<case>" is unknown
      When the client requests "<method> <path>"
      Then the answer is 404 "No endpoint <method> <path>."

      Examples:
        | case     | method | path          |
        | name     | GET    | /v4/nope      |
        | prefix   | GET    | /v4           |
        | sessions | GET    | /v4/sessions  |
        | slash    | GET    | /v4/info/     |
        | upper    | GET    | /v4/INFO      |
        | post     | POST   | /v4/nope      |
        | delete   | DELETE | /v4/nope      |

    @LL-HTTP-028.b
    Scenario: A slash after a guild id makes the path unknown
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/${guild}/" with {}
      Then the answer is 404 "No endpoint PATCH /v4/sessions/${session}/players/${guild}/."

    @LL-HTTP-028.c
    Scenario: The message does not name the query
      When the client requests "GET /v4/nope?trace=false"
      Then the answer is 404 "No endpoint GET /v4/nope."

  @LL-HTTP-029 @observed
  Rule: The message about a session that nobody has is "Session not found"
    The documentation has it in an example.
    Sources: docs/observed/http.md#unknown-paths; docs/observed/sessions.md#updating; fixtures/recordings/rest/rest_basics.json; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-029.a
    Scenario Outline: "<case>" of an unknown session
      When the client requests "<request>"
      Then the answer is 404 "Session not found"

      Examples:
        | case    | request                                                |
        | list    | GET /v4/sessions/${nosession}/players              |
        | fetch   | GET /v4/sessions/${nosession}/players/${guild}     |
        | destroy | DELETE /v4/sessions/${nosession}/players/${guild}  |

    @LL-HTTP-029.b
    Scenario Outline: An update of "<case>" of an unknown session
      When the client requests "PATCH /v4/sessions/<path>" with {}
      Then the answer is 404 "Session not found"

      Examples:
        | case    | path                              |
        | session | ${nosession}                  |
        | player  | ${nosession}/players/${guild} |

  @LL-HTTP-342 @observed
  Rule: A trace begins with the exception and its message
    As Java writes them, above the lines that say where it was.
    Sources: docs/observed/http.md#error-objects

    @LL-HTTP-342.a
    Scenario Outline: The error "<case>"
      When the client requests "<request>?trace=true"
      Then the answer at "/trace" is "#/(?s)<exception>.*/"

      Examples:
        | case    | request                               | exception                                                                                          |
        | path    | GET /v4/nope                          | org[.]springframework[.]web[.]servlet[.]NoHandlerFoundException: No endpoint GET /v4/nope[.]        |
        | session | GET /v4/sessions/${nosession}/players | org[.]springframework[.]web[.]server[.]ResponseStatusException: 404 NOT_FOUND .Session not found. |

    @LL-HTTP-342.b
    Scenario Outline: "<query>" asks for one
      When the client requests "GET /v4/nope?<query>"
      Then the answer at "/trace" is "#string"

      Examples:
        | query   |
        | trace   |
        | trace=  |
        | trace=0 |

    @LL-HTTP-342.c
    Scenario Outline: "<query>" does not
      When the client requests "GET /v4/nope?<query>"
      Then the answer at "/trace" is "#none"

      Examples:
        | query                  |
        | trace=FALSE            |
        | trace=false&trace=true |
        | Trace=true             |

  @LL-HTTP-346 @observed
  Rule: Where errors are written there is one that is none
    `/error` is a path of the framework's, for which nobody is asked for the password.
    Sources: docs/observed/http.md#error-objects

    @LL-HTTP-346.a
    Scenario Outline: <method> of it
      Given the next request has headers:
        | header        | value    |
        | Authorization | (absent) |
      When the client requests "<method> /error?trace=true"
      Then the answer is 500
      And the answer is {"timestamp": "#now", "status": 999, "error": "None", "message": "No message available"}

      Examples:
        | method |
        | GET    |
        | POST   |
        | DELETE |

    @LL-HTTP-346.b
    Scenario: In a browser
      Given the next request has headers:
        | header | value     |
        | Accept | text/html |
      When the client requests "GET /error"
      Then the answer is 500
      And the answer's header "Content-Type" starts with "text/html"
      And the answer is a text like "(?s).*type=None, status=999.*No message available.*"

    @LL-HTTP-346.c
    Scenario: For who wants neither
      Given the next request has headers:
        | header | value     |
        | Accept | image/png |
      When the client requests "GET /error"
      Then the answer is 500
      And the answer is empty

    @LL-HTTP-346.d
    Scenario: Its methods
      When the client requests "OPTIONS /error"
      Then the answer is 200
      And the answer is empty
      And the answer's header "Allow" is "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS"

    @LL-HTTP-346.e
    Scenario: Nothing is below it
      When the client requests "GET /error/x"
      Then the answer is 404 "No endpoint GET /error/x."
