Feature: Guild ids
  A guild id in a path is a signed integer of 64 bits, in decimal.

  @LL-HTTP-060 @must
  Rule: A snowflake is a guild id
    The answer gives it back as a string, as JavaScript cannot hold it as a number.
    Sources: Lavalink docs, api/rest.md "Player"; docs/observed/http.md#guild-ids; fixtures/recordings/rest/player_lazy_creation.json

    @LL-HTTP-060.a
    Scenario: A player of a guild
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/${guild}" with {}
      Then the answer is 200
      And the answer at "/guildId" is "${guild}"

  @LL-HTTP-061 @observed
  Rule: Any signed integer of 64 bits is a guild id
    Zero, negative ones and both ends of the range included.
    Sources: docs/observed/http.md#guild-ids; fixtures/recordings/rest/player_lazy_creation.json

    @LL-HTTP-061.a
    Scenario Outline: The guild id "<case>"
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/<id>" with {}
      Then the answer is 200
      And the answer at "/guildId" is "<id>"
      When the client requests "GET /v4/sessions/${session}/players/<id>"
      Then the answer is 200
      And the answer at "/guildId" is "<id>"

      Examples:
        | case     | id                   |
        | zero     | 0                    |
        | negative | -1                   |
        | greatest | 9223372036854775807  |
        | least    | -9223372036854775808 |

  @LL-HTTP-062 @should
  Rule: A player of a word is refused
    No player comes to be. Which status says so is another matter (LL-HTTP-063).
    Sources: Lavalink docs, api/rest.md "Player"; docs/observed/http.md#guild-ids; fixtures/recordings/rest/player_lazy_creation.json

    @LL-HTTP-062.a
    Scenario Outline: A PATCH of the guild "<case>"
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/<id>" with {}
      Then the answer is a refusal
      When the client fetches all players
      Then the answer is []

      Examples:
        | case     | id                   |
        | word     | abc                  |

  @LL-HTTP-063 @observed
  Rule: What is no 64-bit integer is 400 "Bad Request", whatever the method
    A player that cannot be is not 404, and no PATCH makes one.
    Sources: docs/observed/http.md#guild-ids; fixtures/recordings/rest/player_lazy_creation.json

    @LL-HTTP-063.a
    Scenario Outline: A <method> of a guild that is no number
      Given a connected client
      When the client requests "<method> /v4/sessions/${session}/players/abc"
      Then the answer is 400 "Bad Request"

      Examples:
        | method |
        | GET    |
        | DELETE |

    @LL-HTTP-063.b
    Scenario Outline: A GET of the guild "<case>"
      Given a connected client
      When the client requests "GET /v4/sessions/${session}/players/<id>"
      Then the answer is 400 "Bad Request"

      Examples:
        | case     | id                   |
        | fraction | 1.5                  |
        | space    | %20                  |
        | big      | 99999999999999999999 |

    @LL-HTTP-063.c
    Scenario Outline: A PATCH of the guild "<case>"
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/<id>" with {}
      Then the answer is 400 "Bad Request"
      When the client fetches all players
      Then the answer is []

      Examples:
        | case     | id                   |
        | word     | abc                  |
        | fraction | 1.5                  |
        | space    | %20                  |
        | big      | 99999999999999999999 |
        | edge     | 9223372036854775808  |
        | mixed    | 1a                   |

  @LL-HTTP-338 @observed
  Rule: A guild id may be hexadecimal
    Digits follow 0x or #. The answer has it in decimal.
    Sources: docs/observed/http.md#guild-ids

    @LL-HTTP-338.a
    Scenario Outline: <id>
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/<id>" with {}
      Then the answer is 200
      And the answer at "/guildId" is "<guild>"

      Examples:
        | case     | id    | guild |
        | digits   | 0x10  | 16    |
        | negative | -0x10 | -16   |

  @LL-HTTP-402 @observed
  Rule: Blanks in a guild id do not count, and digits of any script are digits
    Blanks that may not be broken do count.
    Sources: docs/observed/http.md#guild-ids

    @LL-HTTP-402.a
    Scenario: Before it, in it and after it
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/%201%09%202%20" with {}
      Then the answer is 200
      And the answer at "/guildId" is "12"

    @LL-HTTP-402.b
    Scenario Outline: "<id>" is none
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/<id>" with {}
      Then the answer is 400 "Bad Request"

      Examples:
        | case         | id      |
        | no-break     | %C2%A01 |
        | twice signed | 0x+1    |
        | minus within | 0x-1    |

    @LL-HTTP-402.c
    Scenario: Digits of other scripts are digits
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}/players/%D9%A1%EF%BC%92" with {}
      Then the answer is 200
      And the answer at "/guildId" is "12"
