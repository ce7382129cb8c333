Feature: Filters as they are decoded
  Notations that a Kotlin server takes and refuses, where JSON libraries differ.

  @LL-FILTERS-015 @observed
  Rule: A band index is a whole number in any notation that Kotlin reads
    Sources: docs/observed/filters.md#decoding-of-filters

    @LL-FILTERS-015.a @needs-filter-equalizer
    Scenario Outline: Taken: <case>
      Given a connected client
      When the client updates the player with {"filters": {"equalizer": [{"band": <written>, "gain": 0.1}]}}
      Then the answer is 200
      And the answer at "/filters/equalizer/0/band" is <value>

      Examples:
        | case              | written | value |
        | text              | "1"     | 1     |
        | leading zero      | 01      | 1     |
        | exponent          | 1e1     | 10    |
        | zero exponent     | 1e0     | 1     |
        | negative exponent | 10e-1   | 1     |
        | negative zero     | -0      | 0     |

    @LL-FILTERS-015.b @needs-filter-equalizer
    Scenario Outline: Refused: <case>
      Given a connected client
      When the client updates the player with {"filters": {"equalizer": [{"band": <written>, "gain": 0.1}]}}
      Then the answer is 400 "Bad Request"

      Examples:
        | case    | written    |
        | plus    | +1         |
        | too big | 2147483648 |
        | boolean | true       |
        | float   | 1.0        |
        | null    | null       |

  @LL-FILTERS-016 @observed
  Rule: A number has to be finite in the precision of its field
    Single for most, double for timescale and rotation.
    Sources: docs/observed/filters.md#decoding-of-filters

    @LL-FILTERS-016.a
    Scenario Outline: Refused: <case>
      Given a connected client
      When the client updates the player with {"filters": {<filter>}}
      Then the answer is 400 "Bad Request"

      @needs-filter-volume
      Examples:
        | case            | filter                                |
        | NaN             | "volume": NaN                         |
        | infinity        | "volume": Infinity                    |
        | beyond single   | "volume": 3.40282357e38               |
        | volume too big  | "volume": 1e39                        |
        | NaN in quotes   | "volume": "NaN"                       |

      @needs-filter-tremolo
      Examples:
        | case            | filter                                |
        | field too big   | "tremolo": {"depth": 1e39}            |

      @needs-filter-timescale
      Examples:
        | case            | filter                                |
        | beyond double   | "timescale": {"speed": 1e400}         |

      @needs-filter-rotation
      Examples:
        | case            | filter                                |
        | rotation beyond | "rotation": {"rotationHz": "Infinity"} |

    @LL-FILTERS-016.b @needs-filter-rotation @odd-input
    Scenario: A double takes what a single does not
      Given a connected client
      When the client updates the player with {"filters": {"rotation": {"rotationHz": 1e39}}}
      Then the answer is 200
      And the answer at "/filters/rotation/rotationHz" is 1e39

  @LL-FILTERS-017 @observed
  Rule: Of a filter that stands twice the last one counts
    Sources: docs/observed/filters.md#decoding-of-filters

    @LL-FILTERS-017.a @needs-filter-tremolo
    Scenario: Two tremolos
      Given a connected client
      When the client updates the player with {"filters": {"tremolo": {"depth": 0.1}, "tremolo": {"depth": 0.2}}}
      Then the answer is 200
      And the answer at "/filters/tremolo/depth" is 0.2

  @LL-FILTERS-018 @observed
  Rule: A band that does not exist keeps the track of the same body from starting
    Filters come before the track.
    Sources: docs/observed/filters.md#bands-that-do-not-exist; docs/observed/players.md#the-order-of-one-update

    @LL-FILTERS-018.a @needs-http-source @needs-filter-equalizer
    Scenario: Nothing starts
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "filters": {"equalizer": [{"band": 15}]}}
      Then the answer is an error 500
      And no "event" follows
      And the player contains {"track": null}

    @LL-FILTERS-018.b @twin @needs-http-source @needs-filter-equalizer
    Scenario: The valid twin
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "filters": {"equalizer": [{"band": 14}]}}
      Then the answer is 200
      And the client receives "TrackStartEvent"

  @LL-FILTERS-140 @observed
  Rule: A number in quotes may be hexadecimal with a power of two, and may end with the letter of a type
    That is what Java reads.
    Sources: docs/observed/filters.md#decoding-of-filters

    @LL-FILTERS-140.a @needs-filter-volume
    Scenario Outline: Taken: <case>
      Given a connected client
      When the client updates the player with {"filters": {"volume": <written>}}
      Then the answer is 200
      And the answer at "/filters/volume" is <value>

      Examples:
        | case           | written     | value  |
        | power          | "0x1p-1"    | 0.5    |
        | fraction       | "0x1.8p1"   | 3      |
        | second digit   | "0x.08p1"   | 0.0625 |
        | capitals       | "0X1P+2"    | 4      |
        | digits         | "0x1Fp0"    | 31     |
        | minus          | "-0x1p-1"   | -0.5   |
        | plus           | "+0x1p1"    | 2      |
        | no quotes      | 0x1p1       | 2      |
        | tiny           | "0x1p-3000" | 0      |
        | f after power  | "0x1p0f"    | 1      |
        | D after power  | "0x1p0D"    | 1      |
        | f              | "2f"        | 2      |
        | F              | "2F"        | 2      |
        | d              | "2d"        | 2      |
        | D              | "2D"        | 2      |

    @LL-FILTERS-140.b @needs-filter-volume
    Scenario Outline: Refused: <case>
      Given a connected client
      When the client updates the player with {"filters": {"volume": <written>}}
      Then the answer is 400 "Bad Request"

      Examples:
        | case            | written   |
        | no power        | "0x1.8"   |
        | f as a digit    | "0x1f"    |
        | no digit        | "0xp1"    |
        | only a point    | "0x.p1"   |
        | no hexadecimal  | "0xgp0"   |
        | in the fraction | "0x1.gp0" |
        | no whole power  | "0x1px"   |
        | two letters     | "1ff"     |
        | only a letter   | "f"       |
        | inner space     | "1 f"     |
        | inf             | "inf"     |
        | nan             | "nan"     |
