Feature: Updating a session
  A client says over REST whether its session may be resumed, and for how
  many seconds the server is to wait for it.

  @LL-SESSION-001 @must
  Rule: A session begins with resuming off and a timeout of 60 seconds
    Without a word from the client, closing the socket ends everything.
    Sources: Lavalink docs, api/rest.md "Update Session"; docs/observed/sessions.md#updating; fixtures/recordings/rest/session_patch.json; document §3.3

    @LL-SESSION-001.a
    Scenario: A new session
      Given a connected client
      When the client updates the session with {}
      Then the answer is 200
      And the answer is {"resuming": false, "timeout": 60}

  @LL-SESSION-002 @must
  Rule: An update answers the session as it is then
    Both fields, whatever was sent.
    Sources: Lavalink docs, api/rest.md "Update Session"; docs/observed/sessions.md#updating; fixtures/recordings/rest/session_patch.json; document §3.3

    @LL-SESSION-002.a
    Scenario Outline: The update "<case>"
      Given a connected client
      When the client updates the session with <body>
      Then the answer is 200
      And the answer is <session>

      Examples:
        | case     | body                               | session                              |
        | resuming | {"resuming": true}                 | {"resuming": true, "timeout": "#integer"} |
        | timeout  | {"timeout": 10}                    | {"resuming": "#boolean", "timeout": 10} |
        | both     | {"resuming": true, "timeout": 120} | {"resuming": true, "timeout": 120}   |
        | nothing  | {}                                 | {"resuming": "#boolean", "timeout": "#integer"} |
        | same     | {"resuming": false, "timeout": 60} | {"resuming": false, "timeout": 60}   |

    @LL-SESSION-002.b
    Scenario: It is JSON
      Given a connected client
      When the client updates the session with {"timeout": 10}
      Then the answer is 200
      And the answer's header "Content-Type" starts with "application/json"

  @LL-SESSION-003 @must
  Rule: A field that is left out keeps its value
    A client can change one without knowing the other.
    Sources: Lavalink docs, api/rest.md "Update Session"; docs/observed/sessions.md#updating; fixtures/recordings/rest/session_patch.json

    @LL-SESSION-003.a
    Scenario Outline: <case> is left out
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 10}
      When the client updates the session with <body>
      Then the answer is 200
      And the answer is <session>

      Examples:
        | case     | body                | session                            |
        | timeout  | {"resuming": false} | {"resuming": false, "timeout": 10} |
        | resuming | {"timeout": 20}     | {"resuming": true, "timeout": 20}  |
        | both     | {}                  | {"resuming": true, "timeout": 10}  |

  @LL-SESSION-004 @should
  Rule: Each session has its own values
    Another client's choice is its own.
    Sources: Lavalink docs, api/rest.md "Update Session"; docs/observed/sessions.md#updating

    @LL-SESSION-004.a
    Scenario: Two sessions
      Given a connected client
      And a connected client "B"
      And the client updates the session with {"resuming": true, "timeout": 10}
      When client "B" updates the session with {"timeout": 20}
      Then the answer is {"resuming": false, "timeout": 20}
      When the client updates the session with {}
      Then the answer is {"resuming": true, "timeout": 10}

  @LL-SESSION-005 @observed
  Rule: Any timeout is taken, zero and negative ones too
    They end the session at once when its socket closes.
    Sources: docs/observed/sessions.md#updating; fixtures/recordings/rest/session_patch.json

    @LL-SESSION-005.a
    Scenario Outline: A timeout of <timeout>
      Given a connected client
      When the client updates the session with {"timeout": <timeout>}
      Then the answer is 200
      And the answer is {"resuming": false, "timeout": <timeout>}

      Examples:
        | timeout       |
        | 0             |
        | 1             |
        | -1            |
        | 86400         |
        | 1000000000000 |

  @LL-SESSION-006 @observed
  Rule: A timeout too long to be counted becomes the longest there is
    That is 9223372036854775807 seconds.
    Sources: docs/observed/sessions.md#updating; fixtures/recordings/rest/session_patch.json

    @LL-SESSION-006.a
    Scenario Outline: A timeout of <timeout>
      Given a connected client
      When the client updates the session with {"timeout": <timeout>}
      Then the answer is 200
      And the answer is {"resuming": false, "timeout": 9223372036854775807}

      Examples:
        | timeout             |
        | 9007199254740993    |
        | 9223372036854775807 |

  @LL-SESSION-007 @observed @odd-input
  Rule: An update that is refused changes nothing
    The fields before the wrong one are not applied either.
    Sources: Lavalink docs, api/rest.md "Update Session"; docs/observed/sessions.md#updating; docs/observed/http.md#bodies; fixtures/recordings/rest/session_patch.json

    @LL-SESSION-007.a @twin
    Scenario: An update that is sound
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 10}
      When the client updates the session with {"resuming": false, "timeout": 20}
      Then the answer is 200
      And the answer is {"resuming": false, "timeout": 20}

    @LL-SESSION-007.b
    Scenario Outline: An update with "<case>" in it
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 10}
      When the client requests "PATCH /v4/sessions/${session}" with <body>
      Then the answer is a refusal
      When the client updates the session with {}
      Then the answer is {"resuming": true, "timeout": 10}

      Examples:
        | case     | body                                |
        | null     | {"resuming": false, "timeout": null} |
        | text     | {"resuming": "yes", "timeout": 20}  |
        | fraction | {"resuming": false, "timeout": 1.5} |

  @LL-SESSION-008 @must
  Rule: Updating a session that nobody has is refused
    No session comes to be by it.
    Sources: Lavalink docs, api/rest.md "Error Responses"; docs/observed/sessions.md#updating; fixtures/recordings/rest/session_patch.json

    @LL-SESSION-008.a
    Scenario: An id that was never given
      When the client requests "PATCH /v4/sessions/${nosession}" with {"resuming": true}
      Then the answer is a refusal
      When the client requests "GET /v4/sessions/${nosession}/players"
      Then the answer is a refusal

    @LL-SESSION-008.c @twin
    Scenario: An id that is open
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}" with {}
      Then the answer is 200

  @LL-SESSION-009 @observed
  Rule: A session can only be updated
    It is made by connecting and ends by closing; other methods are 405 with Allow PATCH.
    Sources: docs/observed/sessions.md#updating; fixtures/recordings/rest/session_patch.json

    @LL-SESSION-009.a
    Scenario Outline: <method> of a session that is open
      Given a connected client
      When the client requests "<method> /v4/sessions/${session}"
      Then the answer is 405 "Method '<method>' is not supported."
      And the answer's header "Allow" is "PATCH"
      When the client fetches all players
      Then the answer is []
      And the client's ping is answered

      Examples:
        | method |
        | GET    |
        | DELETE |
        | POST   |
        | PUT    |

  @LL-SESSION-010 @observed
  Rule: An update is not told over the socket
    The answer is all that a client gets.
    Sources: docs/observed/sessions.md#updating; fixtures/recordings/rest/session_patch.json

    @LL-SESSION-010.a
    Scenario: No message follows an update
      Given a connected client
      And the client receives in any order:
        | kind  | with |
        | ready |      |
        | stats |      |
      When the client updates the session with {"timeout": 10}
      Then the answer is 200
      And no message follows
