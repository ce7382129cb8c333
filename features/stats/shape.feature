Feature: Statistics
  How busy a server is. Clients with several servers choose one by it.

  @LL-STATS-001 @must
  Rule: GET /v4/stats answers players, playingPlayers, uptime, memory and cpu
    All but the loads are integers: counts, milliseconds and bytes.
    Sources: Lavalink docs, api/rest.md "Get Lavalink stats"; Lavalink docs, api/websocket.md "Stats Object"; docs/observed/stats.md#shape; fixtures/recordings/rest/rest_basics.json; document §4.1, §4.2

    @LL-STATS-001.a
    Scenario: The statistics
      When the client requests "GET /v4/stats"
      Then the answer is 200
      And the answer contains:
        """
        {
          "players": "#integer",
          "playingPlayers": "#integer",
          "uptime": "#integer",
          "memory": {"free": "#integer", "used": "#integer", "allocated": "#integer", "reservable": "#integer"},
          "cpu": {"cores": "#integer", "systemLoad": "#number", "lavalinkLoad": "#number"}
        }
        """

  @LL-STATS-002 @must
  Rule: Over REST there are no frameStats
    Frames are counted for a session, and a request has none. Lavalink's documentation has the key
    missing in one place and null in another: both will do.
    Sources: Lavalink docs, api/rest.md "Get Lavalink stats"; Lavalink docs, api/websocket.md "Stats Object"; docs/observed/stats.md#shape; fixtures/recordings/rest/rest_basics.json; document §4.2

    @LL-STATS-002.d
    Scenario: Without a session
      When the client requests "GET /v4/stats"
      Then the answer at "/frameStats" is "#none"

    @LL-STATS-002.e @needs-manual-time @needs-voice @needs-http-source
    Scenario: While a session has some
      Given the clock is 20 seconds past the minute
      And a connected client
      And the player plays in a voice channel "tone-300s.wav"
      And the client receives "stats" within 61 seconds
      And the client receives "stats" within 61 seconds with {"frameStats": "#object"}
      When the client requests "GET /v4/stats"
      Then the answer at "/frameStats" is "#none"

  @LL-STATS-089 @observed
  Rule: frameStats over REST is null, and the key is there
    Sources: docs/observed/stats.md#shape; fixtures/recordings/rest/rest_basics.json; document §4.2

    @LL-STATS-089.a
    Scenario: Without a session
      When the client requests "GET /v4/stats"
      Then the answer at "/frameStats" is null

    @LL-STATS-089.b
    Scenario: While a session is open
      Given a connected client
      And a player
      When the client requests "GET /v4/stats"
      Then the answer at "/frameStats" is null

  @LL-STATS-003 @must
  Rule: Counts are never negative, and no more players play than there are
    A client computes a server's load from them.
    Sources: Lavalink docs, api/websocket.md "Stats Object"; docs/observed/stats.md#counts; document §4.1

    @LL-STATS-003.a @alone
    Scenario: The counts
      When the client requests "GET /v4/stats"
      Then the answer contains {"players": "#range 0..", "playingPlayers": "#range 0.."}
      And the answer at "/players" is remembered as "players"
      And the answer at "/playingPlayers" is "#range 0..${players}"

  @LL-STATS-004 @should
  Rule: A running server uses memory, and says how much in bytes
    Sources: Lavalink docs, api/websocket.md "Memory"; docs/observed/stats.md#shape; fixtures/recordings/rest/rest_basics.json; document §4.1

    @LL-STATS-004.b
    Scenario: More than none
      When the client requests "GET /v4/stats"
      Then the answer contains {"memory": {"used": "#range 1..", "allocated": "#range 1..", "reservable": "#range 1.."}}

  @LL-STATS-091 @observed
  Rule: Used and free memory lie within allocated, allocated within reservable
    allocated is what the process has now, reservable what it may have at most. The documentation gives
    the names only.
    Sources: docs/observed/stats.md#shape; fixtures/recordings/rest/rest_basics.json; document §4.1

    @LL-STATS-091.a
    Scenario Outline: The part "<part>"
      When the client requests "GET /v4/stats"
      And the answer at "/memory/<whole>" is remembered as "whole"
      Then the answer at "/memory/<part>" is "#range 0..${whole}"

      Examples:
        | part      | whole      |
        | used      | allocated  |
        | free      | allocated  |
        | allocated | reservable |

  @LL-STATS-005 @must
  Rule: There is at least one core, and no load is less than 0
    Sources: Lavalink docs, api/websocket.md "CPU"; docs/observed/stats.md#shape; document §4.1, §4.3

    @LL-STATS-005.a
    Scenario: Over REST
      When the client requests "GET /v4/stats"
      Then the answer contains {"cpu": {"cores": "#range 1..", "systemLoad": "#range 0..", "lavalinkLoad": "#range 0.."}}

    @LL-STATS-005.b
    Scenario: Over the socket
      Given a connected client
      Then the client receives "stats" within 65 seconds with {"cpu": {"cores": "#range 1..", "systemLoad": "#range 0..", "lavalinkLoad": "#range 0.."}}

  @LL-STATS-090 @observed
  Rule: Loads are from 0 to 1
    A load is a share of all cores together. The documentation gives an example, and a load average of a
    busy machine is greater than 1.
    Sources: docs/observed/stats.md#shape; document §4.1, §4.3

    @LL-STATS-090.a
    Scenario: Over REST
      When the client requests "GET /v4/stats"
      Then the answer contains {"cpu": {"systemLoad": "#range 0..1", "lavalinkLoad": "#range 0..1"}}

    @LL-STATS-090.b
    Scenario: Over the socket
      Given a connected client
      Then the client receives "stats" within 65 seconds with {"cpu": {"systemLoad": "#range 0..1", "lavalinkLoad": "#range 0..1"}}

    @LL-STATS-090.c @slow
    Scenario: When they have been measured again
      Given a connected client
      And the client requests "GET /v4/stats"
      And 31 seconds pass
      When the client requests "GET /v4/stats"
      Then the answer at "/cpu/systemLoad" is "#range 0..1"
      And the answer at "/cpu/lavalinkLoad" is "#range 0..1"

  @LL-STATS-006 @observed
  Rule: The loads are measured every 30 seconds at most
    Two reads shortly after each other are equal.
    Sources: docs/observed/stats.md#shape; fixtures/recordings/rest/rest_basics.json; fixtures/recordings/rest/stats_cadence.json; document §4.3, §5.7

    @LL-STATS-006.a
    Scenario: Two reads
      When the client requests "GET /v4/stats"
      And the answer at "/cpu" is remembered as "cpu"
      And the client requests "GET /v4/stats"
      Then the answer contains {"cpu": ${cpu}}

    @LL-STATS-006.b
    Scenario: Two sessions
      Given a connected client
      And the client receives "stats" within 65 seconds
      And the message at "/cpu" is remembered as "cpu"
      When client "B" connects
      Then client "B" receives "stats" within 65 seconds with {"cpu": ${cpu}}

  @LL-STATS-007 @must
  Rule: uptime counts the milliseconds since the server began
    It grows as long as the server lives; a client sees by it that a server was restarted.
    Sources: Lavalink docs, api/websocket.md "Stats Object"; docs/observed/stats.md#shape; fixtures/recordings/rest/rest_basics.json; document §4.1

    @LL-STATS-007.a
    Scenario: It grows
      When the client requests "GET /v4/stats"
      And the answer at "/uptime" is remembered as "before"
      And 0.1 seconds pass
      And the client requests "GET /v4/stats"
      Then the answer at "/uptime" is "#range ${before}.."
      And the answer at "/uptime" is "#not ${before}"

    @LL-STATS-007.b
    Scenario: It is the server's, not the session's
      When 0.1 seconds pass
      And the client requests "GET /v4/stats"
      And the answer at "/uptime" is remembered as "before"
      And a client connects
      Then the client receives "stats" within 65 seconds with {"uptime": "#range ${before}.."}

  @LL-STATS-008 @observed
  Rule: Free and used memory together are allocated
    So it is for the heap of a JVM; a server without one may mean memory differently.
    Sources: docs/observed/stats.md#shape; fixtures/recordings/rest/rest_basics.json; document §4.1

    @LL-STATS-008.a
    Scenario: The sum
      When the client requests "GET /v4/stats"
      And the answer at "/memory/used" is remembered as "used"
      And the answer at "/memory/free" is remembered as "free"
      Then the answer at "/memory/allocated" is ${used} plus ${free}
