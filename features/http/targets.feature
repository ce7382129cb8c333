Feature: Request targets
  What a client puts into a URL as it is, what it has to escape, and
  which path the server reads from it.

  @LL-HTTP-200 @observed
  Rule: A character that a URL may not have as it is gets an empty 400, and the connection ends
    A client that puts searches into a URL without escaping them fails, and is told nothing:
    the answer has no error object and no version header.
    Sources: docs/observed/wire.md#request-targets

    @LL-HTTP-200.a
    Scenario Outline: "<case>" in a query
      When the client sends the raw request:
        """
        GET /v4/loadtracks?identifier=a<raw>b HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is 400
      And the answer is empty
      And the answer's header "Lavalink-Api-Version" is absent
      And the connection is closed

      Examples:
        | case      | raw      |
        | bar       | \\x7c     |
        | brace     | {        |
        | closing   | }        |
        | backslash | \\x5c     |
        | caret     | ^        |
        | backquote | `        |
        | quote     | "        |
        | hash      | #        |
        | less      | \\x3c     |
        | more      | \\x3e     |
        | utf-8     | \\xc3\\xa9 |
        | latin-1   | \\xe9     |
        | tab       | \\x09     |
        | nul       | \\x00     |
        | delete    | \\x7f     |
        | blank     | \\x20     |

    @LL-HTTP-200.b
    Scenario Outline: "<case>" in a path
      When the client sends the raw request:
        """
        GET /v4/sessions/a<raw>b/players HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is 400
      And the answer is empty
      And the answer's header "Lavalink-Api-Version" is absent
      And the connection is closed

      Examples:
        | case      | raw      |
        | bar       | \\x7c     |
        | brace     | {        |
        | backslash | \\x5c     |
        | caret     | ^        |
        | hash      | #        |
        | utf-8     | \\xc3\\xa9 |
        | control   | \\x01     |

    @LL-HTTP-200.c
    Scenario: The password does not matter
      When the client sends the raw request:
        """
        GET /v4/info?a|b HTTP/1.1
        Host: ${host}
        """
      Then the answer is 400
      And the answer is empty
      And the connection is closed

    @LL-HTTP-200.d @twin
    Scenario: The same, escaped
      When the client sends the raw request:
        """
        GET /v4/loadtracks?identifier=a%7C%7B%7D%5C%5E%60%22%23%3C%3E%C3%A9b HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is 200
      And the answer is {"loadType": "empty", "data": null}
      And the connection stays open

  @LL-HTTP-201 @observed
  Rule: What else there is in ASCII may stand in a URL as it is
    Brackets too, which the standard would have escaped in paths and queries.
    Sources: docs/observed/wire.md#request-targets

    @LL-HTTP-201.a
    Scenario: In a query
      When the client sends the raw request:
        """
        GET /v4/loadtracks?identifier=a[b]'c!$()*+,;:@~/?=._- HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is 200
      And the answer is {"loadType": "empty", "data": null}

    @LL-HTTP-201.b
    Scenario: In a path
      When the client sends the raw request:
        """
        GET /v4/nope/a[b]'c!$&()*+,:@~=._- HTTP/1.1
        Host: ${host}
        """
      Then the answer is 404 "No endpoint GET /v4/nope/a[b]'c!$&()*+,:@~=._-."

  @LL-HTTP-202 @observed
  Rule: Escapes in a path count as what they stand for, but an escaped slash divides nothing
    Errors show the path as it was sent.
    Sources: docs/observed/wire.md#request-targets

    @LL-HTTP-202.a
    Scenario Outline: <path> is an endpoint
      When the client requests "GET <path>"
      Then the answer is 200
      And the answer contains {"version": {"major": 4}}

      Examples:
        | case    | path          |
        | name    | /v4/%69nfo    |
        | version | /%76%34/info  |

    @LL-HTTP-202.b
    Scenario: The id of a session, escaped
      Given a connected client
      When the client requests "GET /v4/session%73/${session}/players"
      Then the answer is 200
      And the answer is []

    @LL-HTTP-202.c
    Scenario Outline: <path> is none
      When the client requests "GET <path>"
      Then the answer is 404 "No endpoint GET <path>."

      Examples:
        | case    | path           |
        | slash   | /v4%2finfo     |
        | blank   | /v4/info%20    |
        | nul     | /v4/info%00    |
        | line    | /v4/info%0a    |
        | percent | /v4/%2569nfo   |
        | letter  | /v4/n%6fpe     |

    @LL-HTTP-202.d
    Scenario Outline: A session of the name <id>
      When the client requests "GET /v4/sessions/<id>/players"
      Then the answer is 404 "Session not found"

      Examples:
        | case    | id      |
        | slash   | a%2fb   |
        | no-text | %ff     |
        | nul     | %00     |

  @LL-HTTP-203 @observed
  Rule: What follows a semicolon in a part of a path is not of its name
    Parameters of paths, as some proxies add them.
    Sources: docs/observed/wire.md#request-targets

    @LL-HTTP-203.a
    Scenario Outline: <path> is an endpoint
      When the client requests "GET <path>"
      Then the answer is 200
      And the answer contains {"version": {"major": 4}}

      Examples:
        | case   | path              |
        | end    | /v4/info;a=b      |
        | middle | /v4;a/info        |
        | empty  | /v4/info;         |
        | more   | /v4/info;a=b;c;d= |

    @LL-HTTP-203.b
    Scenario: A session
      Given a connected client
      When the client requests "GET /v4/sessions/${session};a=b/players"
      Then the answer is 200
      And the answer is []

    @LL-HTTP-203.c
    Scenario Outline: <path> is none
      When the client requests "GET <path>"
      Then the answer is 404 "No endpoint GET <path>."

      Examples:
        | case    | path         |
        | unknown | /v4/nope;a=b |
        | nothing | /;a          |
        | escaped | /v4/info%3ba |

  @LL-HTTP-204 @observed
  Rule: A percent sign that begins no escape gets an empty 400, and the connection ends
    In whatever parameter it stands, and whether anybody reads it.
    Sources: docs/observed/wire.md#request-targets

    @LL-HTTP-204.a
    Scenario Outline: <target>
      When the client sends the raw request:
        """
        GET <target> HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is 400
      And the answer is empty
      And the answer's header "Lavalink-Api-Version" is absent
      And the connection is closed

      Examples:
        | case    | target                              |
        | letters | /v4/loadtracks?identifier=%zz       |
        | end     | /v4/loadtracks?identifier=100%      |
        | short   | /v4/loadtracks?identifier=100%4     |
        | unicode | /v4/loadtracks?identifier=%u0041    |
        | middle  | /v4/loadtracks?identifier=100%25%-5 |
        | unread  | /v4/info?a=%zz                      |
        | name    | /v4/info?%zz=a                      |
        | path    | /v4/nope/%zz                        |
        | cut     | /v4/nope/%4                         |

    @LL-HTTP-204.b
    Scenario Outline: Whatever an escape stands for, it is one: <escape>
      When the client sends the raw request:
        """
        GET /v4/loadtracks?identifier=a<escape>b HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is 200
      And the answer is {"loadType": "empty", "data": null}

      Examples:
        | case     | escape |
        | nul      | %00    |
        | no-utf-8 | %ff    |
        | too-long | %c0%80 |
        | percent  | %25    |
        | line     | %0d%0a |

  @LL-HTTP-205 @observed
  Rule: A query has at most 1000 parameters
    Empty ones count. With one more the request is refused like a wrong character.
    Sources: docs/observed/wire.md#request-targets

    @LL-HTTP-205.a
    Scenario Outline: <count> and one more, "<case>"
      When the client sends the raw request:
        """
        GET /v4/loadtracks?identifier=a\{<count> <parameter>} HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is 400
      And the answer is empty
      And the connection is closed

      Examples:
        | case  | count | parameter |
        | named | 1000  | &a=b      |
        | empty | 1000  | &         |

    @LL-HTTP-205.b
    Scenario: As many as there may be
      When the client sends the raw request:
        """
        GET /v4/loadtracks?identifier=a\{999 &a=b} HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        """
      Then the answer is 200

  @LL-HTTP-206 @observed
  Rule: Dots and empty parts of a path are taken as they stand
    A base URL that ends with a slash leads nowhere.
    Sources: docs/observed/wire.md#request-targets

    @LL-HTTP-206.a
    Scenario Outline: <path> is no endpoint
      When the client requests "GET <path>"
      Then the answer is 404 "No endpoint GET <path>."

      Examples:
        | case    | path               |
        | first   | //v4/info          |
        | middle  | /v4//info          |
        | last    | /v4/info//         |
        | dot     | /v4/./info         |
        | up      | /v4/x/../info      |
        | above   | /../v4/info        |
        | escaped | /v4/%2e%2e/version |

  @LL-HTTP-332 @observed
  Rule: A part of a path without a name belongs to no endpoint
    A client that has lost its session's id is not told that there is no such session.
    Sources: docs/observed/wire.md#request-targets

    @LL-HTTP-332.a
    Scenario Outline: <method> <path>
      When the client requests "<method> <path>"
      Then the answer is 404 "No endpoint <method> <path>."

      Examples:
        | case       | method | path                       |
        | empty      | GET    | /v4/sessions//players      |
        | method     | DELETE | /v4/sessions//players      |
        | player     | DELETE | /v4/sessions//players/1    |
        | parameters | GET    | /v4/sessions/;x/players    |

  @LL-HTTP-333 @observed
  Rule: A dot at the root is sent on to the folder of that name
    It is the only path that is sent on.
    Sources: docs/observed/wire.md#request-targets

    @LL-HTTP-333.a
    Scenario Outline: <method>
      When the client sends the raw request:
        """
        <method> /. HTTP/1.1
        Host: ${host}
        Content-Length: 0
        """
      Then the answer is <status>
      And the answer is empty
      And the answer's header "Location" is "http://${host}/./"

      Examples:
        | case | method | status |
        | get  | GET    | 302    |
        | post | POST   | 307    |

    @LL-HTTP-333.b
    Scenario Outline: With the query "<query>"
      When the client sends the raw request:
        """
        GET /.?<query> HTTP/1.1
        Host: ${host}
        """
      Then the answer is 302
      And the answer's header "Location" is "http://${host}/./<kept>"

      Examples:
        | case  | query | kept |
        | query | a=b   | ?a=b |
        | empty |       |      |
