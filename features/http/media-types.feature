Feature: Media types
  Bodies are JSON in both directions; a client that says otherwise is told so.

  @LL-HTTP-050 @observed
  Rule: A body of another Content-Type than JSON is 415
    Nothing is changed by it. What ends with +json is JSON.
    Sources: docs/observed/http.md#media-types; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-050.a
    Scenario Outline: The Content-Type "<case>"
      Given a connected client
      And the next request has headers:
        | header       | value  |
        | Content-Type | <type> |
      When the client requests "PATCH /v4/sessions/${session}" with {"timeout": 7}
      Then the answer is an error 415
      When the client updates the session with {}
      Then the answer is {"resuming": false, "timeout": 60}

      Examples:
        | case    | type                              |
        | text    | text/plain                        |
        | charset | text/plain; charset=utf-8         |
        | xml     | application/xml                   |
        | form    | application/x-www-form-urlencoded |
        | none    | (absent)                          |

    @LL-HTTP-050.b
    Scenario: A type that ends with +json
      Given a connected client
      And the next request has headers:
        | header       | value                    |
        | Content-Type | application/vnd.api+json |
      When the client requests "PATCH /v4/sessions/${session}" with {"timeout": 7}
      Then the answer is {"resuming": false, "timeout": 7}

  @LL-HTTP-053 @should
  Rule: JSON is read whatever the notation of its Content-Type
    Some HTTP libraries name a charset. Names of media types have no case.
    Sources: RFC 9110 §8.3.1; docs/observed/http.md#media-types; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-053.a
    Scenario Outline: The Content-Type "<case>" is JSON
      Given a connected client
      And the next request has headers:
        | header       | value  |
        | Content-Type | <type> |
      When the client requests "PATCH /v4/sessions/${session}" with {"timeout": 7}
      Then the answer is 200
      And the answer contains {"timeout": 7}

      Examples:
        | case    | type                            |
        | bare    | application/json                |
        | charset | application/json; charset=utf-8 |
        | upper   | Application/JSON                |

  @LL-HTTP-051 @observed
  Rule: The message of a 415 names the type, and its header Accept what is supported
    A type without a charset is named with UTF-8, a missing one as octet-stream.
    Sources: docs/observed/http.md#media-types; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-051.a
    Scenario Outline: The Content-Type "<case>" is named
      Given a connected client
      And the next request has headers:
        | header       | value  |
        | Content-Type | <type> |
      When the client requests "PATCH /v4/sessions/${session}" with {}
      Then the answer is 415 "Content-Type '<named>' is not supported."
      And the answer's header "Accept" lists "application/json, application/*+json"

      Examples:
        | case    | type                              | named                                           |
        | text    | text/plain                        | text/plain;charset=UTF-8                        |
        | charset | text/plain; charset=utf-8         | text/plain;charset=utf-8                        |
        | form    | application/x-www-form-urlencoded | application/x-www-form-urlencoded;charset=UTF-8 |
        | none    | (absent)                          | application/octet-stream                        |

  @LL-HTTP-052 @observed
  Rule: An Accept that excludes JSON is 406 with an empty body
    The server has nothing else to offer.
    Sources: docs/observed/http.md#media-types; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-052.a
    Scenario Outline: <path> as XML
      Given the next request has headers:
        | header | value           |
        | Accept | application/xml |
      When the client requests "GET <path>"
      Then the answer is 406
      And the answer is empty

      Examples:
        | case  | path      |
        | info  | /v4/info  |
        | stats | /v4/stats |

    @LL-HTTP-052.b
    Scenario Outline: The Accept "<case>" includes JSON
      Given the next request has headers:
        | header | value    |
        | Accept | <accept> |
      When the client requests "GET /v4/info"
      Then the answer is 200
      And the answer's header "Content-Type" starts with "application/json"

      Examples:
        | case    | accept           |
        | none    | (absent)         |
        | any     | */*              |
        | subtype | application/*    |
        | json    | application/json |
        | also    | application/xml, application/json |

    @LL-HTTP-052.c
    Scenario: The version, a text, is given even to who accepts JSON only
      Given the next request has headers:
        | header | value            |
        | Accept | application/json |
      When the client requests "GET /version"
      Then the answer is 200
      And the answer is a text like "[0-9A-Za-z][0-9A-Za-z.+-]*"
