@profile-filters-disabled
Feature: Filters that the configuration switches off
  A host can switch filters off (lavalink.server.filters). Here equalizer, karaoke and timescale
  are, and all others are on.

  @LL-FILTERS-020 @should
  Rule: A body that names a filter that is off is refused, and nothing of it is applied
    Sources: docs/observed/filters.md#filters-that-are-off; document §1.7.6

    @LL-FILTERS-020.a
    Scenario Outline: Whatever it is set to
      Given a connected client
      And the client updates the player with {"volume": 70}
      When the client updates the player with {"volume": 40, "filters": {"<filter>": <value>}}
      Then the answer is an error 400
      And the player contains {"volume": 70}

      Examples:
        | key       | filter    | value                        |
        | karaoke   | karaoke   | {"level": 0.5}               |
        | timescale | timescale | {"speed": 1.5}               |
        | equalizer | equalizer | [{"band": 0, "gain": 0.25}]  |
        | defaults  | karaoke   | {}                           |
        | no-bands  | equalizer | []                           |

    @LL-FILTERS-020.b @twin @needs-filter-tremolo
    Scenario: A filter that is on is taken
      Given a connected client
      When the client updates the player with {"volume": 40, "filters": {"tremolo": {"depth": 0.25}}}
      Then the answer is 200
      And the answer contains {"volume": 40, "filters": {"tremolo": {"depth": 0.25}}}

    @LL-FILTERS-020.c @needs-filter-volume
    Scenario: What the player had before stays
      Given a connected client
      And the client updates the player with {"volume": 70, "filters": {"volume": 0.5}}
      When the client updates the player with {"volume": 40, "filters": {"volume": 0.9, "karaoke": {}}}
      Then the answer is an error 400
      And the player contains {"volume": 70, "filters": {"volume": 0.5, "karaoke": "#none"}}

  @LL-FILTERS-021 @observed
  Rule: The message lists all of them, in the order in which filters are declared
    What stands in pluginFilters comes after them, as it was sent, even if it is listed already.
    Sources: docs/observed/filters.md#filters-that-are-off

    @LL-FILTERS-021.a
    Scenario Outline: Whatever the order of the body
      Given a connected client
      When the client updates the player with {"filters": <filters>}
      Then the answer is 400 "Following filters are disabled in the config: <names>"

      Examples:
        | key      | filters                                                        | names                         |
        | one      | {"karaoke": {}}                                                | karaoke                       |
        | null     | {"karaoke": null}                                              | karaoke                       |
        | two      | {"karaoke": {}, "equalizer": []}                               | equalizer, karaoke            |
        | plugin   | {"pluginFilters": {"timescale": {}}}                           | timescale                     |
        | both     | {"pluginFilters": {"karaoke": {}}, "timescale": {}}            | timescale, karaoke            |
        | plugins  | {"pluginFilters": {"timescale": {}, "equalizer": {}}}          | timescale, equalizer          |
        | twice    | {"pluginFilters": {"karaoke": {}}, "karaoke": {}}              | karaoke, karaoke              |

      @needs-filter-lowPass
      Examples:
        | key      | filters                                                        | names                         |
        | three    | {"timescale": {}, "lowPass": {}, "karaoke": {}, "equalizer": []} | equalizer, karaoke, timescale |

  @LL-FILTERS-022 @observed
  Rule: Filters that are off are looked at before bands are
    Sources: docs/observed/filters.md#filters-that-are-off

    @LL-FILTERS-022.a
    Scenario: A band that does not exist, in an equalizer that is off
      Given a connected client
      When the client updates the player with {"filters": {"equalizer": [{"band": 15}]}}
      Then the answer is 400 "Following filters are disabled in the config: equalizer"

    @LL-FILTERS-022.b
    Scenario: A body that does not decode is refused even earlier
      Given a connected client
      When the client updates the player with {"filters": {"karaoke": {"level": "x"}}}
      Then the answer is 400 "Bad Request"

  @LL-FILTERS-023 @must
  Rule: The info leaves out filters that are off
    Sources: Lavalink docs, api/rest.md "Info Response"; docs/observed/filters.md#filters-that-are-off; docs/observed/http.md#info

    @LL-FILTERS-023.a
    Scenario Outline: Without <filter>
      When the client requests "GET /v4/info"
      Then the answer is 200
      And the answer at "/filters" leaves out "<filter>"

      Examples:
        | filter    |
        | equalizer |
        | karaoke   |
        | timescale |

    @LL-FILTERS-023.b @twin @needs-filter-tremolo
    Scenario: One that is on is there
      When the client requests "GET /v4/info"
      Then the answer at "/filters" includes "tremolo"
