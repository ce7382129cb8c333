Feature: Request heads
  How much a request may bring, and what it has to. A head that is refused gets an
  empty 400, whatever the password, and its connection ends.

  @LL-HTTP-344 @observed
  Rule: A connection waits for the next request
    For a minute. Clients keep their connections, and take the next one for granted.
    Sources: docs/observed/wire.md#request-heads

    @LL-HTTP-344.a
    Scenario: Twelve seconds later
      When the client sends the raw request:
        """
        GET /v4/info HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      And 12 seconds pass
      And the client sends on the same connection the raw request:
        """
        GET /v4/stats HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is 200
      And the answer contains {"players": "#integer"}
      And the connection stays open

    @LL-HTTP-344.b
    Scenario: Each answer is about its own request
      When the client sends the raw request:
        """
        GET /v4/one HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      And the client sends on the same connection the raw request:
        """
        GET /v4/two HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is 404 "No endpoint GET /v4/two."

  @LL-HTTP-345 @observed
  Rule: A client that has ended its side of the connection gets its answer
    Also one that takes a while, as it has to be asked for elsewhere.
    Sources: docs/observed/wire.md#request-heads

    @LL-HTTP-345.a @needs-http-source
    Scenario: A track is looked up
      When the client sends the raw request and ends its side:
        """
        GET /v4/loadtracks?identifier=${media}/tone-30s.wav HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is 200
      And the answer contains {"loadType": "track"}

    @LL-HTTP-345.b @twin @needs-http-source
    Scenario: With the side open
      When the client sends the raw request:
        """
        GET /v4/loadtracks?identifier=${media}/tone-30s.wav HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is 200
      And the answer contains {"loadType": "track"}

  @LL-HTTP-210 @observed
  Rule: HTTP/1.1 needs one Host, and not an empty one
    What it says does not matter. HTTP/1.0 needs none.
    Sources: docs/observed/wire.md#request-heads

    @LL-HTTP-210.a
    Scenario Outline: A request with the Host "<case>"
      When the client sends the raw request:
        """
        GET /v4/info HTTP/1.1
        <host>Authorization: ${password}
        """
      Then the answer is 400
      And the answer is empty
      And the answer's header "Lavalink-Api-Version" is absent
      And the connection is closed

      Examples:
        | case      | host                           |
        | none      |                                |
        | empty     | Host:\\n                        |
        | blank     | Host: \\x20\\n                   |
        | twice     | Host: ${host}\\nHost: ${host}\\n |
        | different | Host: a\\nHost: b\\n             |

    @LL-HTTP-210.b
    Scenario Outline: A request with the Host <host>
      When the client sends the raw request:
        """
        GET /v4/info HTTP/1.1
        Host: <host>
        Authorization: ${password}
        """
      Then the answer is 200

      Examples:
        | case    | host        |
        | own     | ${host}     |
        | other   | example.com |
        | no-host | x y/z@?     |
        | ipv6    | [::1]:99    |
        | port    | a:99999     |

    @LL-HTTP-210.c
    Scenario Outline: HTTP/1.0 with the Host "<case>"
      When the client sends the raw request:
        """
        GET /version HTTP/1.0
        <host>Authorization: ${password}
        """
      Then the answer is <status>

      Examples:
        | case  | host               | status |
        | none  |                    | 200    |
        | empty | Host:\\n            | 200    |
        | twice | Host: a\\nHost: a\\n | 400    |

  @LL-HTTP-211 @observed
  Rule: A head has at most 8192 bytes
    The line of the request, all headers, and the empty line at the end: a long URL is too much
    as a long header is. Identifiers that are longer cannot be loaded.
    Sources: docs/observed/wire.md#request-heads

    @LL-HTTP-211.a
    Scenario Outline: A head of <length> bytes by its header
      When the client sends the raw request:
        """
        GET /version HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        X-Filling: \{to <length> a}
        """
      Then the answer is <status>

      Examples:
        | case     | length | status |
        | longest  | 8192   | 200    |
        | longer   | 8193   | 400    |
        | long     | 70000  | 400    |
        | longlong | 600000 | 400    |

    @LL-HTTP-211.b
    Scenario Outline: A head of <length> bytes by its URL
      When the client sends the raw request:
        """
        GET /v4/loadtracks?identifier=\{to <length> a} HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is <status>

      Examples:
        | case     | length | status |
        | longest  | 8192   | 200    |
        | longer   | 8193   | 400    |
        | long     | 70000  | 400    |
        | longlong | 600000 | 400    |

    @LL-HTTP-211.c
    Scenario: The refusal is empty and the last thing on its connection
      When the client sends the raw request:
        """
        GET /v4/info HTTP/1.1
        Host: ${host}
        X-Filling: \{to 8193 a}
        """
      Then the answer is 400
      And the answer is empty
      And the answer's header "Lavalink-Api-Version" is absent
      And the connection is closed

  @LL-HTTP-212 @observed
  Rule: A request has at most 200 headers, and 127 of one name
    Sources: docs/observed/wire.md#request-heads

    @LL-HTTP-212.a
    Scenario Outline: <first> and <second> headers, and the two that are usual
      When the client sends the raw request:
        """
        GET /version HTTP/1.1
        Host: ${host}
        \{<first> A: b\n}\{<second> C: d\n}Authorization: ${password}
        """
      Then the answer is <status>

      Examples:
        | case        | first | second | status |
        | most        | 100   | 98     | 200    |
        | more        | 100   | 99     | 400    |
        | same        | 127   | 1      | 200    |
        | one-more    | 128   | 1      | 400    |
        | many        | 120   | 120    | 400    |

  @LL-HTTP-213 @observed
  Rule: The length of a body is told once
    Two readers that disagree about it could be led astray.
    Sources: docs/observed/wire.md#request-heads

    @LL-HTTP-213.a
    Scenario Outline: A body with "<case>"
      When the client sends the raw request:
        """
        PATCH /v4/sessions/x HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        Content-Type: application/json
        <length>

        <body>
        """
      Then the answer is 400
      And the answer is empty
      And the connection is closed

      Examples:
        | case      | length                                                     | body               |
        | same      | Content-Length: 2\\nContent-Length: 2                       | {}                 |
        | different | Content-Length: 2\\nContent-Length: 3                       | {}                 |
        | both      | Content-Length: 2\\nTransfer-Encoding: chunked              | 2\\n{}\\n0\\n\\n       |
        | chunked   | Transfer-Encoding: chunked\\nTransfer-Encoding: chunked     | 2\\n{}\\n0\\n\\n       |
        | list      | Content-Length: 2, 2                                       | {}                 |
        | no-number | Content-Length: +2                                         | {}                 |

    @LL-HTTP-213.b @twin
    Scenario Outline: A body with one length, "<case>"
      When the client sends the raw request:
        """
        PATCH /v4/sessions/x HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        Content-Type: application/json
        <length>

        <body>
        """
      Then the answer is 404 "Session not found"

      Examples:
        | case    | length                     | body         |
        | known   | Content-Length: 2          | {}           |
        | chunked | Transfer-Encoding: chunked | 2\\n{}\\n0\\n\\n |

  @LL-HTTP-214 @observed
  Rule: More than 200 cookies are a 500
    They are counted by name. Nothing here reads them.
    Sources: docs/observed/wire.md#request-heads

    @LL-HTTP-214.a
    Scenario Outline: <count> cookies
      When the client sends the raw request:
        """
        GET /v4/nope HTTP/1.1
        Host: ${host}
        Cookie: \{<count> <cookie>; }
        """
      Then the answer is <status> "<message>"

      Examples:
        | case | count | cookie | status | message                                                          |
        | most | 200   | a#=b   | 404    | No endpoint GET /v4/nope.                                        |
        | more | 201   | a#=b   | 500    | UT000046: The number of cookies sent exceeded the maximum of 200 |
        | same | 300   | a=b    | 404    | No endpoint GET /v4/nope.                                        |

  @LL-HTTP-401 @observed
  Rule: A header whose name is no name is refused, and blanks in it are taken
    Sources: docs/observed/wire.md#request-heads

    @LL-HTTP-401.a
    Scenario Outline: A header that is called <name>
      When the client sends the raw request:
        """
        GET /v4/nope HTTP/1.1
        Host: ${host}
        <name>: 1
        """
      Then the answer is 400
      And the answer is empty
      And the connection is closed

      Examples:
        | case    | name    |
        | bracket | X(Y     |
        | slash   | X/Y     |
        | quotes  | "X"     |
        | at      | X@Y     |
        | byte    | X\\xe9  |

    @LL-HTTP-401.b @twin
    Scenario Outline: A header that is called <name> is fine
      When the client sends the raw request:
        """
        GET /v4/nope HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        <name>: 1
        """
      Then the answer is 404 "No endpoint GET /v4/nope."

      Examples:
        | case   | name            |
        | blank  | X Y             |
        | all    | !#$%&'*+-.^_`~9 |
        | folded | X: 1\\n Y(       |
