Feature: Metrics for Prometheus
  Off unless the configuration switches them on (metrics.prometheus), then at
  the path that it names. Those who watch a server chart what clients see.

  @LL-STATS-080 @observed
  Rule: Ten gauges tell what the statistics tell
    Others may stand beside them, such as those of a JVM; none stands twice.
    Sources: docs/observed/stats.md#metrics; document §4.7

    @LL-STATS-080.a @profile-metrics-on
    Scenario: Names and types
      When the client requests "GET /metrics"
      Then the answer is 200
      And the metrics have these types:
        | metric                                | type  |
        | lavalink_players_total                | gauge |
        | lavalink_playing_players_total        | gauge |
        | lavalink_uptime_milliseconds          | gauge |
        | lavalink_memory_free_bytes            | gauge |
        | lavalink_memory_used_bytes            | gauge |
        | lavalink_memory_allocated_bytes       | gauge |
        | lavalink_memory_reservable_bytes      | gauge |
        | lavalink_cpu_cores                    | gauge |
        | lavalink_cpu_system_load_percentage   | gauge |
        | lavalink_cpu_lavalink_load_percentage | gauge |

  @LL-STATS-081 @observed
  Rule: The help texts say what is counted
    The document gives them without the full stops.
    Sources: docs/observed/stats.md#metrics; document §4.7

    @LL-STATS-081.a @profile-metrics-on
    Scenario: Help texts
      When the client requests "GET /metrics"
      Then the metrics have these help texts:
        | metric                                | help                                       |
        | lavalink_players_total                | Total number of players connected.         |
        | lavalink_playing_players_total        | Number of players currently playing audio. |
        | lavalink_uptime_milliseconds          | Uptime of the node in milliseconds.        |
        | lavalink_memory_free_bytes            | Memory statistics in bytes. (Free)         |
        | lavalink_memory_used_bytes            | Memory statistics in bytes. (Used)         |
        | lavalink_memory_allocated_bytes       | Memory statistics in bytes. (Allocated)    |
        | lavalink_memory_reservable_bytes      | Memory statistics in bytes. (Reservable)   |
        | lavalink_cpu_cores                    | CPU statistics. (Cores)                    |
        | lavalink_cpu_system_load_percentage   | CPU statistics. (System Load)              |
        | lavalink_cpu_lavalink_load_percentage | CPU statistics. (LL Load)                  |

  @LL-STATS-082 @should
  Rule: They are plain text with the version of the format
    Prometheus 3 refuses a page without a media type that it knows.
    Sources: Prometheus docs, instrumenting/exposition_formats "Basic info"; docs/observed/stats.md#metrics; fixtures/recordings/rest/rest_auth.json

    @LL-STATS-082.a @profile-metrics-on
    Scenario: The media type
      When the client requests "GET /metrics"
      Then the answer's header "Content-Type" is like "text/plain; ?version=0\.0\.4(; ?charset=utf-8)?"

  @LL-STATS-083 @observed
  Rule: Nobody is asked for the password
    It is the only path without authorization.
    Sources: docs/observed/stats.md#metrics; fixtures/recordings/rest/rest_auth.json

    @LL-STATS-083.a @profile-metrics-on
    Scenario Outline: Authorization "<case>"
      Given the next request has headers:
        | header        | value   |
        | Authorization | <value> |
      When the client requests "GET /metrics"
      Then the answer is 200
      And the metric "lavalink_cpu_cores" is "#range 1.."

      Examples:
        | case  | value                |
        | none  | (absent)             |
        | wrong | thisisnotthepassword |

  @LL-STATS-084 @observed
  Rule: Counts and uptime are those of GET /v4/stats
    Sources: docs/observed/stats.md#metrics; document §4.7

    @LL-STATS-084.a @profile-metrics-on @alone @needs-http-source
    Scenario: A player that plays and one that does not
      Given a connected client
      And a playing track "tone-30s.wav"
      And a player "2"
      And 1 seconds pass
      When the client requests "GET /v4/stats"
      And the answer at "/players" is remembered as "players"
      And the answer at "/playingPlayers" is remembered as "playing"
      And the answer at "/uptime" is remembered as "uptime"
      And the client requests "GET /metrics"
      Then the metric "lavalink_players_total" is ${players}
      And the metric "lavalink_playing_players_total" is ${playing}
      And the metric "lavalink_uptime_milliseconds" is "#range ${uptime}.."

  @LL-STATS-085 @observed
  Rule: Loads are those of GET /v4/stats, from 0 to 1 in spite of their names
    One measurement is told to all for 30 seconds.
    Sources: docs/observed/stats.md#metrics; docs/observed/stats.md#shape; document §4.7, §5.7

    @LL-STATS-085.a @profile-metrics-on
    Scenario: Processor and memory
      When the client requests "GET /v4/stats"
      And the answer at "/cpu/cores" is remembered as "cores"
      And the answer at "/cpu/systemLoad" is remembered as "system"
      And the answer at "/cpu/lavalinkLoad" is remembered as "process"
      And the answer at "/memory/reservable" is remembered as "reservable"
      And the client requests "GET /metrics"
      Then the metric "lavalink_cpu_cores" is ${cores}
      And the metric "lavalink_cpu_system_load_percentage" is ${system}
      And the metric "lavalink_cpu_lavalink_load_percentage" is ${process}
      And the metric "lavalink_memory_reservable_bytes" is ${reservable}
      And the metric "lavalink_memory_used_bytes" is "#range 1..${reservable}"

  @LL-STATS-086 @observed
  Rule: name[] chooses metrics by their names
    It may be given several times.
    Sources: docs/observed/stats.md#metrics

    @LL-STATS-086.a @profile-metrics-on
    Scenario Outline: "<case>"
      When the client requests "GET /metrics?<query>"
      Then the answer is 200
      And the only metrics are "<names>"

      Examples:
        | case  | query                                                                      | names                                      |
        | one   | name%5B%5D=lavalink_players_total                                          | lavalink_players_total                     |
        | two   | name%5B%5D=lavalink_players_total&name%5B%5D=lavalink_cpu_cores            | lavalink_cpu_cores, lavalink_players_total |
        | other | name%5B%5D=lavalink_nothing                                                |                                            |
        | part  | name%5B%5D=lavalink_players                                                |                                            |

  @LL-STATS-087 @should
  Rule: Without them in the configuration the path is unknown
    They are off by default.
    Sources: Lavalink docs, configuration/config/file.md "Example application.yml"; docs/observed/stats.md#metrics; document §4.7

    @LL-STATS-087.a
    Scenario: Metrics that are switched off
      When the client requests "GET /metrics"
      Then the answer is an error 404

    @LL-STATS-087.b @profile-metrics-on @twin
    Scenario: Metrics that are switched on
      When the client requests "GET /metrics"
      Then the answer is 200

  @LL-STATS-088 @observed
  Rule: Frame statistics are no metric
    They belong to a session, and Prometheus has none.
    Sources: docs/observed/stats.md#metrics; document §4.7

    @LL-STATS-088.a @profile-metrics-on
    Scenario: No name tells of frames
      Given a connected client
      When the client requests "GET /metrics"
      Then no metric is like "lavalink_.*frame.*"
      And the metric "lavalink_cpu_cores" is "#range 1.."

  @LL-STATS-095 @observed
  Rule: An endpoint without a slash at its beginning has one, and needs the password
    Lavalink compares what is written with the path to see who need not give it.
    Sources: docs/observed/stats.md#where-the-metrics-are

    @LL-STATS-095.a @profile-metrics-unslashed
    Scenario: With the password
      When the client requests "GET /made/metrics"
      Then the answer is 200
      And the metric "lavalink_cpu_cores" is "#range 1.."
      When the client requests "GET /metrics"
      Then the answer is 404 "No endpoint GET /metrics."

    @LL-STATS-095.b @profile-metrics-unslashed
    Scenario Outline: Authorization "<case>"
      Given the next request has headers:
        | header        | value   |
        | Authorization | <value> |
      When the client requests "GET /made/metrics"
      Then the answer is <status>
      And the answer is empty

      Examples:
        | case  | value                | status |
        | none  | (absent)             | 401    |
        | wrong | thisisnotthepassword | 403    |

  @LL-STATS-096 @observed
  Rule: An endpoint that is another one's path stays that, and needs no password
    Sources: docs/observed/stats.md#where-the-metrics-are

    @LL-STATS-096.a @profile-metrics-at-stats
    Scenario Outline: Statistics with the authorization "<case>"
      Given the next request has headers:
        | header        | value   |
        | Authorization | <value> |
      When the client requests "GET /v4/stats"
      Then the answer is 200
      And the answer's header "Content-Type" starts with "application/json"
      And the answer contains {"players": 0, "frameStats": null}

      Examples:
        | case  | value                |
        | none  | (absent)             |
        | wrong | thisisnotthepassword |
