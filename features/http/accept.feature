Feature: What a client accepts and sends
  How Accept decides what an error and the version look like, and what is
  said of a Content-Type that is none.

  @LL-HTTP-300 @observed
  Rule: An error for who accepts HTML is a page
    Somebody who opens the server in a browser sees a page, and so does a client whose HTTP library
    sends the Accept of one. HTML is preferred wherever it is named, whatever its weight, unless
    everything is preferred to it.
    Sources: docs/observed/compared.md#accept

    @LL-HTTP-300.a
    Scenario Outline: <case> prefers the page
      Given the next request has headers:
        | header | value    |
        | Accept | <accept> |
      When the client requests "GET /v4/nope"
      Then the answer is 404
      And the answer's header "Content-Type" starts with "text/html"
      And the answer is a text like "(?s).*type=Not Found, status=404.*"

      Examples:
        | case    | accept                                            |
        | alone   | text/html                                         |
        | first   | text/html, application/json                       |
        | later   | application/json, text/html;q=0.1                 |
        | texts   | text/*                                            |
        | browser | text/html,application/xhtml+xml,*/*;q=0.8         |

    @LL-HTTP-300.b
    Scenario Outline: <case> does not name HTML
      Given the next request has headers:
        | header | value    |
        | Accept | <accept> |
      When the client requests "GET /v4/nope"
      Then the answer is 404 "No endpoint GET /v4/nope."
      And the answer's header "Content-Type" starts with "application/json"

      Examples:
        | case     | accept           |
        | none     | (absent)         |
        | any      | */*              |
        | json     | application/json |

    @LL-HTTP-300.d
    Scenario: Everything goes before HTML
      Given the next request has headers:
        | header | value                |
        | Accept | */*, text/html;q=0.5 |
      When the client requests "GET /v4/nope"
      Then the answer is 404 "No endpoint GET /v4/nope."

    @LL-HTTP-300.c
    Scenario: JSON that is not wanted is such a page too
      Given the next request has headers:
        | header | value     |
        | Accept | text/html |
      When the client requests "GET /v4/info"
      Then the answer is 406
      And the answer's header "Content-Type" starts with "text/html"
      And the answer is a text like "(?s).*type=Not Acceptable, status=406.*"

  @LL-HTTP-301 @observed
  Rule: An error for who accepts neither JSON nor HTML keeps its status and has no body
    The status alone has to do.
    Sources: docs/observed/compared.md#accept

    @LL-HTTP-301.a
    Scenario Outline: <case>
      Given the next request has headers:
        | header | value    |
        | Accept | <accept> |
      When the client requests "<request>"
      Then the answer is <status>
      And the answer is empty
      And the answer's header "Content-Type" is absent

      Examples:
        | case    | accept          | request                               | status |
        | path    | text/plain      | GET /v4/nope                          | 404    |
        | xml     | application/xml | GET /v4/nope                          | 404    |
        | session | text/plain      | GET /v4/sessions/${nosession}/players | 404 |
        | method  | text/plain      | POST /version                         | 405    |
        | query   | text/plain      | GET /v4/loadtracks                    | 400    |

  @LL-HTTP-302 @observed
  Rule: The version is of the media type that is asked for
    It is the same text whatever it is called; the first type of the greatest weight counts.
    Sources: docs/observed/compared.md#accept

    @LL-HTTP-302.a
    Scenario Outline: <case>
      Given the next request has headers:
        | header | value    |
        | Accept | <accept> |
      When the client requests "GET /version"
      Then the answer is 200
      And the answer's header "Content-Type" is like "<type>"
      And the answer is a text like "[0-9A-Za-z][0-9A-Za-z.+-]*"

      Examples:
        | case    | accept                            | type                           |
        | html    | text/html                         | text/html; ?charset=ISO-8859-1 |
        | xml     | application/xml                   | application/xml; ?charset=ISO-8859-1 |
        | any     | text/html, */*                    | text/html; ?charset=ISO-8859-1 |
        | weights | text/html;q=0.5, application/json | application/json               |
        | texts   | text/*                            | text/plain; ?charset=ISO-8859-1 |
        | subtype | text/*, text/html                 | text/html; ?charset=ISO-8859-1 |
        | whole   | */*, text/html                    | text/html; ?charset=ISO-8859-1 |
        | subtypes | */*, text/*                      | text/plain; ?charset=ISO-8859-1 |
        | more    | text/html, text/html;a=1          | text/html; ?a=1; ?charset=ISO-8859-1 |
        | most    | text/html;a=1, text/html;a=1;b=2  | text/html; ?a=1; ?b=2; ?charset=ISO-8859-1 |
        | equal   | text/html;a=1, text/html;b=2      | text/html; ?a=1; ?charset=ISO-8859-1 |
        | less    | text/html;a=1, text/html          | text/html; ?a=1; ?charset=ISO-8859-1 |
        | another | text/html, text/css;a=1           | text/html; ?charset=ISO-8859-1 |
        | quoted  | text/html;q="0.5", application/json | application/json             |
        | twice   | text/html;a=1;a=2                 | text/html; ?a=2; ?charset=ISO-8859-1 |
        | case    | text/html;a=1;A=2                 | text/html; ?A=2; ?charset=ISO-8859-1 |
        | nameless | text/html;a                      | text/html; ?charset=ISO-8859-1 |
        | encoding | text/html;charset=utf-8          | text/html; ?charset=utf-8      |
        | bare    | text/html;charset="utf-8"         | text/html; ?charset=utf-8      |
        | apostrophes | text/html;a='1;2'             | text/html; ?a='1; ?charset=ISO-8859-1 |

    @LL-HTTP-302.b
    Scenario: What could be named with a wildcard alone is not acceptable, and told what is
      Given the next request has headers:
        | header | value   |
        | Accept | image/* |
      When the client requests "GET /version"
      Then the answer is 406
      And the answer is empty
      And the answer's header "Accept" is "text/plain, application/json, application/*+json, */*"

  @LL-HTTP-303 @observed
  Rule: A Content-Type that is no media type is 415 "Could not parse Content-Type."
    It takes a type, a subtype, and no encoding that does not exist.
    Sources: docs/observed/compared.md#content-types

    @LL-HTTP-303.a
    Scenario Outline: <case>
      Given a connected client
      And the next request has headers:
        | header       | value  |
        | Content-Type | <type> |
      When the client requests "PATCH /v4/sessions/${session}" with {"timeout": 7}
      Then the answer is 415 "Could not parse Content-Type."
      And the answer's header "Accept" lists "application/json, application/*+json"
      And the answer's header "Accept-Patch" is absent
      When the client updates the session with {}
      Then the answer is {"resuming": false, "timeout": 60}

      Examples:
        | case     | type                               |
        | word     | json                               |
        | half     | application/                       |
        | more     | application/json/x                 |
        | two      | application/json, application/json |
        | encoding | application/json; charset=nonsense |
        | quote    | application/json; charset="utf-8   |

    @LL-HTTP-303.b @twin
    Scenario Outline: <case> is none of it
      Given a connected client
      And the next request has headers:
        | header       | value  |
        | Content-Type | <type> |
      When the client requests "PATCH /v4/sessions/${session}" with {"timeout": 7}
      Then the answer is {"resuming": false, "timeout": 7}

      Examples:
        | case      | type                           |
        | semicolon | application/json;              |
        | quoted    | application/json;charset="utf-8" |

  @LL-HTTP-304 @observed
  Rule: Accept-Patch comes with a 415 of PATCH only
    It is about that method.
    Sources: docs/observed/compared.md#content-types

    @LL-HTTP-304.a @twin
    Scenario: PATCH
      Given a connected client
      And the next request has headers:
        | header       | value      |
        | Content-Type | text/plain |
      When the client requests "PATCH /v4/sessions/${session}" with {}
      Then the answer is an error 415
      And the answer's header "Accept-Patch" lists "application/json, application/*+json"

    @LL-HTTP-304.b
    Scenario: POST
      Given the next request has headers:
        | header       | value      |
        | Content-Type | text/plain |
      When the client requests "POST /v4/decodetracks" with []
      Then the answer is an error 415
      And the answer's header "Accept-Patch" is absent

  @LL-HTTP-305 @observed
  Rule: An empty Content-Type counts as none
    The message names what a body without a type is taken for.
    Sources: docs/observed/compared.md#content-types

    @LL-HTTP-305.a
    Scenario: Empty
      Given a connected client
      And the next request has headers:
        | header       | value |
        | Content-Type |       |
      When the client requests "PATCH /v4/sessions/${session}" with {}
      Then the answer is 415 "Content-Type 'application/octet-stream' is not supported."

  @LL-HTTP-335 @observed
  Rule: An Accept that cannot be read is 406, and an error for it is empty
    One range that is none spoils the whole header.
    Sources: docs/observed/compared.md#accept

    @LL-HTTP-335.a
    Scenario Outline: <case>
      Given the next request has headers:
        | header | value    |
        | Accept | <accept> |
      When the client requests "GET /v4/info"
      Then the answer is 406
      And the answer is empty
      And the answer's header "Accept" is absent

      Examples:
        | case     | accept                            |
        | word     | application/json, nonsense        |
        | empty    | application/json, ;               |
        | weight   | application/json;q=abc            |
        | heavy    | application/json;q=1.5            |
        | encoding | application/json;charset=nonsense |
        | quote    | application/json;a="b             |
        | lone quote | application/json;a="            |
        | half quoted | application/json;a=b"          |

    @LL-HTTP-335.b
    Scenario: An error
      Given the next request has headers:
        | header | value               |
        | Accept | text/html, nonsense |
      When the client requests "GET /v4/nope"
      Then the answer is 404
      And the answer is empty
      And the answer's header "Content-Type" is absent

    @LL-HTTP-335.c
    Scenario: The version
      Given the next request has headers:
        | header | value               |
        | Accept | text/html, nonsense |
      When the client requests "GET /version"
      Then the answer is 406
      And the answer is empty
      And the answer's header "Accept" is absent

    @LL-HTTP-335.d @twin
    Scenario Outline: <case> is fine
      Given the next request has headers:
        | header | value    |
        | Accept | <accept> |
      When the client requests "GET /v4/info"
      Then the answer is 200

      Examples:
        | case   | accept                       |
        | escaped quote | application/json;a="1\\",2"  |
        | commas | application/json, ,          |
        | quoted | application/json;a="b,c;d"   |
        | star   | *;q=.2                       |
        | least  | application/json;q=0         |

  @LL-HTTP-336 @observed
  Rule: JSON is of the type that is asked for, if that is a type of JSON
    Errors, too. Parameters come back as they were given.
    Sources: docs/observed/compared.md#accept

    @LL-HTTP-336.a
    Scenario Outline: <case>
      Given the next request has headers:
        | header | value    |
        | Accept | <accept> |
      When the client requests "GET <path>"
      Then the answer is <status>
      And the answer's header "Content-Type" is "<type>"

      Examples:
        | case      | accept                                | path     | status | type                   |
        | suffix    | application/vnd.x+json                | /v4/info | 200    | application/vnd.x+json |
        | parameter | application/json;v=3;q=0.9, */*;q=0.8 | /v4/info | 200    | application/json;v=3   |
        | error     | application/vnd.x+json                | /v4/nope | 404    | application/vnd.x+json |

  @LL-HTTP-337 @observed
  Rule: Several Accept headers are one list
    Sources: docs/observed/compared.md#accept

    @LL-HTTP-337.a
    Scenario: JSON is accepted by the second
      When the client sends the raw request:
        """
        GET /v4/info HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        Accept: application/xml
        Accept: application/json
        """
      Then the answer is 200

  @LL-HTTP-339 @observed
  Rule: A body is read in the encoding that its Content-Type names
    Sources: docs/observed/compared.md#content-types

    @LL-HTTP-339.a
    Scenario: UTF-8 that is said to be UTF-16
      Given a connected client
      And the next request has headers:
        | header       | value                           |
        | Content-Type | application/json;charset=utf-16 |
      When the client requests "PATCH /v4/sessions/${session}" with {"timeout": 7}
      Then the answer is 400 "Bad Request"

    @LL-HTTP-339.b
    Scenario: UTF-16
      Given a connected client
      When the client sends the raw request:
        """
        PATCH /v4/sessions/${session} HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        Content-Type: application/json;charset=utf-16
        Content-Length: 4

        \x00{\x00}
        """
      Then the answer is {"resuming": false, "timeout": 60}

    @LL-HTTP-339.d
    Scenario Outline: UTF-8 that is said to be <name> is none
      Given a connected client
      And the next request has headers:
        | header       | value                           |
        | Content-Type | application/json;charset=<name> |
      When the client requests "PATCH /v4/sessions/${session}" with {"timeout": 7}
      Then the answer is 400 "Bad Request"

      Examples:
        | case   | name     |
        | big    | utf-16be |
        | little | utf-16le |

    @LL-HTTP-339.c @needs-http-source
    Scenario Outline: UTF-8 that is said to be <name>
      Given a connected client
      And a loaded track "tone-30s.wav"
      And the next request has headers:
        | header       | value                           |
        | Content-Type | application/json;charset=<name> |
      When the client updates the player with {"track": {"encoded": "${track}", "userData": {"text": "é"}}}
      Then the answer is 200
      And the answer at "/track/userData/text" is "<text>"

      Examples:
        | case     | name         | text |
        | latin-1  | iso-8859-1   | Ã©   |
        | capital  | ISO-8859-1   | Ã©   |
        | windows  | windows-1252 | Ã©   |
        | utf-8    | utf-8        | é    |
