Feature: What the server is
  A client reads the version and what the server can do before it uses it.

  @LL-HTTP-070 @must
  Rule: GET /version answers the version as text
    Only the bare version, without quotes or a line end.
    The document says GET /v4/version; the real server has it at /version.
    Sources: Lavalink docs, api/rest.md "Get Lavalink version"; docs/observed/http.md#version; fixtures/recordings/rest/rest_basics.json; document §4.6

    @LL-HTTP-070.a
    Scenario: The version
      When the client requests "GET /version"
      Then the answer is 200
      And the answer is a text like "[0-9A-Za-z][0-9A-Za-z.+-]*"

    @LL-HTTP-070.b
    Scenario: It is the version that the info gives
      Given the client requests "GET /v4/info"
      And the answer at "/version/semver" is remembered as "semver"
      When the client requests "GET /version"
      Then the answer is the text "${semver}"

  @LL-HTTP-071 @observed
  Rule: There is no /v4/version
    The document says GET /v4/version answers the version; the real server answers 404.
    Sources: docs/observed/http.md#version; fixtures/recordings/rest/rest_basics.json; document §4.6

    @LL-HTTP-071.a
    Scenario: /v4/version is an unknown path
      When the client requests "GET /v4/version"
      Then the answer is 404 "No endpoint GET /v4/version."

  @LL-HTTP-072 @must
  Rule: GET /v4/info says what the server is and what it can do
    Clients choose sources and filters by it. Lavalink.py and others parse no answer that is not declared as JSON.
    Sources: Lavalink docs, api/rest.md "Get Lavalink info"; https://github.com/devoxin/Lavalink.py; docs/observed/http.md#info; fixtures/recordings/rest/rest_basics.json; document §4.5

    @LL-HTTP-072.a
    Scenario: The info
      When the client requests "GET /v4/info"
      Then the answer is 200
      And the answer contains:
        """
        {
          "version": {"semver": "#string", "major": "#integer", "minor": "#integer", "patch": "#integer"},
          "buildTime": "#integer",
          "git": {"branch": "#string", "commit": "#string", "commitTime": "#integer"},
          "jvm": "#string",
          "lavaplayer": "#string",
          "sourceManagers": "#array",
          "filters": "#array",
          "plugins": "#array"
        }
        """

    @LL-HTTP-072.b
    Scenario: It is JSON
      When the client requests "GET /v4/info"
      Then the answer's header "Content-Type" starts with "application/json"

  @LL-HTTP-073 @should
  Rule: The parts of the version are those of semver
    A client compares the parts and shows the whole.
    Sources: Lavalink docs, api/rest.md "Version Object"; docs/observed/http.md#info; document §4.5

    @LL-HTTP-073.a
    Scenario: semver begins with major, minor and patch
      When the client requests "GET /v4/info"
      And the answer at "/version/major" is remembered as "major"
      And the answer at "/version/minor" is remembered as "minor"
      And the answer at "/version/patch" is remembered as "patch"
      Then the answer at "/version/semver" is "#/${major}\\.${minor}\\.${patch}([-+].*)?/"

  @LL-HTTP-074 @observed
  Rule: preRelease is a string, empty for a release; a release has no build
    The document says both are null then; the real server gives "" and leaves build out.
    Sources: docs/observed/http.md#info; fixtures/recordings/rest/rest_basics.json; document §4.5

    @LL-HTTP-074.a
    Scenario: preRelease is never null
      When the client requests "GET /v4/info"
      Then the answer at "/version/preRelease" is "#string"

    @LL-HTTP-074.b
    Scenario: A version without build metadata has no build
      When the client requests "GET /v4/info"
      Then the answer at "/version/build" is "#absent"

  @LL-HTTP-075 @observed
  Rule: The info is the same each time
    A client may read it once and keep it.
    Sources: docs/observed/http.md#info; document §4.5

    @LL-HTTP-075.a
    Scenario: Two reads
      Given the client requests "GET /v4/info"
      And the answer at "" is remembered as "info"
      When the client requests "GET /v4/info"
      Then the answer contains ${info}

  @LL-HTTP-077 @observed
  Rule: The version says that it is text
    Sources: docs/observed/http.md#version; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-077.a
    Scenario: Its Content-Type
      When the client requests "GET /version"
      Then the answer is 200
      And the answer's header "Content-Type" starts with "text/plain"

  @LL-HTTP-076 @observed
  Rule: The info lists the filters that are enabled, in one order
    A disabled one is left out; those of plugins come after.
    Sources: docs/observed/http.md#info; docs/observed/filters.md#filters-that-are-off; fixtures/recordings/rest/rest_basics.json

    @LL-HTTP-076.a @needs-filter-volume @needs-filter-equalizer @needs-filter-karaoke @needs-filter-timescale @needs-filter-tremolo @needs-filter-vibrato @needs-filter-distortion @needs-filter-rotation @needs-filter-channelMix @needs-filter-lowPass
    Scenario Outline: <filter> has the place <place> when all are enabled
      When the client requests "GET /v4/info"
      Then the answer at "/filters/<place>" is "<filter>"

      Examples:
        | filter     | place |
        | volume     | 0     |
        | equalizer  | 1     |
        | karaoke    | 2     |
        | timescale  | 3     |
        | tremolo    | 4     |
        | vibrato    | 5     |
        | distortion | 6     |
        | rotation   | 7     |
        | channelMix | 8     |
        | lowPass    | 9     |
