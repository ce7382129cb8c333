@profile-filters-disabled
Feature: Filters that the configuration switches off
  A host can switch filters off (lavalink.server.filters). Here equalizer, karaoke and timescale
  are, and all others are on.

  @LL-FILTERS-020 @must
  Rule: A body that names a filter that is off is refused, and nothing of it is applied
    Sources: docs/observed/filters.md#filters-that-are-off; document §1.7.6

    @LL-FILTERS-020.a
    Scenario Outline: Whatever it is set to
      Given a connected client
      When the client updates the player with {"volume": 40, "filters": {"<filter>": <value>}}
      Then the answer is 400 "Following filters are disabled in the config: <filter>"
      And the player does not exist

      Examples:
        | key       | filter    | value                        |
        | karaoke   | karaoke   | {"level": 0.5}               |
        | timescale | timescale | {"speed": 1.5}               |
        | equalizer | equalizer | [{"band": 0, "gain": 0.25}]  |
        | defaults  | karaoke   | {}                           |
        | no-bands  | equalizer | []                           |
        | null      | karaoke   | null                         |

    @LL-FILTERS-020.b @twin @needs-filter-tremolo
    Scenario: A filter that is on is taken
      Given a connected client
      When the client updates the player with {"volume": 40, "filters": {"tremolo": {}}}
      Then the answer is 200
      And the answer contains {"volume": 40, "filters": {"tremolo": {"frequency": 2.0, "depth": 0.5}}}

    @LL-FILTERS-020.c @needs-filter-volume
    Scenario: What the player had before stays
      Given a connected client
      And the client updates the player with {"volume": 70, "filters": {"volume": 0.5}}
      When the client updates the player with {"volume": 40, "filters": {"volume": 0.9, "karaoke": {}}}
      Then the answer is 400 "Following filters are disabled in the config: karaoke"
      And the player contains {"volume": 70, "filters": {"volume": 0.5, "karaoke": "#absent"}}

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
    Sources: docs/observed/filters.md#filters-that-are-off; docs/observed/http.md#info

    @LL-FILTERS-023.a
    Scenario: Seven are left
      When the client requests "GET /v4/info"
      Then the answer is 200
      And the answer at "/filters" is ["volume", "tremolo", "vibrato", "distortion", "rotation", "channelMix", "lowPass"]
