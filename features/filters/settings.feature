Feature: Filters as they are set and shown
  Which bodies are taken, what is filled in, and what a player shows. Their sound is another matter.

  @LL-FILTERS-001 @must
  Rule: A filter that is there is shown with what it was given, and defaults for what was left out
    The documentation lets a server leave out what has its default.
    Sources: Lavalink docs, api/rest.md "Filters"; Lavalink protocol, filters.kt "Filters"; docs/observed/filters.md#how-filters-are-shown; document §1.7.1

    @LL-FILTERS-001.a
    Scenario Outline: Defaults of <filter>
      Given a connected client
      When the client updates the player with {"filters": {"<filter>": {}}}
      Then the answer is 200
      And the answer contains {"filters": {"<filter>": <defaults>}}

      @needs-filter-karaoke
      Examples:
        | filter     | defaults                                                                                                                                         |
        | karaoke    | {"level": "#none or 1", "monoLevel": "#none or 1", "filterBand": "#none or 220", "filterWidth": "#none or 100"} |

      @needs-filter-timescale
      Examples:
        | filter     | defaults                                                                                                                                         |
        | timescale  | {"speed": "#none or 1", "pitch": "#none or 1", "rate": "#none or 1"} |

      @needs-filter-tremolo
      Examples:
        | filter     | defaults                                                                                                                                         |
        | tremolo    | {"frequency": "#none or 2", "depth": "#none or 0.5"} |

      @needs-filter-vibrato
      Examples:
        | filter     | defaults                                                                                                                                         |
        | vibrato    | {"frequency": "#none or 2", "depth": "#none or 0.5"} |

      @needs-filter-distortion
      Examples:
        | filter     | defaults                                                                                                                                         |
        | distortion | {"sinOffset": "#none or 0", "sinScale": "#none or 1", "cosOffset": "#none or 0", "cosScale": "#none or 1", "tanOffset": "#none or 0", "tanScale": "#none or 1", "offset": "#none or 0", "scale": "#none or 1"} |

      @needs-filter-rotation
      Examples:
        | filter     | defaults                                                                                                                                         |
        | rotation   | {"rotationHz": "#none or 0"} |

      @needs-filter-channelMix
      Examples:
        | filter     | defaults                                                                                                                                         |
        | channelMix | {"leftToLeft": "#none or 1", "leftToRight": "#none or 0", "rightToLeft": "#none or 0", "rightToRight": "#none or 1"} |

      @needs-filter-lowPass
      Examples:
        | filter     | defaults                                                                                                                                         |
        | lowPass    | {"smoothing": "#none or 20"} |

    @LL-FILTERS-001.b
    Scenario Outline: A part of <filter> is given
      Given a connected client
      When the client updates the player with {"filters": {"<filter>": <given>}}
      Then the answer contains {"filters": {"<filter>": <shown>}}

      @needs-filter-karaoke
      Examples:
        | filter     | given                  | shown                                              |
        | karaoke    | {"level": 0.5} | {"level": 0.5, "monoLevel": "#none or 1", "filterBand": "#none or 220"} |

      @needs-filter-timescale
      Examples:
        | filter     | given                  | shown                                              |
        | timescale  | {"speed": 1.25} | {"speed": 1.25, "pitch": "#none or 1", "rate": "#none or 1"} |

      @needs-filter-tremolo
      Examples:
        | filter     | given                  | shown                                              |
        | tremolo    | {"depth": 0.25} | {"frequency": "#none or 2", "depth": 0.25} |

      @needs-filter-channelMix
      Examples:
        | filter     | given                  | shown                                              |
        | channelMix | {"leftToRight": 1} | {"leftToLeft": "#none or 1", "leftToRight": 1} |

  @LL-FILTERS-002 @must
  Rule: Volume is a number and is shown as it was given
    Sources: Lavalink docs, api/rest.md "Filters"; docs/observed/filters.md#how-filters-are-shown

    @LL-FILTERS-002.a @needs-filter-volume
    Scenario Outline: <value>
      Given a connected client
      When the client updates the player with {"filters": {"volume": <value>}}
      Then the answer is 200
      And the answer at "/filters/volume" is <value>

      Examples:
        | value |
        | 0.5   |
        | 1     |
        | 5     |

  @LL-FILTERS-003 @must
  Rule: The equalizer is an array of bands, shown as it was given
    The document calls the field bands; it is a plain array.
    Sources: Lavalink docs, api/rest.md "Equalizer"; docs/observed/filters.md#how-filters-are-shown; document §1.7.1

    @LL-FILTERS-003.a @needs-filter-equalizer
    Scenario: Two bands
      Given a connected client
      When the client updates the player with {"filters": {"equalizer": [{"band": 0, "gain": -0.25}, {"band": 14, "gain": 0.25}]}}
      Then the answer is 200
      And the answer at "/filters/equalizer" is [{"band": 0, "gain": -0.25}, {"band": 14, "gain": 0.25}]

  @LL-FILTERS-004 @observed
  Rule: The gain of a band is 1 when it is left out
    Sources: docs/observed/filters.md#how-filters-are-shown

    @LL-FILTERS-004.a @needs-filter-equalizer
    Scenario: Only the band is given
      Given a connected client
      When the client updates the player with {"filters": {"equalizer": [{"band": 3}]}}
      Then the answer at "/filters/equalizer" is [{"band": 3, "gain": 1}]

  @LL-FILTERS-005 @observed
  Rule: A band outside 0 to 14 is an internal error, and the old filters stay
    What precedes the filters in the body has been applied by then.
    Sources: docs/observed/filters.md#bands-that-do-not-exist; docs/observed/players.md#the-order-of-one-update

    @LL-FILTERS-005.a @needs-filter-equalizer @needs-filter-tremolo
    Scenario Outline: Band <band>
      Given a connected client
      And the client updates the player with {"filters": {"tremolo": {}}}
      When the client updates the player with {"volume": 66, "paused": true, "filters": {"equalizer": [{"band": <band>, "gain": 0.1}]}}
      Then the answer is 500 "Request processing failed: java.lang.ArrayIndexOutOfBoundsException: Index <band> out of bounds for length 15"
      And the player contains {"volume": 66, "paused": true}
      And the player contains {"filters": {"tremolo": {"depth": 0.5}, "equalizer": "#absent"}}

      Examples:
        | band       |
        | 15         |
        | -1         |
        | 2147483647 |

    @LL-FILTERS-005.b @twin @needs-filter-equalizer
    Scenario Outline: The valid twin, band <band>
      Given a connected client
      When the client updates the player with {"filters": {"equalizer": [{"band": <band>, "gain": 0.1}]}}
      Then the answer is 200

      Examples:
        | band |
        | 0    |
        | 14   |

  @LL-FILTERS-006 @observed
  Rule: Values are not checked against a range
    A value that no filter can use fails when audio is made, not when it is set.
    The document gives ranges for gain, frequency and depth; the real server takes any number.
    Sources: docs/observed/filters.md#decoding-of-filters; document §1.7.3

    @LL-FILTERS-006.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with {"filters": {<filter>}}
      Then the answer is 200
      And the answer at "/filters<path>" is <value>

      @needs-filter-volume
      Examples:
        | case               | filter                                     | path                | value |
        | loud               | "volume": 6                                | /volume             | 6     |
        | negative volume    | "volume": -1                               | /volume             | -1    |

      @needs-filter-timescale
      Examples:
        | case               | filter                                     | path                | value |
        | no speed           | "timescale": {"speed": 0}                  | /timescale/speed    | 0     |

      @needs-filter-tremolo
      Examples:
        | case               | filter                                     | path                | value |
        | too deep           | "tremolo": {"depth": 2}                    | /tremolo/depth      | 2     |

      @needs-filter-vibrato
      Examples:
        | case               | filter                                     | path                | value |
        | no depth           | "vibrato": {"depth": 0}                    | /vibrato/depth      | 0     |
        | too fast           | "vibrato": {"frequency": 1000}             | /vibrato/frequency  | 1000  |

      @needs-filter-lowPass
      Examples:
        | case               | filter                                     | path                | value |
        | no smoothing       | "lowPass": {"smoothing": 0}                | /lowPass/smoothing  | 0     |

      @needs-filter-equalizer
      Examples:
        | case               | filter                                     | path                | value |
        | great gain         | "equalizer": [{"band": 0, "gain": 5}]      | /equalizer/0/gain   | 5     |
        | negative gain      | "equalizer": [{"band": 0, "gain": -5}]     | /equalizer/0/gain   | -5    |

      @needs-filter-rotation
      Examples:
        | case               | filter                                     | path                | value |
        | backwards rotation | "rotation": {"rotationHz": -3}             | /rotation/rotationHz | -3   |

  @LL-FILTERS-007 @must
  Rule: A null filter is one that is not there
    Sources: Lavalink protocol, filters.kt "Filters"; docs/observed/filters.md#decoding-of-filters

    @LL-FILTERS-007.a
    Scenario Outline: <filter>
      Given a connected client
      When the client updates the player with {"filters": {"<filter>": null}}
      Then the answer is 200
      And the answer contains {"filters": {"<filter>": "#none"}}

      @needs-filter-karaoke
      Examples:
        | filter     |
        | karaoke    |

      @needs-filter-timescale
      Examples:
        | filter     |
        | timescale  |

      @needs-filter-tremolo
      Examples:
        | filter     |
        | tremolo    |

      @needs-filter-vibrato
      Examples:
        | filter     |
        | vibrato    |

      @needs-filter-distortion
      Examples:
        | filter     |
        | distortion |

      @needs-filter-rotation
      Examples:
        | filter     |
        | rotation   |

      @needs-filter-channelMix
      Examples:
        | filter     |
        | channelMix |

      @needs-filter-lowPass
      Examples:
        | filter     |
        | lowPass    |

  @LL-FILTERS-128 @observed
  Rule: Volume and equalizer cannot be null
    They are no objects.
    Sources: Lavalink protocol, filters.kt "Filters"; docs/observed/filters.md#decoding-of-filters

    @LL-FILTERS-128.a
    Scenario Outline: Refused: <filter>
      Given a connected client
      When the client updates the player with {"filters": {"<filter>": null}}
      Then the answer is a refusal

      @needs-filter-volume
      Examples:
        | filter    |
        | volume    |

      @needs-filter-equalizer
      Examples:
        | filter    |
        | equalizer |

  @LL-FILTERS-008 @observed
  Rule: A filter of another shape is refused, and nothing of the body is applied
    Sources: Lavalink docs, api/rest.md "Filters"; docs/observed/filters.md#decoding-of-filters

    @LL-FILTERS-008.a
    Scenario Outline: <case>
      Given a connected client
      And the client updates the player with {"volume": 30}
      When the client updates the player with {"volume": 9, "filters": <filters>}
      Then the answer is a refusal
      And the player contains {"volume": 30}

      Examples:
        | case              | filters                                       |
        | filters null      | null                                          |
        | filters array     | []                                            |
        | filters text      | "x"                                           |
        | filters number    | 1                                             |
        | plugins null      | {"pluginFilters": null}                       |
        | plugins array     | {"pluginFilters": []}                         |

      @needs-filter-volume
      Examples:
        | case              | filters                                       |
        | volume object     | {"volume": {}}                                |
        | volume array      | {"volume": []}                                |
        | volume boolean    | {"volume": true}                              |
        | volume word       | {"volume": "x"}                               |

      @needs-filter-equalizer
      Examples:
        | case              | filters                                       |
        | equalizer object  | {"equalizer": {}}                             |
        | band null         | {"equalizer": [null]}                         |
        | band empty        | {"equalizer": [{}]}                           |
        | band left out     | {"equalizer": [{"gain": 1}]}                  |
        | band fraction     | {"equalizer": [{"band": 1.5}]}                |
        | gain null         | {"equalizer": [{"band": 1, "gain": null}]}    |

      @needs-filter-karaoke
      Examples:
        | case              | filters                                       |
        | karaoke array     | {"karaoke": []}                               |
        | karaoke text      | {"karaoke": "x"}                              |
        | karaoke number    | {"karaoke": 1}                                |

      @needs-filter-tremolo
      Examples:
        | case              | filters                                       |
        | field null        | {"tremolo": {"depth": null}}                  |
        | field boolean     | {"tremolo": {"depth": true}}                  |

    @LL-FILTERS-008.b @twin @needs-filter-volume @needs-filter-equalizer @needs-filter-karaoke @needs-filter-tremolo
    Scenario: The valid twin
      Given a connected client
      When the client updates the player with {"volume": 9, "filters": {"volume": 1, "equalizer": [{"band": 1, "gain": 1}], "karaoke": {}, "tremolo": {"depth": 1}, "pluginFilters": {}}}
      Then the answer is 200
      And the player contains {"volume": 9}

  @LL-FILTERS-009 @observed
  Rule: A number may be written as text, in any notation that Java reads
    Sources: docs/observed/filters.md#decoding-of-filters; docs/observed/http.md#numbers-and-booleans

    @LL-FILTERS-009.a @needs-filter-volume
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with {"filters": {"volume": <written>}}
      Then the answer is 200
      And the answer at "/filters/volume" is <value>

      Examples:
        | case   | written  | value |
        | text   | "1.5"    | 1.5   |
        | spaces | " 2 "    | 2     |
        | plus   | "+1"     | 1     |
        | suffix | "1f"     | 1     |
        | zero   | 01       | 1     |
        | bare   | .5       | 0.5   |
        | tiny   | 1e-50    | 0     |

    @LL-FILTERS-009.b @needs-filter-volume
    Scenario Outline: Refused: <case>
      Given a connected client
      When the client updates the player with {"filters": {"volume": <written>}}
      Then the answer is 400 "Bad Request"

      Examples:
        | case       | written |
        | hexadecimal | 0x10    |
        | underscore | 1_0     |
        | open       | 1e      |
        | empty      | ""      |

  @LL-FILTERS-010 @should
  Rule: Unknown names and fields are ignored
    Names are matched with their case.
    Sources: docs/observed/filters.md#decoding-of-filters

    @LL-FILTERS-010.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with {"filters": <filters>}
      Then the answer is 200
      And the answer contains {"filters": <shown>}

      Examples:
        | case          | filters                                       | shown                                  |
        | unknown name  | {"no-such-filter": {"x": 1}}                  | {"no-such-filter": "#absent"}          |
        | plugins       | {"pluginFilters": {"some-plugin": {"x": 1}}}  | {"some-plugin": "#absent"}             |

      @needs-filter-rotation
      Examples:
        | case          | filters                                       | shown                                  |
        | unknown field | {"rotation": {"bogus": [1], "rotationHz": 1}} | {"rotation": {"rotationHz": 1}}        |

      @needs-filter-volume
      Examples:
        | case          | filters                                       | shown                                  |
        | other case    | {"Volume": 0.5}                               | {"Volume": "#absent", "volume": "#none or 1"} |

  @LL-FILTERS-013 @observed
  Rule: The bands of an equalizer are not merged, sorted or filled in
    Sources: docs/observed/filters.md#how-filters-are-shown

    @LL-FILTERS-013.a @needs-filter-equalizer
    Scenario: Order and duplicates are kept
      Given a connected client
      When the client updates the player with {"filters": {"equalizer": [{"band": 14, "gain": 0.25}, {"band": 0, "gain": -0.25}, {"band": 14, "gain": 0.5}]}}
      Then the answer is 200
      And the answer at "/filters/equalizer" is [{"band": 14, "gain": 0.25}, {"band": 0, "gain": -0.25}, {"band": 14, "gain": 0.5}]

    @LL-FILTERS-013.b @needs-filter-equalizer
    Scenario: An empty array stays one
      Given a connected client
      When the client updates the player with {"filters": {"equalizer": []}}
      Then the answer at "/filters" is {"equalizer": []}

  @LL-FILTERS-011 @observed
  Rule: Filters show themselves with the digits they were given
    Single precision for all but timescale and rotation.
    Sources: docs/observed/filters.md#how-filters-are-shown

    @LL-FILTERS-011.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with {"filters": {<filter>}}
      Then the answer at "/filters<path>" is <shown>

      @needs-filter-tremolo
      Examples:
        | case   | filter                                      | path              | shown           |
        | single | "tremolo": {"depth": 0.1234567890123}       | /tremolo/depth    | 0.12345679      |
        | short  | "tremolo": {"depth": 0.1}                   | /tremolo/depth    | 0.1             |

      @needs-filter-timescale
      Examples:
        | case   | filter                                      | path              | shown           |
        | double | "timescale": {"speed": 0.1234567890123}     | /timescale/speed  | 0.1234567890123 |

  @LL-FILTERS-012 @observed
  Rule: A filter that is there is shown with all its fields
    Those that were left out too.
    Sources: docs/observed/filters.md#how-filters-are-shown; document §1.7.1

    @LL-FILTERS-012.a
    Scenario Outline: Defaults of <filter>
      Given a connected client
      When the client updates the player with {"filters": {"<filter>": {}}}
      Then the answer is 200
      And the answer at "/filters" is {"<filter>": <defaults>}

      @needs-filter-karaoke
      Examples:
        | filter     | defaults                                                                                                                                         |
        | karaoke    | {"level": 1, "monoLevel": 1, "filterBand": 220, "filterWidth": 100}                                                                                |

      @needs-filter-timescale
      Examples:
        | filter     | defaults                                                                                                                                         |
        | timescale  | {"speed": 1, "pitch": 1, "rate": 1}                                                                                                                |

      @needs-filter-tremolo
      Examples:
        | filter     | defaults                                                                                                                                         |
        | tremolo    | {"frequency": 2, "depth": 0.5}                                                                                                                     |

      @needs-filter-vibrato
      Examples:
        | filter     | defaults                                                                                                                                         |
        | vibrato    | {"frequency": 2, "depth": 0.5}                                                                                                                     |

      @needs-filter-distortion
      Examples:
        | filter     | defaults                                                                                                                                         |
        | distortion | {"sinOffset": 0, "sinScale": 1, "cosOffset": 0, "cosScale": 1, "tanOffset": 0, "tanScale": 1, "offset": 0, "scale": 1}                              |

      @needs-filter-rotation
      Examples:
        | filter     | defaults                                                                                                                                         |
        | rotation   | {"rotationHz": 0}                                                                                                                                  |

      @needs-filter-channelMix
      Examples:
        | filter     | defaults                                                                                                                                         |
        | channelMix | {"leftToLeft": 1, "leftToRight": 0, "rightToLeft": 0, "rightToRight": 1}                                                                            |

      @needs-filter-lowPass
      Examples:
        | filter     | defaults                                                                                                                                         |
        | lowPass    | {"smoothing": 20}                                                                                                                                  |

    @LL-FILTERS-012.b
    Scenario Outline: A part of <filter> is given
      Given a connected client
      When the client updates the player with {"filters": {"<filter>": <given>}}
      Then the answer contains {"filters": {"<filter>": <shown>}}

      @needs-filter-karaoke
      Examples:
        | filter     | given                  | shown                                              |
        | karaoke    | {"level": 0.5}         | {"level": 0.5, "monoLevel": 1, "filterBand": 220}   |

      @needs-filter-timescale
      Examples:
        | filter     | given                  | shown                                              |
        | timescale  | {"speed": 1.25}        | {"speed": 1.25, "pitch": 1, "rate": 1}              |

      @needs-filter-tremolo
      Examples:
        | filter     | given                  | shown                                              |
        | tremolo    | {"depth": 0.25}        | {"frequency": 2, "depth": 0.25}                     |

      @needs-filter-channelMix
      Examples:
        | filter     | given                  | shown                                              |
        | channelMix | {"leftToRight": 1}     | {"leftToLeft": 1, "leftToRight": 1}                 |
